"""What a lender's book says: rows in our words, and what differs from what is on record."""
