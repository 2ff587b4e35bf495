"""Matters and their tracks: the board, the court diary, what was claimed and what it cost."""
