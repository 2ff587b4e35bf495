"""Revisions, oldest first, each a module `r<number>_<what>.py`."""
