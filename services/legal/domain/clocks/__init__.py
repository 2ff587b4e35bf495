"""Legal deadlines, derived and never typed: from facts, a law pack and the working calendar."""
