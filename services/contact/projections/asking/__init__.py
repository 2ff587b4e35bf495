"""What was asked, refused, done and broken: the refusal register, the attempt ledger and its breaches."""
