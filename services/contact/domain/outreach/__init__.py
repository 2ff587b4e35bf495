"""Outreach: which steps a strategy asks for about a case, and which of them are to be taken now. Pure."""
