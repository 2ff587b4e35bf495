"""The case's rules: pure functions from state and command to events; no I/O and no clock."""
