"""Texts that are filled with values: where variables stand, how values are written, and one spelling for searching."""
