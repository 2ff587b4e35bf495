"""Matters as they are shown."""
