"""Outreach and its strategies over HTTP."""
