"""The services: case, contact, legal, and `main`, which alone sees all three.

A service never imports a sibling: they share `shared.contracts` and read each other's feed.
"""
