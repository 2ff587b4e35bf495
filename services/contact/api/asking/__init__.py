"""Permits, contacts that were made, what stands about a subject, and the registers of both."""
