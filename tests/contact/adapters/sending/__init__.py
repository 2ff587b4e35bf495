"""Channels that send by themselves."""
