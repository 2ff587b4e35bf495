"""What was imported, by whom, and what came of it."""
