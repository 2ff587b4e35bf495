"""Which templates there are, and how each version stands."""
