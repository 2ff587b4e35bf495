"""What a caller is shown of a decision, and of the days to come."""
