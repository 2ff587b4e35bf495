"""What legal asks of case and contact: the same answers in this process and over HTTP, each look on record first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.case.domain.events import AccountBooked, PersonalDataRevealed, RoleEnded, RoleLinked
from services.contact.domain.commands import ReportAttempt
from services.legal.adapters.elsewhere.over_http import CaseOverHttp, ContactOverHttp
from services.legal.application.elsewhere import (
    CaseSheet,
    CaseUnknownElsewhere,
    LetterNotPosted,
    NotAnswered,
    Post,
)
from services.main.elsewhere import CaseInProcess, ContactInProcess
from services.main.platform import Running, application
from shared.kernel.clock import FixedClock
from shared.printing.letter import Letter, Press
from tests.kit import parties
from tests.kit.parties import Person
from tests.kit.platform import Both, both
from tests.kit.tokens import Issuing

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
REF = "D-4711"
NOBODYS = "case-00000000-0000-8000-8000-000000000000"


async def opened(it: Both) -> str:
    """A debtor with two addresses, a guarantor, a guarantor of before, and a case about the account."""
    account, ledger = f"{REF}-1", it.case.ledger
    debtor = await parties.book(
        ledger,
        Person(ref=REF, points=(("ADDRESS", "北京市朝阳区建国路1号"), ("EMAIL", "zhang@example.test"))),
    )
    at = it.case.decisions.account_id(REF, account)
    booked = AccountBooked(
        account_ref=account, debtor_ref=REF, debtor=debtor, product="CARD", currency="CNY", on=parties.DAY, revision=0,
        opened_on=None, rate_ppm=None, penalty_ppm_per_day=None, lender=None, credit_limit=None,
    )  # fmt: skip
    await parties.append(ledger, at, [booked], about=REF)
    for ref, name in (("P-2", "李四"), ("P-3", "王五")):
        party = await parties.book(ledger, Person(ref=ref, name=name, points=()))
        linked = RoleLinked(
            role=f"rol_{ref}", kind="GUARANTOR", party=party, on=parties.DAY, guarantee="JOINT", from_=None,
            until=None, relation=None,
        )  # fmt: skip
        await parties.append(ledger, at, [linked], about=REF)
    await parties.append(ledger, at, [RoleEnded(role="rol_P-3", on=parties.DAY)], about=REF)
    case = await it.open_case(REF)
    await it.hear()
    return case


@asynccontextmanager
async def over_http(it: Both, **claims: Any) -> AsyncIterator[tuple[CaseOverHttp, ContactOverHttp]]:
    """Both services as one application, asked by a machine's token."""
    issuing = Issuing(FixedClock(NOON))
    token = issuing.token(sub="quittance-legal", client_id="quittance-legal", **claims)
    app = application(Running(it.case, it.contact), issuing.access(), asyncio.Event())
    wire = httpx.ASGITransport(app=app)
    there = "http://127.0.0.1"
    case = CaseOverHttp(there, token=lambda: token, transport=wire)
    contact = ContactOverHttp(there, token=lambda: token, transport=wire)
    yield case, contact
    await case.close()
    await contact.close()


async def looks(it: Both) -> list[PersonalDataRevealed]:
    found = []
    for lane in await it.case.ledger.lane_numbers():
        rows = await it.case.ledger.read_lane(lane, after=0, limit=1_000)
        found += [one.event for one in await it.case.ledger.recorded(rows)]
    return [one for one in found if isinstance(one, PersonalDataRevealed)]


def told(sheet: CaseSheet) -> Any:
    return (sheet.case, sheet.subject, sheet.as_of, sheet.debts, sheet.people)


async def test_a_sheet_names_debts_and_people_and_the_look_is_on_record(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await opened(it)
        sheet = await CaseInProcess(it.case).sheet(case, as_of=TODAY)
        assert sheet.subject == it.contact.acts.subject_id(REF)
        [debt] = sheet.debts
        assert (debt.tail, debt.owed.total.minor) == ("11-1", 100000)
        people = {one.reference: one for one in sheet.people}
        assert set(people) == {REF, "P-2"}, "who guarantees no longer is left out"
        debtor, guarantor = people[REF], people["P-2"]
        assert sheet.debtor == debtor
        assert (debtor.name, debtor.identity_no, debtor.language) == ("张三丰", "110101199003071234", "zh-CN")
        assert (debtor.postal, debtor.email) == (("北京市朝阳区建国路1号",), ("zhang@example.test",))
        assert guarantor.person == it.contact.acts.person_id("P-2")
        assert (guarantor.roles, guarantor.postal) == (("GUARANTOR",), ())
        made = [one for one in await looks(it) if one.by == "quittance-legal"]
        assert {(one.purpose, one.case) for one in made} == {("LEGAL", case)}
        assert len(made) == 2


async def test_over_http_it_is_the_same(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await opened(it)
        await it.case.projections.catch_up()
        here, there = CaseInProcess(it.case), ContactInProcess(it.contact)
        subject = it.contact.acts.subject_id(REF)
        for number in range(3):
            attempt = it.contact.acts.attempt_id(subject, "DIALER", f"call-{number}")
            reported = ReportAttempt(
                attempt=attempt, source="DIALER", source_ref=f"call-{number}", channel="voice",
                at=datetime(2026, 11, 19, 2 + number, tzinfo=UTC), direction="out", case=case,
            )  # fmt: skip
            await it.on_subject(REF, reported, f"call-{number}")
        await it.contact.projections.catch_up()
        async with over_http(it) as (far, away):
            assert told(await far.sheet(case, as_of=TODAY)) == told(await here.sheet(case, as_of=TODAY))
            for language in ("en", "zh-CN"):
                said = await here.timeline(case, language=language)
                assert list(await far.timeline(case, language=language)) == list(said)
            contacts = await there.contacts(case, language="en")
            assert list(await away.contacts(case, language="en")) == list(contacts)
        assert [one["at"][:13] for one in contacts] == ["2026-11-19T02", "2026-11-19T03", "2026-11-19T04"]


async def test_a_debtor_of_whom_the_book_tells_nothing_is_known_by_the_reference(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await it.open_case("D-9")
        sheet = await CaseInProcess(it.case).sheet(case, as_of=TODAY)
        [debtor] = sheet.people
        assert (debtor.person, debtor.roles, debtor.reference, debtor.name) == (
            None,
            ("DEBTOR",),
            "D-9",
            None,
        )
        assert await looks(it) == [], "nobody's data was looked at"


async def test_no_such_case_and_one_that_had_not_begun(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await opened(it)
        here = CaseInProcess(it.case)
        async with over_http(it) as (far, _):
            for asked in (here, far):
                for name, day in ((NOBODYS, TODAY), (case, date(2020, 1, 1)), ("case-1", TODAY)):
                    with pytest.raises((CaseUnknownElsewhere, NotAnswered)):
                        await asked.sheet(name, as_of=day)
                with pytest.raises(CaseUnknownElsewhere):
                    await asked.timeline(NOBODYS, language="en")


async def test_without_the_right_nothing_is_told(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await opened(it)
        async with over_http(it, scope="case:read feed:read") as (far, _):
            with pytest.raises(NotAnswered):
                await far.sheet(case, as_of=TODAY)


POST = Post(
    subject="subject-1", case="case-1", person=None, role="debtor", channel="letter", language="zh-CN",
    template="legal-letter", values={}, content=(), debts=(), pdf=b"%PDF", sha256="ab" * 32, key="k",
)  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503), httpx.Response(403, json={}), httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[]), httpx.Response(200, json={"items": {}}),
        httpx.Response(200, json={"items": [{"case": "c"}], "page": {}}),
    ],
)  # fmt: skip
async def test_what_is_no_answer_is_said_to_be_none(answer: httpx.Response) -> None:
    transport = httpx.MockTransport(lambda request: answer)
    case = CaseOverHttp("http://case.test", token=lambda: "t", transport=transport)
    contact = ContactOverHttp("http://contact.test", token=lambda: "t", transport=transport)
    for ask in (
        case.sheet("case-1", as_of=TODAY), case.timeline("case-1", language="en"),
        contact.contacts("case-1", language="en"), contact.post(POST),
    ):  # fmt: skip
        with pytest.raises(NotAnswered):
            await ask
    await case.close()
    await contact.close()


async def test_a_refusal_of_contact_is_passed_on_by_its_code() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(409, json={"code": "no-point-to-send-to"}))
    contact = ContactOverHttp("http://contact.test", token=lambda: "t", transport=transport)
    with pytest.raises(LetterNotPosted) as refused:
        await contact.post(POST)
    assert refused.value.context == {"code": "no-point-to-send-to"}
    await contact.close()


def signed_letter(it: Both, case: str, *, key: str, channel: Any = "letter") -> Post:
    """A letter as legal has it posted."""
    printed = Press().set(
        Letter(
            language="zh-CN", on=TODAY, sender=("示例律师事务所",), return_line="示例律师事务所", title="律师函",
            recipient=("张三丰", "北京市朝阳区建国路1号"), body=("请于收到本函后十日内付清。",),
        )
    )  # fmt: skip
    return Post(
        subject=it.contact.acts.subject_id(REF), case=case, person=None, role="debtor", channel=channel,
        language="zh-CN", template="legal-letter" if channel == "letter" else "legal-letter-mail",
        values={"institution": "示例银行", "name": "张三丰", "hotline": "021-95588"}, content=("demand",), debts=(),
        pdf=printed.pdf, sha256=printed.sha256, key=key,
    )  # fmt: skip


async def test_a_letter_is_posted_once_whichever_way_it_is_asked(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await opened(it)
        here = ContactInProcess(it.contact)
        posted = await here.post(signed_letter(it, case, key="one"))
        assert posted.message is not None
        assert posted.rules == ()
        async with over_http(it) as (_, away):
            assert await away.post(signed_letter(it, case, key="one")) == posted
            again = await away.post(signed_letter(it, case, key="two", channel="email"))
            assert again.message not in (None, posted.message)
            assert await here.post(signed_letter(it, case, key="two", channel="email")) == again
        queued = await it.contact.messages.queued(str(posted.message))
        assert queued is not None
        assert queued.template == "legal-letter"


async def test_who_has_no_address_is_posted_nothing(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await it.open_case(REF)
        letter = signed_letter(it, case, key="one")
        async with over_http(it) as (_, away):
            await it.hear()
            for asked in (ContactInProcess(it.contact), away):
                with pytest.raises(LetterNotPosted) as refused:
                    await asked.post(letter)
                assert refused.value.context == {"code": "no-point-to-send-to"}
