"""What is left in every cap, and when each channel is open."""
