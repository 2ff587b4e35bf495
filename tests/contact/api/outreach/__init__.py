"""Outreach over HTTP."""
