"""The staff directory and the sharing out of cases, over the ledger."""
