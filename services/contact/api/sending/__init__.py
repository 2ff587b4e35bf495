"""Routes of what is sent: what providers tell us by themselves."""
