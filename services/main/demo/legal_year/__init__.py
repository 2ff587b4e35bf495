"""A year at law, told: a case from its first reminder to a judgment in force, and a claim that came too late."""
