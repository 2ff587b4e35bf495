"""Dial lists that were made."""
