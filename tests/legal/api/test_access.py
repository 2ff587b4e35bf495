"""Who may do what, for every operation of the legal service's document: the laws of tests/case/api/test_access.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.case.api.test_access import (
    Operation,
    test_a_token_is_never_in_the_log_or_the_meters,
    test_each_operation_has_a_name_an_example_and_its_problems,
    test_each_operation_with_its_scope_alone_is_admitted,
    test_each_operation_with_its_scope_missing_is_refused,
    test_each_operation_without_a_token_says_nothing_of_what_there_is,
    test_everything_under_v1_needs_a_scope_and_nothing_else_does,
    with_parameters,
)
from tests.kit.served import Served
from tests.legal.api.asked import Asked

__all__ = [
    "test_a_token_is_never_in_the_log_or_the_meters",
    "test_each_operation_has_a_name_an_example_and_its_problems",
    "test_each_operation_with_its_scope_alone_is_admitted",
    "test_each_operation_with_its_scope_missing_is_refused",
    "test_each_operation_without_a_token_says_nothing_of_what_there_is",
    "test_everything_under_v1_needs_a_scope_and_nothing_else_does",
]


@pytest.fixture(scope="module")
def document(server: Served) -> Any:
    return server.http.get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(document: Any, server: Served) -> list[Operation]:
    return list(_operations(document, Asked(server.http).opened().lived()))


def _operations(document: Any, one: Asked) -> Iterator[Operation]:
    there = {"matter_id": one.matter, "case_id": one.case, "about": one.case}
    there |= {f"{name}_id": made for name, made in one.made.items()}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            filled = path
            for name, value in there.items():
                filled = filled.replace(f"{{{name}}}", value)
            filled = with_parameters(filled, said)
            content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
            [scope] = said["security"][0]["token"] if said["security"] else [None]
            yield Operation(method.upper(), filled, scope, content.get("example"))


def test_another_tenants_token_opens_nothing(server: Served, operations: list[Operation]) -> None:
    other = server.token(tenant="other")
    for one in operations:
        if one.scope is not None:
            keyed = {"Idempotency-Key": "t"} if one.method == "POST" else {}
            said = server.http.request(one.method, one.path, json=one.body, headers={**keyed, **other})
            assert (said.status_code, said.json()["code"]) == (403, "tenant-not-served"), one
