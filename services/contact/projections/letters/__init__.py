"""Letters that went to the printer."""
