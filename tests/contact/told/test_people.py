"""Who is reached, and how, comes from the book: taken over, followed, sealed, on record at the case service."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.case.domain.events import PersonalDataRevealed
from services.case.domain.facts.account import RoleEnded
from services.contact.adapters.told.sheets_over_http import SheetsOverHttp
from services.contact.domain.facts.subject import (
    AccountNamed,
    PersonLinked,
    PersonUnlinked,
    PointEnded,
    PointRecorded,
    SubjectDescribed,
)
from shared.kernel.clock import FixedClock
from shared.messaging.reader import HearAgain
from tests.kit import parties
from tests.kit.parties import Person
from tests.kit.platform import Both, both

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
REF = "D-4711"
NUMBER = "+8613812345678"


async def facts(it: Both, kind: type) -> list[Any]:
    subject = it.contact.acts.subject_id(REF)
    return [
        seen.event for seen in await it.contact.ledger.whole_stream(subject) if isinstance(seen.event, kind)
    ]


async def opened(it: Both) -> tuple[str, str]:
    """A debtor in the book with a number, a guarantor with another, and a case about the account."""
    account = f"{REF}-1"
    ledger = it.case.ledger
    debtor = await parties.book(ledger, Person(ref=REF, points=(("PHONE", "138 1234 5678"),)))
    at = it.case.decisions.account_id(REF, account)
    await parties.append(ledger, at, [booked(debtor, account)], about=REF)
    guarantor = await parties.book(
        ledger, Person(ref="P-2", name="李四", points=(("PHONE", "+8613900000002"), ("WECHAT", "li4")))
    )
    await parties.append(ledger, at, [linked(guarantor)], about=REF)
    return await it.open_case(REF), debtor


def booked(party: str, account: str) -> Any:
    from services.case.domain.events import AccountBooked

    return AccountBooked(
        account_ref=account, debtor_ref=REF, debtor=party, product="CARD", currency="CNY", on=parties.DAY, revision=0,
        opened_on=None, rate_ppm=None, penalty_ppm_per_day=None, lender=None, credit_limit=None,
    )  # fmt: skip


def linked(party: str) -> Any:
    from services.case.domain.events import RoleLinked

    return RoleLinked(
        role="rol_2", kind="GUARANTOR", party=party, on=parties.DAY, guarantee="JOINT", from_=None, until=None,
        relation=None,
    )  # fmt: skip


async def test_the_debtor_and_the_guarantor_can_be_reached_as_the_book_says(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case, debtor = await opened(it)
        await it.hear()
        [account] = await facts(it, AccountNamed)
        assert (account.account, account.tail) == (it.case.decisions.account_id(REF, f"{REF}-1"), "11-1")
        points = {(one.person, one.value): one for one in await facts(it, PointRecorded)}
        guarantor = it.contact.acts.person_id("P-2")
        assert set(points) == {(None, NUMBER), (guarantor, "+8613900000002"), (guarantor, "li4")}
        assert points[None, NUMBER].point == it.contact.acts.point_id("phone", NUMBER)
        [person] = await facts(it, PersonLinked)
        assert (person.person, person.role, person.source) == (guarantor, "guarantor", "BOOK")
        [described] = await facts(it, SubjectDescribed)
        assert (described.debtor_ref, described.language) == (REF, "zh-CN")
        looks = [
            seen.event
            for lane in await it.case.ledger.lanes()
            for seen in await it.case.ledger.recorded(
                await it.case.ledger.read_lane(lane.lane, after=0, limit=1000)
            )
            if isinstance(seen.event, PersonalDataRevealed)
        ]
        assert {one.party for one in looks} == {debtor, parties.party_id(it.case.ledger, "P-2")}
        assert {(one.case, one.purpose, one.by) for one in looks} == {(case, "CONTACT", "quittance-contact")}

        published = str(it.contact.feed.published(await page(it)))
        for secret in (NUMBER, "13900000002", "li4", REF, "P-2"):
            assert secret not in published, "the feed names nobody"


async def page(it: Both) -> Any:
    lanes = await it.contact.feed.lanes()
    return await it.contact.feed.page(lanes, after=(0,) * len(lanes), limit=1000)


async def test_what_the_book_changes_later_follows(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        _, debtor = await opened(it)
        await it.hear()
        new = parties.point("PHONE", "+8613700000009")
        await parties.append(
            it.case.ledger, debtor, [parties.ended("PHONE", "138 1234 5678"), new], about=REF
        )
        account = it.case.decisions.account_id(REF, f"{REF}-1")
        await parties.append(it.case.ledger, account, [RoleEnded(role="rol_2", on=parties.DAY)], about=REF)
        await it.hear()
        gone = {(one.person, one.point) for one in await facts(it, PointEnded)}
        guarantor = it.contact.acts.person_id("P-2")
        assert (None, it.contact.acts.point_id("phone", NUMBER)) in gone
        assert len([one for one in gone if one[0] == guarantor]) == 2
        assert [one.person for one in await facts(it, PersonUnlinked)] == [guarantor]
        assert "+8613700000009" in {one.value for one in await facts(it, PointRecorded)}
        before = await it._heads()
        await it.hear()
        assert await it._heads() == before, "nothing more is said"


async def test_dying_between_two_points_leaves_none_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    async with both(tmp_path, FixedClock(NOON)) as it:
        await opened(it)
        handle, done = it.contact.acts.handle, 0

        async def dying(*given: Any, **named: Any) -> Any:
            nonlocal done
            done += 1
            if done % 2 == 0:
                raise Killed
            return await handle(*given, **named)

        monkeypatch.setattr(it.contact.acts, "handle", dying)
        for _ in range(40):
            try:
                await it.hear()
                break
            except Killed:
                continue
        monkeypatch.undo()
        await it.hear()
        assert len({(one.person, one.point) for one in await facts(it, PointRecorded)}) == 3
        assert len(await facts(it, PointRecorded)) == 3
        assert len(await facts(it, PersonLinked)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503), httpx.Response(403, json={}), httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[]), httpx.Response(200, json={"items": {}}),
    ],
)  # fmt: skip
async def test_a_case_service_that_cannot_answer_is_asked_again(answer: httpx.Response) -> None:
    source = SheetsOverHttp(
        "http://case.test", token=lambda: "t", transport=httpx.MockTransport(lambda request: answer)
    )
    with pytest.raises(HearAgain):
        await source.about(behind=(1,), case="case-1")
    await source.close()
