"""Declared or not served: an application with a route that says no scope does not start."""

from typing import Any

import pytest
from fastapi import APIRouter

from shared.http.operations import Undeclared, command, open_to_all, reading, require_declared, routes


async def _answer() -> dict[str, Any]:
    return {}


def test_a_route_that_declares_nothing_is_refused() -> None:
    found = routes("/v1", tag="t")
    with pytest.raises(Undeclared):
        found.get("/x")(_answer)


def test_a_route_of_the_framework_enforces_nothing_and_is_refused() -> None:
    plain = APIRouter()
    plain.get("/x", **reading("readX", "X", scope="case:read"))(_answer)
    with pytest.raises(Undeclared, match="nothing enforces"):
        require_declared([plain])


def test_a_scope_is_one_of_ours() -> None:
    found = routes("/v1", tag="t")
    with pytest.raises(Undeclared, match="no scope of ours"):
        found.get("/x", **reading("readX", "X", scope="case:raed"))(_answer)


def test_an_operation_has_a_name_of_its_own() -> None:
    found = routes("/v1", tag="t")
    for path in ("/x", "/y"):
        found.get(path, **open_to_all("readX", "X"))(_answer)
    with pytest.raises(Undeclared, match="two operations"):
        require_declared([found])


def test_every_problem_of_a_command_is_documented_with_an_example() -> None:
    told = command("doX", "X", scope="case:write", sent={}, gives={}, if_match=True)["responses"]
    assert {400, 401, 403, 412, 413, 415, 422, 428, 500, 503} <= set(told)
    for status, said in told.items():
        if int(status) >= 400:
            examples = said["content"]["application/problem+json"]["examples"]
            assert examples
            assert all(one["value"]["status"] == status for one in examples.values())
