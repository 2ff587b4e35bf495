"""Limitation over all cases: which debts are in which case, what bears on them, and which expire soon."""
