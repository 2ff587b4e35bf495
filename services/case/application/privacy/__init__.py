"""Reading personal data: never before the read is on record."""
