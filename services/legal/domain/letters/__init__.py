"""Lawyers' letters: what they may say, who approves and signs them, and what their delivery proves."""
