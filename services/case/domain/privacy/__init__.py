"""Whose personal data it is, how it is spelt, masked and found, and how often a person may look at it."""
