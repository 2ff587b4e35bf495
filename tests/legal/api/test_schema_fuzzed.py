"""schemathesis over the legal service, as over the case service."""

from tests.case.api.test_schema_fuzzed import test_schemathesis_finds_nothing

__all__ = ["test_schemathesis_finds_nothing"]
