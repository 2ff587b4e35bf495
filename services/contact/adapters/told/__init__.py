"""The case service as the contact service asks it: who is reached about a case, and how."""
