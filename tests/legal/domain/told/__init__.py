"""What follows from what other services say."""
