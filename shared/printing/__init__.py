"""Letters on paper: the same PDF bytes for the same words, whoever writes them."""
