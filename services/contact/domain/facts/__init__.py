"""What is stored about a subject of contact: one stream per debtor (`subject-…`). These types are the storage format."""
