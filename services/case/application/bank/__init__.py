"""Taking in files of payments and returns."""
