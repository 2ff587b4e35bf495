"""Outreach: strategies, standing and the planner."""
