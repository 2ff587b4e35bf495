"""What is asked of limitation."""
