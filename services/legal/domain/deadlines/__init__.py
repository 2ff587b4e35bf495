"""Deadlines of a matter: read off its steps by the clocks of the law pack, never typed and never stored."""
