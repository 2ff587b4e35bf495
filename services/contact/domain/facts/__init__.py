"""What is stored about a subject of contact: one stream per debtor (`subject-…`). The types are the storage format."""
