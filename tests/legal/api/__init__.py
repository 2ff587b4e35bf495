"""The legal service over HTTP."""
