"""The rules of the house as tests; every rule has a fixture that breaks it."""
