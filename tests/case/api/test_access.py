"""Who may do what, for every operation of the OpenAPI document: made from the document, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from shared.http.access import SCOPES
from tests.kit.served import Served

OPEN = {"/", "/livez", "/readyz", "/metrics", "/problems/{code}"}
SIGNED = {"/v1/delivery-receipts/{provider}", "/v1/inbound-messages/{provider}"}
"""Callbacks of providers: admitted by their signature, not by a token."""
CANARY = "canary-4711"


class Operation(NamedTuple):
    """An operation with everything a caller would send."""

    method: str
    path: str
    scope: str | None
    body: Any


@pytest.fixture(scope="module")
def document(server: Served) -> Any:
    return server.http.get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(document: Any, server: Served) -> list[Operation]:
    return list(_operations(document, server.http))


def _operations(document: Any, http: httpx.Client) -> Iterator[Operation]:
    case = http.get("/v1/cases", params={"limit": 1}).json()["items"][0]["id"]
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            filled = path.replace("{case_id}", case).replace("{code}", "not-found")
            filled = with_parameters(filled, said)
            content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
            [scope] = said["security"][0]["token"] if said["security"] else [None]
            yield Operation(method.upper(), filled, scope, content.get("example"))


def with_parameters(path: str, said: Any) -> str:
    """The path with something of the right kind in place of each parameter."""
    for one in said.get("parameters", []):
        value = "1" if one["schema"].get("type") == "integer" else f"{one['name']}-1"
        path = path.replace(f"{{{one['name']}}}", value)
    return path


def _ask(http: httpx.Client, one: Operation, headers: dict[str, str]) -> httpx.Response:
    keyed = {"Idempotency-Key": f"access-{one.path}"} if one.method == "POST" else {}
    return http.request(one.method, one.path, json=one.body, headers={**keyed, **headers})


def test_everything_under_v1_needs_a_scope_and_nothing_else_does(document: Any) -> None:
    for path, methods in document["paths"].items():
        for said in methods.values():
            assert bool(said["security"]) == (path.startswith("/v1/") and path not in SIGNED), path
            assert said["security"] or path in OPEN | SIGNED


def test_each_operation_with_its_scope_missing_is_refused(
    server: Served, operations: list[Operation]
) -> None:
    for scope in {one.scope for one in operations if one.scope}:
        others = server.token(*(set(SCOPES) - {scope}))
        for one in (one for one in operations if one.scope == scope):
            said = _ask(server.http, one, others)
            assert (said.status_code, said.json()["code"]) == (403, "insufficient-scope"), one
            assert said.json()["context"] == {"scope": scope}
            assert f'scope="{scope}"' in said.headers["WWW-Authenticate"]


def test_each_operation_with_its_scope_alone_is_admitted(server: Served, operations: list[Operation]) -> None:
    for scope in {one.scope for one in operations if one.scope}:
        alone = server.token(scope)
        for one in (one for one in operations if one.scope == scope and one.method == "GET"):
            assert _ask(server.http, one, alone).status_code in {200, 404}, one


def test_each_operation_without_a_token_says_nothing_of_what_there_is(
    server: Served, operations: list[Operation]
) -> None:
    with httpx.Client(base_url=server.http.base_url) as stranger:
        for one in operations:
            if one.scope is None:
                continue
            there = _ask(stranger, one, {})
            elsewhere = _ask(stranger, one._replace(path=f"{one.path}-{CANARY}"), {})
            assert (there.status_code, there.json()["code"]) == (401, "invalid-token"), one
            assert there.headers["WWW-Authenticate"] == "Bearer"
            assert elsewhere.status_code in {401, 404}
            assert CANARY not in elsewhere.text


def test_each_operation_with_another_tenants_token_answers_the_same_whatever_there_is(
    server: Served, operations: list[Operation]
) -> None:
    other = server.token(tenant="other")
    missing = "case-00000000-0000-8000-8000-000000000000"
    case = server.http.get("/v1/cases", params={"limit": 1}).json()["items"][0]
    for one in operations:
        if one.scope is None:
            continue
        there = _ask(server.http, one, other)
        absent = _ask(server.http, one._replace(path=one.path.replace(case["id"], missing)), other)
        for said in (there, absent):
            assert said.status_code == 403, one
            body = {name: value for name, value in said.json().items() if name != "request_id"}
            assert body == {name: value for name, value in absent.json().items() if name != "request_id"}
            assert "TWC-" not in said.text + str(said.headers)
            assert "ETag" not in said.headers


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (f"Basic {CANARY}", "NOT_A_BEARER_TOKEN"),
        ("Bearer", "NOT_A_BEARER_TOKEN"),
        (f"Bearer {CANARY}", "NOT_A_JWT"),
        (f"Bearer {'x' * 9000}", "TOO_LONG"),
        (f"Bearer {CANARY}.{CANARY}.{CANARY}", "NOT_A_JWT"),
    ],
)
def test_a_token_that_is_none_is_refused_in_both_languages(
    http: httpx.Client, sent: str, reason: str
) -> None:
    for language, title in (("en", "There is no valid access token"), ("zh-CN", "缺少有效的访问令牌")):
        said = http.get("/v1/cases", headers={"Authorization": sent, "Accept-Language": language})
        assert (said.status_code, said.json()["title"]) == (401, title)
        assert said.json()["errors"] == [{"parameter": "Authorization", "code": reason}]
        assert CANARY not in said.text + str(said.headers)


def test_two_tokens_are_none(server: Served) -> None:
    twice = [*server.token().items()] * 2
    with httpx.Client(base_url=server.http.base_url) as http:
        assert http.get("/v1/cases", headers=twice).status_code == 401


def test_a_token_is_never_in_the_log_or_the_meters(http: httpx.Client) -> None:
    token = str(http.headers["Authorization"]).removeprefix("Bearer ")
    assert token[-20:] not in http.get("/metrics").text


def test_each_operation_has_a_name_an_example_and_its_problems(document: Any) -> None:
    names = [said["operationId"] for methods in document["paths"].values() for said in methods.values()]
    assert len(set(names)) == len(names)
    for path, methods in document["paths"].items():
        for said in methods.values():
            for status, answer in said["responses"].items():
                for kind, content in answer.get("content", {}).items():
                    if kind == "application/problem+json":
                        assert all(
                            str(one["value"]["status"]) == status for one in content["examples"].values()
                        )
                    elif kind.endswith("json"):
                        assert "example" in content, (path, status)
            if said["security"]:
                assert {"401", "403", "422", "500", "503"} <= set(said["responses"]), path
            if "requestBody" in said and said["security"]:
                assert all("example" in one for one in said["requestBody"]["content"].values()), path
                assert {"400", "412", "413", "415"} <= set(said["responses"]), path
