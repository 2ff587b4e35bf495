"""Routes of segments, strategies and early warning."""
