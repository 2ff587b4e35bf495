"""Personal data over HTTP: masked, revealed for a purpose, and who looked at whom."""
