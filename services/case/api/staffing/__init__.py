"""The staff directory, allocations, retention and assistance over HTTP."""
