"""Feeds between services: pulling, de-duplicating, delivering."""
