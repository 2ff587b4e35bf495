"""Files of dialers: the list they call from, the results they hand back."""
