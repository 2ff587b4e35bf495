"""The published language: the versioned messages services read from each other's feed."""
