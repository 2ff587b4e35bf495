"""Dialers over HTTP."""
