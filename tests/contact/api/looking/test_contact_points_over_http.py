"""Numbers over HTTP: a masked list; one in clear to a person, for a purpose, on record first, for a minute."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contact.domain import commands as c
from services.contact.domain.facts.looking import PointRevealed
from shared.kernel.clock import FixedClock
from shared.kernel.privacy.limits import RETAIL_PRIVACY
from tests.contact.api.sending.called import NUMBER, Called, called
from tests.contact.application.sending.room import meta
from tests.contact.stores import backends
from tests.kit.tokens import NOON, Issuing, bearer

MASKED = "139****5678"
AUNT = "prs_" + "1" * 32


def _token(*, sub: str = "anna", scope: str = "pii:reveal contact:decide") -> dict[str, str]:
    return bearer(Issuing(FixedClock(NOON)).token(sub=sub, client_id="console", scope=scope))


def _points(it: Called, ref: str = "D-1") -> str:
    return f"/v1/subjects/{it.service.acts.subject_id(ref)}/contact-points"


async def _list(it: Called, ref: str = "D-1") -> list[dict[str, Any]]:
    answer = await it.http.get(_points(it, ref), headers=_token())
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), answer.text
    return list(answer.json()["items"])


async def _see(
    it: Called,
    key: str,
    *,
    point: str | None = None,
    purpose: str = "CONTACT",
    who: str = "anna",
    **headers: str,
) -> httpx.Response:
    path = f"{_points(it)}/{point or it.service.acts.point_id('phone', NUMBER)}/reveals"
    sent = {"Idempotency-Key": key, **_token(sub=who), **headers}
    return await it.http.post(path, json={"purpose": purpose}, headers=sent)


def _refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@backends
async def test_all_are_listed_masked_and_one_is_seen_once_it_is_on_record(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called(backend, tmp_path, request) as it:
        subject = await it.debtor("D-1")
        await it.debtor("D-1", "+8613812345678", AUNT)
        first, other = await _list(it)
        await it.service.acts.handle(
            subject, c.EndPoint(point=other["id"], reason="DROPPED", person=AUNT), meta("ended")
        )
        first, other = await _list(it)
        assert (first["value"], first["person"], first["role"], first["ended_at"]) == (
            MASKED,
            None,
            "debtor",
            None,
        )
        assert (other["value"], other["person"], other["ended_reason"]) == ("138****5678", AUNT, "DROPPED")
        answer = await it.http.post(
            first["links"]["reveals"],
            json={"purpose": "CONTACT"},
            headers={"Idempotency-Key": "k", **_token()},
        )
        assert answer.status_code == 201, answer.text
        said = answer.json()
        assert (said["value"], said["medium"], said["person"], said["expires_in"]) == (
            NUMBER,
            "phone",
            None,
            60,
        )
        assert said["events"] == ["PointRevealed", "RevealCounted"]
        assert answer.headers["Cache-Control"] == "no-store"
        [look] = [one for one in await it.events("D-1") if isinstance(one, PointRevealed)]
        assert (look.point, look.purpose, look.by) == (first["id"], "CONTACT", "console/anna")


async def test_a_subject_nobody_spoke_of_has_none_and_what_is_no_subject_is_not_found(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        assert await _list(it, "nobody") == []
        answer = await it.http.get("/v1/subjects/case-1/contact-points", headers=_token())
        assert _refused(answer) == (404, "not-found")
        answer = await it.http.post(
            "/v1/subjects/case-1/contact-points/cpt_1/reveals", json={"purpose": "CONTACT"},
            headers={"Idempotency-Key": "k", **_token()},
        )  # fmt: skip
        assert _refused(answer) == (404, "not-found")


async def test_it_is_shown_to_nobody_else(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.debtor("D-1")
        machine = await _see(it, "m", who="console")
        assert _refused(machine) == (403, "person-required")
        without = await _see(it, "w", **_token(scope="contact:decide contact:record"))
        assert _refused(without) == (403, "insufficient-scope")
        dry = await _see(it, "d", Prefer="dry-run")
        assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
        assert [one["type"] for one in dry.json()["events"]] == ["PointRevealed", "RevealCounted"]
        unknown = [
            await _see(it, f"u{number}", point=point) for number, point in enumerate(("1", "cpt_" + "0" * 32))
        ]
        assert {_refused(one) for one in unknown} == {(404, "not-found")}
        assert _refused(await _see(it, "p", purpose="CURIOSITY")) == (422, "purpose-unknown")
        assert NUMBER not in machine.text + without.text + dry.text + "".join(one.text for one in unknown)
        assert "PointRevealed" not in await it.names("D-1")


async def test_a_repeated_request_is_shown_it_for_a_minute_under_one_record(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.debtor("D-1")
        first = await _see(it, "k")
        it.clock.advance(timedelta(seconds=20))
        again = await _see(it, "k")
        assert again.headers["Idempotent-Replayed"] == "true"
        assert (again.json()["value"], again.json()["expires_in"], first.json()["expires_in"]) == (
            NUMBER,
            40,
            60,
        )
        assert again.json()["id"] == first.json()["id"]
        assert (await it.names("D-1")).count("PointRevealed") == 1
        assert _refused(await _see(it, "k", purpose="AUDIT")) == (422, "idempotency-key-reused")
        other = await _see(it, "k", who="bert")
        assert other.json()["id"] != first.json()["id"], "another person looks for themselves"
        it.clock.advance(timedelta(seconds=40))
        over = await _see(it, "k")
        assert _refused(over) == (409, "look-over")
        assert NUMBER not in over.text
        assert (await _see(it, "k-2")).json()["value"] == NUMBER
        assert (await it.names("D-1")).count("PointRevealed") == 3


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "You have looked at personal data too often within an hour"),
        ("zh-CN", "一小时内查看个人信息的次数已达上限"),
    ],
)
async def test_who_looked_too_often_is_told_when_to_come_again_and_what_was_shown_is_shown_again(
    tmp_path: Path, request: pytest.FixtureRequest, language: str, title: str
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.debtor("D-1")
        for number in range(RETAIL_PRIVACY.reveals_per_hour):
            assert (await _see(it, f"k-{number}")).status_code == 201
        assert (await _see(it, "k-0")).json()["value"] == NUMBER
        refused = await _see(it, "more", **{"Accept-Language": language})
        assert _refused(refused) == (429, "quota-exceeded")
        assert (refused.json()["title"], refused.headers["Retry-After"]) == (title, "3600")
        assert NUMBER not in refused.text
        assert (await _see(it, "bert", who="bert")).status_code == 201


@pytest.mark.parametrize(
    ("language", "title"), [("en", "The number or address was erased"), ("zh-CN", "该联系方式已被清除")]
)
async def test_what_was_erased_is_listed_without_its_value_and_cannot_be_seen(
    tmp_path: Path, request: pytest.FixtureRequest, language: str, title: str
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.debtor("D-1")
        assert (await _see(it, "k")).status_code == 201
        now = it.clock.now()
    with sqlite3.connect(tmp_path / "contact.db") as file:
        assert file.execute("DELETE FROM data_key WHERE class='contact'").rowcount
    async with called("sqlite", tmp_path, request, clock=FixedClock(now)) as it:
        assert [one["value"] for one in await _list(it)] == [None]
        for key in ("k", "new"):
            gone = await _see(it, key, **{"Accept-Language": language})
            assert _refused(gone) == (410, "point-forgotten")
            assert gone.json()["title"] == title
        assert (await it.names("D-1")).count("PointRevealed") == 1
