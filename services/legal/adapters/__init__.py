"""Law firms, courts and the legal service's ledger."""
