"""How a lender's book is read: mappings, files, rows, grouping, and what is refused."""
