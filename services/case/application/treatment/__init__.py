"""Publishing strategies, deciding by them, and asking about them."""
