"""The contact service over HTTP."""
