"""What the case service says, and what follows from it here."""
