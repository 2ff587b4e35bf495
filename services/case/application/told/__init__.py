"""The feed of the contact service is heard: what came of contacts, and what was refused, goes onto the case."""
