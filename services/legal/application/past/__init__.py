"""What happened before go-live, taken in."""
