"""Segments, treatment strategy and early warning: which case is worked how, and why."""
