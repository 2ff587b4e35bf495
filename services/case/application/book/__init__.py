"""Taking in a lender's book: parties, accounts, and the cases that follow from them."""
