"""Hearing the case service."""
