"""What a caller is told beside yes and no: what is left in every cap, and when each channel is open."""
