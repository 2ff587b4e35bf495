"""The closed set of rule kinds: what each asks, in Python; which figures it asks with, in the packs."""
