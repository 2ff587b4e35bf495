"""The shell around the rules: load, decide, append; reactions to what other services say."""
