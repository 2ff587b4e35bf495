"""At which cases the sweep of the legal service has to look."""
