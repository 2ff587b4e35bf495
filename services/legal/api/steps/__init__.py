"""Steps of every track, over HTTP."""
