"""What people wrote: listed without their words, read by a person only, and on record first."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contact.domain.facts.reply import ReplyRead
from shared.kernel.clock import FixedClock
from tests.contact.api.sending.called import NUMBER, Called, called
from tests.contact.stores import backends
from tests.kit.tokens import NOON, Issuing, bearer

LATER = timedelta(minutes=10)


def _token(it: Called, *, person: bool = True, scope: str = "pii:reveal contact:decide") -> dict[str, str]:
    issuing = Issuing(FixedClock(NOON))
    return bearer(issuing.token(sub="anna" if person else "console", client_id="console", scope=scope))


async def _read(it: Called, reply: str, key: str = "r-1", **how: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key, **_token(it, **how)}
    return await it.http.post(f"/v1/inbound-messages/{reply}/readings", json={}, headers=headers)


async def _listed(it: Called, **asked: str) -> list[dict[str, Any]]:
    await it.service.projections.catch_up(*it.service.views)
    answer = await it.http.get("/v1/inbound-messages", params=asked, headers=_token(it))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@backends
async def test_a_reply_is_listed_read_by_a_person_and_its_reading_is_on_record(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called(backend, tmp_path, request) as it:
        await it.sending("D-1")
        await it.write("我下周五还款", ref="in_1")
        await it.write("TD", ref="in_2")
        stop, other = await _listed(it)
        assert (stop["meaning"], other["meaning"], other["read_at"]) == ("STOP", "OTHER", None)
        assert "还款" not in str((stop, other))
        assert NUMBER not in str((stop, other))
        assert [one["id"] for one in await _listed(it, meaning="OTHER", read="false")] == [other["id"]]
        said = await _read(it, other["id"])
        assert (said.status_code, said.json()["text"]) == (201, "我下周五还款")
        [read] = [one for one in await it.events("D-1") if isinstance(one, ReplyRead)]
        assert read.reader.endswith("anna")
        assert await _listed(it, meaning="OTHER", read="false") == []
        assert [one["id"] for one in await _listed(it, read="true")] == [other["id"]]


async def test_the_words_are_shown_to_nobody_else(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.sending("D-1")
        await it.write("我下周五还款")
        [reply] = await _listed(it)
        machine = await _read(it, reply["id"], person=False)
        assert (machine.status_code, machine.json()["code"]) == (403, "person-required")
        other = await _read(it, reply["id"], scope="contact:decide")
        assert (other.status_code, other.json()["code"]) == (403, "insufficient-scope")
        dry = await it.http.post(
            f"/v1/inbound-messages/{reply['id']}/readings", json={},
            headers={"Idempotency-Key": "d", "Prefer": "dry-run", **_token(it)},
        )  # fmt: skip
        assert "还款" not in machine.text + other.text + dry.text
        assert "ReplyRead" not in await it.names("D-1")
        for unknown in ("cat_1", "cat_" + "0" * 48):
            assert (await _read(it, unknown)).status_code == 404


async def test_a_repeated_request_is_shown_the_words_for_a_minute_under_one_record(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.sending("D-1")
        await it.write("我下周五还款")
        [reply] = await _listed(it)
        for _ in range(2):
            assert (await _read(it, reply["id"])).json()["text"] == "我下周五还款"
        assert (await it.names("D-1")).count("ReplyRead") == 1
        it.clock.advance(LATER)
        over = await _read(it, reply["id"])
        assert (over.status_code, over.json()["code"]) == (409, "reading-over")
        assert (await _read(it, reply["id"], "r-2")).json()["text"] == "我下周五还款"
        assert (await it.names("D-1")).count("ReplyRead") == 2


async def test_words_that_were_erased_cannot_be_read_and_the_contact_still_counts(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.sending("D-1")
        await it.write("我下周五还款")
        [reply] = await _listed(it)
        now = it.clock.now()
    with sqlite3.connect(tmp_path / "contact.db") as file:
        assert file.execute("DELETE FROM data_key WHERE class='contact'").rowcount
    async with called("sqlite", tmp_path, request, clock=FixedClock(now)) as it:
        gone = await _read(it, reply["id"])
        assert (gone.status_code, gone.json()["code"]) == (410, "reply-forgotten")
        assert [one["id"] for one in await _listed(it)] == [reply["id"]]
        known = await it.service.acts.load(it.service.acts.subject_id("D-1"))
        assert reply["id"] in known.state.contacts
