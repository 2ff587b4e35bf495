"""Views of segments, steps and the signs of accounts."""
