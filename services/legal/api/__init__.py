"""The legal service over HTTP: translation only, no rule."""
