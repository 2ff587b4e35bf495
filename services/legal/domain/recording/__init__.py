"""Facts of a matter beside its tracks: what each needs to be recorded."""
