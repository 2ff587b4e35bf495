"""Templates and scripts over HTTP."""
