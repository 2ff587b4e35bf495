"""Money as banks and gateways report it: payments that came, and payments that went back."""
