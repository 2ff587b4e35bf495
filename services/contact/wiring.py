"""Composition root of the contact service: the only module that will know every concrete class."""
