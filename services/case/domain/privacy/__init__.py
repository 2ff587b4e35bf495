"""Whose personal data it is, how it is spelt and found, and what is shown of each field by default."""
