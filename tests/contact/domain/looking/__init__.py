"""Numbers and addresses: masked, and in clear."""
