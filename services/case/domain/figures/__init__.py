"""Figures of a department: what is counted, against what, and the facts that only figures need: costs and targets."""
