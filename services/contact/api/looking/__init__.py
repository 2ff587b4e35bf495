"""Numbers and addresses over HTTP: masked, and one in clear."""
