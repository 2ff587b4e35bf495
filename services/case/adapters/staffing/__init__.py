"""Files about the staff."""
