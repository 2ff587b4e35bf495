"""Letters on their way to the printer and what the post says of them."""
