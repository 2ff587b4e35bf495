"""What a lender's book says: accounts, parties and collateral."""
