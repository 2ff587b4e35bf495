"""A lender's book as files: a mapping in TOML, CSV and XLSX, read into our rows by key in constant memory."""
