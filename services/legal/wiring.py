"""Composition root of the legal service: the only module that will know every concrete class."""
