"""What happened before go-live."""
