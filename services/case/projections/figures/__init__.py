"""What can be counted, on both clocks, and how each figure is counted from it."""
