"""Taking in what happened before go-live."""
