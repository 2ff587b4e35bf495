"""Files of payments: the lender's own, and the bank's statements."""
