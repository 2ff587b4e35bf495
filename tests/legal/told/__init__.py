"""The legal service hears case and contact, and they hear it."""
