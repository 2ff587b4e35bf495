"""What the legal service says of a case, and what follows from it here."""
