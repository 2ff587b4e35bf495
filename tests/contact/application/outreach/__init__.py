"""Outreach at work on a ledger."""
