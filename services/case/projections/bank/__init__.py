"""What the bank said went back."""
