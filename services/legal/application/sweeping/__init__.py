"""The end of each day: what time leads to in matters, and warnings of deadlines and of limitation."""
