"""The views of the legal service."""
