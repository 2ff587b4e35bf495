"""The stories of the demo: what happens to a dozen of the sample's cases in a few months."""
