"""The providers through which messages leave, each behind the channel port."""
