"""Outreach strategies read from files; the shipped one lies here."""
