"""What the views of the contact service answer, and that rebuilding them changes nothing."""
