"""What the legal service records: its events, by topic."""
