"""The case service over HTTP: translation only, no rule."""
