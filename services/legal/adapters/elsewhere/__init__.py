"""The case service and the contact service as the legal service asks them."""
