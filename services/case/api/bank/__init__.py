"""Routes about what the bank said went back."""
