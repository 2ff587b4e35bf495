"""What the case and contact services say, and what follows from it here."""
