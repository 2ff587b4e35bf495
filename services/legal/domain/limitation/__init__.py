"""The limitation of a claim: what restarts it, on what proof, and whether it still runs."""
