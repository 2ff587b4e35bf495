"""A command over HTTP, on a real ledger: done once, refused before it is read, answered the same when repeated."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, Response

from shared.eventstore.ledger import Ledger
from shared.eventstore.port import NewEvent, StreamWrite
from shared.eventstore.sqlite.store import SqliteStore
from shared.http.app import make
from shared.http.bodies import BODY_BYTES_MAX, AmountSent, Day, Moment, Ref, Sent, Text
from shared.http.commands import Asked, Decided
from shared.http.operations import command, routes
from shared.http.problems import CATALOGUE
from shared.telemetry.metrics import Metrics
from tests.kit.ledgers import NOON, a_statement, opened
from tests.kit.tokens import Issuing, bearer

CANARY = "canary-4711-金丝雀"
SENT = {"amount": {"amount": "12.50", "currency": "TWD"}, "on": "2005-10-10", "said": "还款", "ref": "A-1"}
AT = "2005-10-10T09:30:00+08:00"


class PaymentSent(Sent):
    amount: AmountSent
    on: Day
    said: Text
    ref: Ref
    at: Moment | None = None


def _router(ledger: Ledger) -> APIRouter:
    found = routes("/v1/accounts", tag="accounts")

    def act(path: str, name: str, *, must: bool) -> Any:
        return found.post(
            f"/{{account}}/{path}",
            **command(name, "Report", scope="case:write", sent=SENT, gives={"id": "x"}, if_match=must),
        )

    async def opened_by(sent: PaymentSent, asked: Asked) -> Response:
        account = ledger.stream_id("account", sent.ref, debtor_ref=sent.ref)
        return await carried_out(account, sent, asked, named_by_body=True)

    async def carried_out(
        account: str, sent: PaymentSent, asked: Asked, named_by_body: Annotated[bool, Depends(lambda: False)]
    ) -> Response:
        async def decide() -> Decided:
            amount = sent.amount.money()
            history = await ledger.whole_stream(account)
            if sent.said == "nothing":
                return Decided(writes=(), policy=None)
            subjects = await ledger.subjects([sent.ref])
            event = NewEvent(a_statement(sent.ref, minor=amount.minor), NOON, {"debtor": subjects[sent.ref]})
            return Decided(
                writes=(StreamWrite(account, len(history), (event,)),),
                policy="cn-retail/1",
                refs={"id": account, "links": {"self": f"/v1/accounts/{account}"}},
            )

        return await asked.carry_out(ledger, stream=account, decide=decide, named_by_body=named_by_body)

    opening = command("open", "Open", scope="case:write", sent=SENT, gives={"id": "x"})
    found.post("", **opening)(opened_by)
    act("payments", "pay", must=False)(carried_out)
    act("closures", "close", must=True)(carried_out)
    return found


class Door:
    """The application with its ledger, and a client that sends commands."""

    def __init__(self, ledger: Ledger, http: httpx.AsyncClient, issuing: Issuing) -> None:
        self.ledger, self.http, self.issuing = ledger, http, issuing
        self.account = ledger.stream_id("account", "A-1", debtor_ref="A-1")

    async def send(
        self, body: Any = None, *, key: str | None = "k1", to: str = "payments", at: str = "", **headers: str
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(SENT if body is None else body).encode()
        sent = {"Content-Type": "application/json", **bearer(self.issuing.token())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Idempotency-Key"] = key
        path = at or f"/v1/accounts/{self.account}/{to}"
        return await self.http.post(path, content=content, headers=sent)

    async def events(self) -> int:
        return len(await self.ledger.whole_stream(self.account))


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        async for door in _door(ledger):
            yield door


async def _door(ledger: Ledger) -> AsyncIterator[Door]:
    issuing = Issuing()

    async def nothing() -> Any:
        return {}

    app = make(
        title="t", version="1", routers=(_router(ledger),), ready=nothing, measure=nothing,
        metrics=Metrics(), access=issuing.access(),
    )  # fmt: skip
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        yield Door(ledger, http, issuing)


def _code(said: httpx.Response) -> tuple[int, str]:
    assert said.headers["Content-Type"] == "application/problem+json", said.text
    assert CANARY not in said.text + str(said.headers)
    return said.status_code, said.json()["code"]


async def test_a_command_is_recorded_and_says_where(door: Door) -> None:
    said = await door.send()
    assert (said.status_code, said.headers["ETag"], said.headers["Event-Position"]) == (201, '"v1"', "1")
    assert said.headers["Location"] == f"/v1/accounts/{door.account}"
    assert said.json()["events"] == ["StatementReported"]
    [seen] = await door.ledger.whole_stream(door.account)
    assert (seen.row.actor, seen.row.policy) == ("core-banking", "cn-retail/1")


async def test_the_same_request_is_answered_the_same_and_done_once(door: Door) -> None:
    first = await door.send()
    again = await door.send()
    spaced = await door.send(json.dumps(dict(reversed(SENT.items())), indent=3).encode())
    for said in (again, spaced):
        assert (said.status_code, said.content) == (first.status_code, first.content)
        assert said.headers["Idempotent-Replayed"] == "true"
        for name in ("ETag", "Event-Position", "Location"):
            assert said.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert await door.events() == 1


async def test_a_key_belongs_to_one_request_of_one_client(door: Door) -> None:
    await door.send()
    other = SENT | {"amount": {"amount": "99.00", "currency": "TWD"}}
    assert _code(await door.send(other)) == (422, "idempotency-key-reused")
    another = await door.send(Authorization=bearer(door.issuing.token(sub="dialer"))["Authorization"])
    assert another.status_code == 201
    assert await door.events() == 2


async def test_a_key_belongs_to_one_request_whatever_lane_its_body_names(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, shards=4) as ledger:
        async for door in _door(ledger):
            refs = [f"A-{n}" for n in range(12)]
            said = [await door.send(SENT | {"ref": ref}, at="/v1/accounts") for ref in refs]
            assert said[0].status_code == 201
            assert {_code(one) for one in said[1:]} == {(422, "idempotency-key-reused")}
            again = await door.send(SENT | {"ref": "A-0"}, at="/v1/accounts")
            assert again.headers["Idempotent-Replayed"] == "true"


async def test_many_at_once_with_one_key_are_one_and_with_many_keys_many(door: Door) -> None:
    said = await asyncio.gather(*(door.send() for _ in range(8)))
    assert {one.content for one in said} == {said[0].content}
    assert await door.events() == 1
    said = await asyncio.gather(*(door.send(key=f"k{n}") for n in range(2, 8)))
    assert [one.status_code for one in said] == [201] * 6
    assert sorted(one.json()["version"] for one in said) == list(range(2, 8))


async def test_a_decision_on_an_old_version_is_refused_with_what_came_in_between(door: Door) -> None:
    for key in ("k1", "k2"):
        await door.send(key=key)
    stale = await door.send(key="k3", If_Match='"v1"')
    assert _code(stale) == (412, "version-conflict")
    assert stale.json()["context"] == {"current": "v2", "since": ["StatementReported"]}
    good = await door.send(key="k3", If_Match='"v2"')
    assert (good.status_code, good.headers["ETag"]) == (201, '"v3"')
    again = await door.send(key="k3", If_Match='"v2"')
    assert again.headers["Idempotent-Replayed"] == "true", "its own event does not make it stale"


async def test_where_a_version_is_asked_for_it_must_be_sent(door: Door) -> None:
    await door.send()
    assert _code(await door.send(key="c", to="closures")) == (428, "precondition-required")
    for wrong in ("v1", "*", 'W/"v1"', '"v0"', '"v1", "v2"', "canary-4711"):
        refused = await door.send(key="c", to="closures", If_Match=wrong)
        assert _code(refused) == (400, "malformed-request")
    assert (await door.send(key="c", to="closures", If_Match='"v1"')).status_code == 201


async def test_of_two_who_decided_on_one_version_one_wins(door: Door) -> None:
    await door.send()
    said = await asyncio.gather(*(door.send(key=f"r{n}", to="closures", If_Match='"v1"') for n in range(5)))
    assert sorted(one.status_code for one in said) == [201, 412, 412, 412, 412]


async def test_a_dry_run_says_what_would_happen_and_keeps_the_key_free(door: Door) -> None:
    said = await door.send(Prefer="dry-run")
    assert said.status_code == 200
    [event] = said.json()["events"]
    assert event["type"] == "StatementReported"
    assert event["facts"]["balance"] == {"amount": "12.50", "currency": "TWD"}
    assert "A-1" not in said.text, "facts only, as in the feed"
    assert await door.events() == 0
    other = SENT | {"on": "2005-10-11"}
    assert (await door.send(other)).status_code == 201


async def test_nothing_to_add_is_said_and_not_stored(door: Door) -> None:
    said = await door.send(SENT | {"said": "nothing"})
    assert (said.status_code, said.json()) == (200, {"dry_run": False, "events": []})
    assert await door.events() == 0


@pytest.mark.parametrize("key", [None, ""])
async def test_without_a_key_nothing_is_done(door: Door, key: str | None) -> None:
    assert _code(await door.send(key=key)) == (400, "idempotency-key-missing")
    assert await door.events() == 0


@pytest.mark.parametrize("key", ["a b", "k" * 256, "é"])
async def test_a_key_is_visible_ascii_of_bounded_length(door: Door, key: str) -> None:
    sent = {"Idempotency-Key": key.encode("latin-1")}
    said = await door.http.post(
        f"/v1/accounts/{door.account}/payments", json=SENT, headers={**bearer(door.issuing.token()), **sent}
    )
    assert _code(said) == (400, "malformed-request")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nonsense", b'{"a": 1, "a": 2}', b'{"a": {"b": 1, "b": 1}}', b'{"a": NaN}', b'{"a": Infinity}',
        b'{"a": "\\ud800"}', b"\xff\xfe", b"[" * 100_00, b'{"a": 1e999}', b'{"a": ' + b"9" * 5000 + b"}", b"{} {}",
    ],
)  # fmt: skip
async def test_what_is_not_one_json_document_is_refused(door: Door, body: bytes) -> None:
    assert _code(await door.send(body)) == (400, "malformed-json")


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({CANARY: 1}, [{"pointer": "", "code": "EXTRA_FORBIDDEN"}]),
        ({"amount": {**SENT["amount"], CANARY: 1}}, [{"pointer": "/amount", "code": "EXTRA_FORBIDDEN"}]),
        ({"amount": {"amount": 12.5, "currency": "TWD"}}, [{"pointer": "/amount/amount", "code": "STRING_TYPE"}]),
        ({"amount": {"amount": 12, "currency": "TWD"}}, [{"pointer": "/amount/amount", "code": "STRING_TYPE"}]),
        ({"amount": 12.5}, None),
        ({"amount": {"amount": CANARY, "currency": "TWD"}}, None),
        ({"amount": {"amount": "1e3", "currency": "TWD"}}, None),
        ({"on": 1128902400}, None), ({"on": "2005-13-01"}, None), ({"on": "20051010"}, None), ({"on": CANARY}, None),
        ({"on": "0001-01-01"}, None), ({"at": "2005-10-10T09:30:00"}, None), ({"at": "2005-10-10"}, None),
        ({"said": ""}, None), ({"said": "a\nb"}, None), ({"said": "\x00"}, None), ({"said": "x" * 501}, None),
        ({"ref": "A 1"}, None), ({"ref": None}, None),
    ],
)  # fmt: skip
async def test_a_field_that_is_not_right_is_pointed_to_and_not_repeated(
    door: Door, change: dict[str, Any], errors: list[dict[str, str]] | None
) -> None:
    said = await door.send(SENT | change)
    assert _code(said) == (422, "invalid")
    assert errors is None or said.json()["errors"] == errors
    assert await door.events() == 0


@pytest.mark.parametrize("document", [[], "text", 7, None, True])
async def test_a_body_is_an_object(door: Door, document: Any) -> None:
    assert _code(await door.send(json.dumps(document).encode())) == (422, "invalid")


async def test_money_has_the_places_of_its_currency(door: Door) -> None:
    for amount, code in (({"amount": "1.005", "currency": "TWD"}, "malformed-amount"),
                         ({"amount": "1.00", "currency": "XXQ"}, "unknown-currency")):  # fmt: skip
        assert _code(await door.send(SENT | {"amount": amount})) == (422, code)


async def test_a_time_is_read_with_its_offset(door: Door) -> None:
    assert (await door.send(SENT | {"at": AT})).status_code == 201


async def test_bodies_are_bounded_whether_or_not_their_length_is_told(door: Door) -> None:
    long = json.dumps(SENT | {"said": "x" * BODY_BYTES_MAX}).encode()
    assert _code(await door.send(long)) == (413, "body-too-large")

    async def drops() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 8_192

    sent = {"Content-Type": "application/json", "Idempotency-Key": "k", **bearer(door.issuing.token())}
    said = await door.http.post(f"/v1/accounts/{door.account}/payments", content=drops(), headers=sent)
    assert _code(said) == (413, "body-too-large")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=gbk",
        "application/xml",
    ],
)
async def test_bodies_are_json_in_utf8(door: Door, kind: str) -> None:
    assert _code(await door.send(Content_Type=kind)) == (415, "unsupported-media-type")
    assert (await door.send(Content_Type="application/json; charset=UTF-8")).status_code == 201


async def test_who_may_not_act_is_told_so_before_anything_is_read(door: Door) -> None:
    worst: dict[str, Any] = {"body": b"{", "key": None, "Content_Type": "text/plain"}
    path = f"/v1/accounts/{door.account}/payments"
    assert _code(await door.http.post(path, content=b"{")) == (401, "invalid-token")
    few = bearer(door.issuing.token(scope="case:read feed:read"))["Authorization"]
    refused = await door.send(**worst, Authorization=few)
    assert _code(refused) == (403, "insufficient-scope")
    assert 'scope="case:write"' in refused.headers["WWW-Authenticate"]
    other = bearer(door.issuing.token(tenant="other"))["Authorization"]
    assert _code(await door.send(**worst, Authorization=other)) == (403, "tenant-not-served")


async def test_a_thing_that_is_none_is_not_found(door: Door) -> None:
    door.account = f"account-{CANARY.encode('ascii', 'ignore').decode()}"
    assert _code(await door.send()) == (404, "not-found")


async def test_problems_of_commands_are_told_in_chinese_too(door: Door) -> None:
    said = await door.send(key=None, Accept_Language="zh-CN")
    assert said.json()["title"] == CATALOGUE["idempotency-key-missing"].title_zh
