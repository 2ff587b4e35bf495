"""The seam of the eventsourcing library: its own test cases, unmodified, and what we promise beside them."""
