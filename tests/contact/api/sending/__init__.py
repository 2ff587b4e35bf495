"""Callbacks of providers, over HTTP."""
