"""What the contact service does with its facts."""
