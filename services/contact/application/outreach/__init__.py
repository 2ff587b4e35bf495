"""Outreach at work: what the case service said is heard, steps that are due are taken, strategies are published."""
