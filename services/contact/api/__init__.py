"""The contact service over HTTP: translation only, no rule."""
