"""Messages we send."""
