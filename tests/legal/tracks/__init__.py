"""Tracks: every move of every machine, what their guards let through, and what steps prove."""
