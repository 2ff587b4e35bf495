"""Case, contact and legal hear each other: referral, matter and back; proofs of limitation; costs; attorneys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.application.book.names import BookNames
from services.case.domain import events as e
from services.case.domain.case_commands import (
    CloseCase,
    EndLegalReferral,
    PlaceHold,
    ReferToLegal,
    ReopenCase,
)
from services.case.domain.facts.legal import LegalReferralRefused, LegalStepReported
from services.case.domain.judge import judge
from services.case.domain.money_commands import RecordPayment, RecordPaymentReturn, TakePromise
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.state import OpenCase
from services.contact.domain import commands as contact
from services.contact.domain.facts.standing import RepresentativeAppointed, RepresentativeDismissed
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims, Proofs
from services.legal.domain.matter import Matter
from services.legal.domain.thing_ids import COST, REPRESENTATION
from services.main.hearing import between
from shared.eventstore.verify import verify
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from tests.kit import parties
from tests.kit.ledgers import backends
from tests.kit.platform import All, all_three

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
REF = "D-4711"
ATTORNEY = "prs_813e258af0cbbb336bfd4a8a256b50a9"


@asynccontextmanager
async def opened(folder: Path, **more: Any) -> AsyncIterator[tuple[All, str]]:
    """The platform with one case that all have heard of."""
    async with all_three(folder, FixedClock(NOON), **more) as it:
        case = await it.open_case(REF)
        await it.hear()
        yield it, case


async def refer(it: All, case: str, ref: str = "ref_1") -> str:
    """Handed to the legal service; the matter that it opened."""
    await it.on_case(
        case, ReferToLegal(ref=ref, on=TODAY, reason="NO_OTHER_WAY", by="user:lin"), f"refer-{ref}"
    )
    await it.hear()
    return it.legal.acts.matter_of_referral(case, ref)


async def matter(it: All, matter_id: str) -> Matter:
    return (await it.legal.acts.load(matter_id)).matter


async def claims(it: All, case: str) -> Claims:
    return (await it.legal.acts.load(case)).claims


async def mode(it: All, case: str) -> str:
    state = (await it.case.acts.load(case)).state
    assert isinstance(state, OpenCase)
    return judge(state.facts, TODAY, CN_RETAIL_1).mode


async def said(it: All, case: str, *kinds: type) -> list[Any]:
    return [one.event for one in await it.case.ledger.whole_stream(case) if isinstance(one.event, kinds)]


def standing(proofs: Proofs, kind: str) -> list[p.ProofRecorded]:
    return [one for ref, one in proofs.proofs.items() if one.kind == kind and ref not in proofs.retracted]


@backends
async def test_a_referral_opens_a_matter_and_its_end_gives_the_case_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_dsn") if backend == "postgres" else None
    async with opened(tmp_path, shards=4, server=server) as (it, case):
        matter_id = await refer(it, case)
        begun = (await matter(it, matter_id)).opened
        assert begun is not None
        assert (begun.case, begun.referral, begun.reason) == (case, "ref_1", "NO_OTHER_WAY")
        assert begun.owed is not None
        assert begun.owed.total == Money(100_000, "CNY")
        assert await mode(it, case) == "LEGAL"
        await it.on_legal(matter_id, c.CloseMatter(outcome="PAID", on=TODAY, by="user:lin"), "close")
        await it.hear()
        assert await mode(it, case) == "INTERNAL"
        [ended] = await said(it, case, e.LegalReferralEnded)
        assert (ended.referral, ended.outcome) == ("ref_1", "PAID")
        assert [one.what for one in await said(it, case, LegalStepReported)] == ["OPENED", "CLOSED"]
        for service in (it.case, it.contact, it.legal):
            report = await verify(service.ledger)
            assert (report.found, report.checked > 0) == (0, True)


async def test_a_case_taken_back_ends_its_matter(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        matter_id = await refer(it, case)
        await it.on_case(case, EndLegalReferral(referral="ref_1", on=TODAY, outcome="TAKEN_BACK"), "back")
        await it.hear()
        closed = (await matter(it, matter_id)).closed
        assert closed is not None
        assert closed.outcome == "RECALLED"
        assert len(await said(it, case, e.LegalReferralEnded)) == 1


async def test_a_matter_opened_by_hand_takes_the_case_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        matter_id = await by_hand(it, case)
        assert await mode(it, case) == "LEGAL"
        assert (await claims(it, case)).of_case.matters == (matter_id,), "its own referral opens no other"
        await it.on_legal(matter_id, c.CloseMatter(outcome="WITHDRAWN", on=TODAY, by="user:lin"), "close")
        await it.hear()
        assert await mode(it, case) == "INTERNAL"


async def by_hand(it: All, case: str) -> str:
    matter_id = it.legal.acts.matter_by_hand(case, client="test", key="hand")
    begun = m.MatterOpened(
        matter=matter_id,
        case=case,
        referral=None,
        reason="LIMITATION_NEAR",
        on=TODAY,
        owed=None,
        by="user:lin",
    )
    await it.on_legal(matter_id, c.OpenMatter(opened=begun), "hand")
    await it.hear()
    return matter_id


async def test_what_a_hold_forbids_stands_on_the_case_and_the_matter_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        hold = PlaceHold(
            ref="hld_1", kind="MORATORIUM", on=TODAY, until=None, reason="LAW", stops_interest=False
        )
        await it.on_case(case, hold, "hold")
        matter_id = await by_hand(it, case)
        [refused] = await said(it, case, LegalReferralRefused)
        assert (refused.matter, refused.reason) == (matter_id, "hold-forbids-handover")
        assert (await matter(it, matter_id)).closed is None


async def test_costs_reach_balance_and_figures_once_and_leave_them(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        matter_id = await refer(it, case)
        cost = it.legal.acts.thing_id(COST, matter_id, client="test", operation="cost", key="1")
        booked = m.MatterCostBooked(
            cost=cost, kind="COURT_FEE", amount=Money(5_000, "CNY"), on=TODAY, borne_by="DEBTOR", firm=None,
            track=None,
        )  # fmt: skip
        await it.on_legal(matter_id, c.Record(fact=booked), "cost")
        await it.hear()
        await it.hear()
        [charge] = await said(it, case, e.ChargeBooked)
        assert charge.amounts.costs == 5_000
        assert [one.amount.minor for one in await costs(it, e.CostBooked)] == [5_000]
        gone = m.MatterCostReversed(cost=cost, on=TODAY, reason="ENTERED_IN_ERROR")
        await it.on_legal(matter_id, c.Record(fact=gone), "gone")
        await it.hear()
        assert sum(one.amounts.costs for one in await said(it, case, e.ChargeBooked)) == 0
        assert len(await costs(it, e.CostReversed)) == 1


async def costs(it: All, kind: type) -> list[Any]:
    found = []
    for lane in await it.case.ledger.lanes():
        rows = await it.case.ledger.read_lane(lane.lane, after=0, limit=1000)
        found += [one.event for one in await it.case.ledger.recorded(rows) if isinstance(one.event, kind)]
    return found


async def test_an_attorney_of_the_debtor_is_who_is_contacted(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        matter_id = await refer(it, case)
        ref = it.legal.acts.thing_id(REPRESENTATION, matter_id, client="test", operation="rep", key="1")
        acts = m.DebtorRepresented(
            representation=ref, person=None, attorney=ATTORNEY, on=TODAY, reference="Li & Partners"
        )
        await it.on_legal(matter_id, c.Record(fact=acts), "rep")
        await it.hear()
        subject = it.contact.acts.subject_id(REF)
        history = await it.contact.ledger.whole_stream(subject)
        [appointed] = [one.event for one in history if isinstance(one.event, RepresentativeAppointed)]
        assert (appointed.person, appointed.role, appointed.origin) == (ATTORNEY, "attorney", "LEGAL")
        await it.on_legal(
            matter_id, c.Record(fact=m.RepresentationEnded(representation=ref, on=TODAY)), "ended"
        )
        await it.hear()
        history = await it.contact.ledger.whole_stream(subject)
        assert [one.event.person for one in history if isinstance(one.event, RepresentativeDismissed)] == [
            ATTORNEY
        ]


async def test_what_the_case_says_becomes_proofs_and_a_returned_payment_takes_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        found = (await claims(it, case)).of_case
        assert [one.debt for one in found.debts] == [it.case.decisions.account_id(REF, f"{REF}-1")]
        [due] = standing(found, "performance_due")
        assert due.on == TODAY - timedelta(days=40)
        promise = TakePromise(
            ref="prm_1",
            on=TODAY,
            amount=Money(10_000, "CNY"),
            due=TODAY + timedelta(days=3),
            given_by="DEBTOR",
        )
        await it.on_case(case, promise, "promise")
        payment = RecordPayment(
            ref="pay_1", account=None, amount=Money(10_000, "CNY"), on=TODAY, channel="BANK_TRANSFER"
        )
        await it.on_case(case, payment, "pay")
        await it.hear()
        found = (await claims(it, case)).of_case
        assert [one.evidence for one in standing(found, "promise")] == ["STATED"]
        assert [one.evidence for one in standing(found, "part_payment")] == ["BANK_RECORD"]
        back = RecordPaymentReturn(
            ref="ret_1", payment="pay_1", on=TODAY, amount=Money(10_000, "CNY"), reason="AC04"
        )
        await it.on_case(case, back, "return")
        await it.hear()
        found = (await claims(it, case)).of_case
        assert standing(found, "part_payment") == []
        assert len(standing(found, "promise")) == 1


async def test_a_delivered_demand_is_a_proof_that_a_retraction_takes_and_a_recording_strengthens(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as (it, case):
        subject = it.contact.acts.subject_id(REF)
        ref = it.contact.acts.attempt_id(subject, "dialer-7", "call-1")
        at = NOON - timedelta(minutes=5)
        debt = it.case.decisions.account_id(REF, f"{REF}-1")
        talk = contact.ReportAttempt(
            attempt=ref, source="dialer-7", source_ref="call-1", channel="voice", at=at, case=case,
            purpose="collect", outcome=contact.Outcome(outcome="conversation", at=at, discussed=(debt,)),
        )  # fmt: skip
        await it.on_subject(REF, talk, "call")
        await it.hear()
        [stated] = standing((await claims(it, case)).of_case, "demand_delivered")
        assert (stated.evidence, stated.medium, stated.debts, stated.on) == (
            "STATED",
            "voice",
            (debt,),
            TODAY,
        )
        stored = contact.StoreRecording(attempt=ref, uri="s3://r/1", sha256="ab" * 32, seconds=60)
        await it.on_subject(REF, stored, "recording")
        await it.hear()
        [heard] = standing((await claims(it, case)).of_case, "demand_delivered")
        assert heard.evidence == "RECORDING"
        await it.on_subject(REF, contact.RetractAttempt(attempt=ref, reason="ERROR"), "retract")
        await it.hear()
        assert standing((await claims(it, case)).of_case, "demand_delivered") == []


async def test_dying_between_the_effect_and_the_place_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is heard, the process dies before any place is kept, and the next hears it all again."""

    class Killed(BaseException):
        pass

    async def killed(*_: object) -> None:
        raise Killed

    async with all_three(tmp_path, FixedClock(NOON)) as it:
        case = await it.open_case(REF)
        await it.on_case(
            case, ReferToLegal(ref="ref_1", on=TODAY, reason="NO_OTHER_WAY", by="user:lin"), "refer"
        )
        heads = []
        for _ in range(3):
            for reader in between(it.services):
                monkeypatch.setattr(reader._place, "move", killed)
                with suppress(Killed):  # what has said nothing yet moves no place
                    await reader.catch_up()
            heads.append(await it._heads())
        assert heads[1] == heads[2]
        await it.hear()
        assert await it._heads() == heads[2]
        assert len(await said(it, case, LegalStepReported)) == 1


async def test_the_matter_is_told_that_its_case_ended_and_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        matter_id = await refer(it, case)
        await it.on_case(case, EndLegalReferral(referral="ref_1", on=TODAY, outcome="TAKEN_BACK"), "back")
        await it.on_case(case, CloseCase(on=TODAY, reason="SOLD"), "close")
        await it.on_case(case, ReopenCase(on=TODAY + timedelta(days=1), reason="SALE_UNDONE"), "again")
        await it.hear()
        turns = [(one.what, one.reason) for one in (await matter(it, matter_id)).all(m.CaseTurned)]
        assert turns == [("ENDED", "SOLD"), ("GOES_ON", "SALE_UNDONE")]


async def test_a_guarantor_of_the_book_is_the_same_person_for_all(tmp_path: Path) -> None:
    async with opened(tmp_path) as (it, case):
        names = BookNames(it.case.ledger, "default")
        debt = it.case.decisions.account_id(REF, f"{REF}-1")
        role = e.RoleLinked(
            role="rol_2", kind="GUARANTOR", party=names.party("P-2"), on=TODAY, guarantee="JOINT", from_=None,
            until=None, relation=None, person=names.person("P-2"),
        )  # fmt: skip
        due = e.InstalmentScheduled(
            instalment="1", revision=0, on=TODAY, due=TODAY, amounts=Parts(0, 0, 0, 100, "CNY"),
            fee=Money(0, "CNY"), paid=Money(0, "CNY"), paid_on=None,
        )  # fmt: skip
        await parties.append(it.case.ledger, debt, [role, due], about=REF)
        await it.hear()
        known = (await claims(it, case)).streams[debt]
        [told] = known.roles
        assert isinstance(told, p.GuaranteeTold)
        assert told.person == it.contact.acts.person_id("P-2")
        assert known.last_due == ("1", TODAY)
