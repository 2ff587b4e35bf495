"""Every answer of the server against its own OpenAPI document: a status or problem it does not declare is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx

OF_NO_OPERATION = {"method-not-allowed", "malformed-request", "misdirected"}
"""Refused before any operation is found, or before its parameters are read."""


def checked(document: Any) -> Callable[[httpx.Response], None]:
    """A hook for a client: raises AssertionError for an answer that the document does not have."""
    operations = [
        (method.upper(), re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    # A path that is written out comes before one with a parameter in the same place.
    operations.sort(key=lambda one: one[1].pattern.count("[^/]+"))

    def check(answer: httpx.Response) -> None:
        asked = answer.request
        found = next(
            (
                said
                for method, path, said in operations
                if method == asked.method and path.fullmatch(asked.url.path)
            ),
            None,
        )
        if found is None:
            return
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        declared = found["responses"].get(str(answer.status_code))
        where = f"{found['operationId']} answers {answer.status_code}"
        if kind != "application/problem+json":
            assert declared is not None, where
            return
        answer.read()
        code = answer.json()["code"]
        known = (declared or {}).get("content", {}).get(kind, {}).get("examples", {})
        assert code in {*known, *OF_NO_OPERATION}, f"{where} {code}, which it does not declare"

    return check
