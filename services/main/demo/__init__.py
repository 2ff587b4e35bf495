"""The demo: one walk through the product on the bundled sample, each step a command one can repeat."""
