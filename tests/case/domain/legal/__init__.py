"""What the legal service says of a case."""
