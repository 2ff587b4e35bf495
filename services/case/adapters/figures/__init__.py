"""Figures as files, and files of costs."""
