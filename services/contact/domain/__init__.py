"""The contact rules: permission, attempts, outcomes; pure."""
