"""The case service's ports to the ledger, files and neighbours."""
