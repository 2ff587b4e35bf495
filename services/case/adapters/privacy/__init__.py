"""What the views know of parties, for the application."""
