"""Dialers: lists of who may be called at a second, and what came of the calls."""
