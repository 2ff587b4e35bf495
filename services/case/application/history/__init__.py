"""Import runs put on record, the import of what happened before go-live, and import jobs."""
