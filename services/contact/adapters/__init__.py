"""Channels (message, voice, letter) and the contact service's ledger."""
