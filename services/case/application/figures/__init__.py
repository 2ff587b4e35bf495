"""Costs that are booked and targets that are set."""
