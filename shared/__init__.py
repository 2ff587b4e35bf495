"""What two services need and no business rule: kernel, ledger, contracts, HTTP, feeds, telemetry."""
