"""What happened before go-live, taken in with its origin; and the runs that take files in."""
