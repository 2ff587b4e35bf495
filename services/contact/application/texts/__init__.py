"""Keeping templates and scripts, and making the exact text of a message."""
