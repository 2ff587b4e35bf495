"""Seeing a number or address in clear: on record first, and not often."""
