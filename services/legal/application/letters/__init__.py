"""Lawyers' letters: drafted from the case as it stands, printed, and given to the contact service to post."""
