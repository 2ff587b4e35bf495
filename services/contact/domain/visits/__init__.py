"""Visits: agreed beforehand, made by two, recorded."""
