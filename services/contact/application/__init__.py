"""Loads, decides and appends for contact; reacts to what case and legal say."""
