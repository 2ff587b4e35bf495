"""Hearing the contact service."""
