"""A case's limitation from the ledger: on two clocks, over several streams, with a filing that a retraction flips."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from services.legal.domain.limitation.act import (
    EvidenceGradeUnknown,
    ProofKindUnknown,
    ProofUnknown,
)
from services.legal.domain.limitation.rule import ClaimExpired, OverrideReasonUnknown
from services.legal.domain.refusals import CaseUnheard, DebtNotOfCase, LegalDayAhead, MatterUnknown
from services.legal.domain.thing_ids import OVERRIDE, TRACK
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from tests.legal.kit import CASE, DEBTS, Legal, backends, legal_in, place_for

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DUE, ASKED = date(2022, 3, 10), date(2024, 5, 6)
GUARANTOR = "prs_6f1c0d1e4a1b6c2d3e4f506172839405"


def proof(name: str, kind: str, on: date, **more: Any) -> p.ProofRecorded:
    told = {
        "case": CASE, "debts": (), "person": None, "medium": None, "to": None, "evidence": "DATA_REACHED",
        "source": "HAND", "source_ref": name, "matter": None, "document": None, "by": "user:lin", **more,
    }  # fmt: skip
    digits = CASE.partition("-")[2].replace("-", "")
    return p.ProofRecorded(proof=f"prf_{digits}{name:0>16}", kind=kind, on=on, **told)


async def recorded(legal: Legal, *proofs: p.ProofRecorded) -> None:
    for one in proofs:
        await legal.do(CASE, c.RecordProof(proof=one))


async def with_a_demand(legal: Legal) -> p.ProofRecorded:
    """A matter's case whose debts fell due long ago and that one demand keeps alive."""
    demand = proof("de", "demand_delivered", ASKED)
    await recorded(legal, proof("d0", "performance_due", DUE), demand)
    return demand


def retraction(of: p.ProofRecorded, legal: Legal) -> c.RetractProof:
    return c.RetractProof(proof=of.proof, on=legal.today, reason="FORGED", by="user:wu")


async def approved_suit(legal: Legal, matter: str) -> str:
    """A suit that only has to be filed; its track."""
    track = legal.thing(TRACK, matter, "suit")
    common: dict[str, Any] = {"track": track, "on": legal.today, "document": None}
    await legal.step(
        matter,
        s.SuitAssessed(
            **common, step=legal.step_id(matter), procedure="ORDINARY", court="COURT-1", cause="CARD_DEBT", against=(),
            amount=Money(100_000, "CNY"), by="user:lin",
        ),
    )  # fmt: skip
    await legal.step(
        matter, s.SuitApproved(**common, step=legal.step_id(matter), by="user:wu"), actor="user:wu"
    )
    return track


def filing(legal: Legal, matter: str, track: str, *, override: str | None = None) -> s.SuitFiled:
    return s.SuitFiled(
        track=track, step=legal.step_id(matter), on=legal.today, document=None, amount=Money(100_000, "CNY"),
        override=override,
    )  # fmt: skip


@backends
async def test_retracting_one_delivery_proof_flips_a_filing_and_the_guarantors_date_stays(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        matter = await legal.opened(on=date(2022, 1, 4))
        await legal.tell(
            p.GuaranteeTold(
                person=GUARANTOR, debt=DEBTS[0], form="JOINT", until=date(2027, 6, 30), on=date(2022, 1, 4),
                source_ref="g1",
            )
        )  # fmt: skip
        demand = await with_a_demand(legal)
        before = await legal.service.limitation.case(CASE)
        await legal.do(CASE, retraction(demand, legal))
        track = await approved_suit(legal, matter)
        with pytest.raises(ClaimExpired):
            await legal.step(matter, filing(legal, matter, track))
        after = await legal.service.limitation.case(CASE)
        [refused] = (await legal.of(matter)).all(m.StepRefused)

        await legal.do(CASE, c.RestoreProof(proof=demand.proof, on=legal.today, reason="FOUND", by="user:wu"))
        await legal.step(matter, filing(legal, matter, track))
        filed = await legal.service.limitation.case(CASE)
    assert (refused.rule, refused.wanted, set(refused.debts)) == (
        "CN-LIMITATION-EXPIRED", "SUIT_FILED", set(DEBTS),
    )  # fmt: skip
    of_debtor = [one.state for one in after.readings if one.person is None]
    assert of_debtor == ["EXPIRED", "EXPIRED"]
    assert [one for one in before.readings if one.person] == [one for one in after.readings if one.person]
    assert [one.state for one in filed.readings if one.person is None] == ["IN_PROCEDURE", "IN_PROCEDURE"]


async def test_a_filing_and_the_retraction_of_its_proof_cannot_miss_each_other(tmp_path: Path) -> None:
    """Whoever comes second sees the first: filed and then retracted, or retracted and then refused."""
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        matter = await legal.opened(on=date(2022, 1, 4))
        demand = await with_a_demand(legal)
        track = await approved_suit(legal, matter)
        done = await asyncio.gather(
            legal.step(matter, filing(legal, matter, track)),
            legal.do(CASE, retraction(demand, legal)),
            return_exceptions=True,
        )
        found = await legal.of(matter)
        claims = await legal.claims()
    assert demand.proof in claims.of_case.retracted
    filed = any(isinstance(one, s.SuitFiled) for one in found.standing)
    assert filed is not isinstance(done[0], ClaimExpired)
    assert filed is not any(found.all(m.StepRefused))


async def test_an_override_of_a_second_person_lets_an_expired_claim_be_sued_on(tmp_path: Path) -> None:
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        matter = await legal.opened(on=date(2022, 1, 4))
        await recorded(legal, proof("d0", "performance_due", DUE))
        track = await approved_suit(legal, matter)
        given = {
            "override": legal.thing(OVERRIDE, matter, "one"), "track": track, "wanted": "SUIT_FILED", "on": legal.today,
            "asked_by": "user:lin", "by": "user:wu",
        }  # fmt: skip
        with pytest.raises(OverrideReasonUnknown):
            await legal.do(matter, c.GiveOverride(override=m.OverrideGiven(reason="BECAUSE", **given)))
        fits = m.OverrideGiven(reason="COUNSEL_READS_OTHERWISE", **given)
        await legal.do(matter, c.GiveOverride(override=fits))
        await legal.step(matter, filing(legal, matter, track, override=fits.override))
        found = await legal.of(matter)
    assert any(found.all(s.SuitFiled))


async def test_what_was_known_then_and_what_is_known_now(tmp_path: Path) -> None:
    clock = FixedClock(datetime(2024, 1, 8, 4, 0, tzinfo=UTC))
    async with legal_in(tmp_path, clock) as legal:
        await legal.opened(on=date(2022, 1, 4))
        await recorded(legal, proof("d0", "performance_due", DUE))
        clock.advance(NOON - clock.now())
        await recorded(legal, proof("de", "demand_delivered", ASKED))
        asked = legal.service.limitation
        now = await asked.case(CASE)
        then = await asked.case(CASE, known_at=datetime(2024, 1, 8, 5, 0, tzinfo=UTC))
        in_june = await asked.case(CASE, as_of=date(2024, 5, 5))
        with pytest.raises(CaseUnheard):
            await asked.case(CASE, known_at=datetime(2024, 1, 8, 3, 0, tzinfo=UTC))
        with pytest.raises(CaseUnheard):
            await asked.case("case-6f1c0d1e-0000-8000-8000-000000000009")
        with pytest.raises(CaseUnheard):
            await asked.case("subject-1")
    assert {one.raw_on for one in now.readings} == {date(2027, 5, 6)}
    assert {one.raw_on for one in then.readings} == {date(2025, 3, 10)}
    assert {one.raw_on for one in in_june.readings} == {date(2025, 3, 10)}
    assert [len(now.proofs), len(then.proofs)] == [2, 1]


@backends
async def test_a_debt_takes_its_proofs_along_into_another_case(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    later = "case-6f1c0d1e-0000-8000-8000-000000000101"
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        await legal.opened(on=date(2022, 1, 4))
        await with_a_demand(legal)
        moved = date(2025, 2, 3)
        await legal.tell(p.DebtLeft(case=CASE, debt=DEBTS[0], on=moved, source_ref="l1"))
        joins = p.DebtJoined(case=later, debt=DEBTS[0], on=moved, source_ref="j1")
        await legal.tell(joins, about=later)
        await legal.tell(joins, about=later)
        found = await legal.service.limitation.case(later)
        left = await legal.service.limitation.case(CASE)
        claims = await legal.claims(later)
    [one] = found.readings
    assert (one.debt, one.raw_on) == (DEBTS[0], date(2027, 5, 6))
    assert {one.debt for one in left.readings} == {DEBTS[1]}
    assert len(claims.streams[later].debts) == 1


async def test_what_a_person_records_is_checked(tmp_path: Path) -> None:
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        with pytest.raises(CaseUnheard):
            await recorded(legal, proof("a", "promise", ASKED))
        await legal.opened(on=date(2022, 1, 4))
        for wrong, refusal in (
            (proof("a", "prayer", ASKED), ProofKindUnknown),
            (proof("a", "guarantor_called", ASKED), ProofKindUnknown),
            (proof("a", "promise", ASKED, evidence="PIGEON"), EvidenceGradeUnknown),
            (proof("a", "promise", date(2026, 11, 23)), LegalDayAhead),
            (
                proof("a", "promise", ASKED, debts=("account-6f1c0d1e-0000-8000-8000-0000000000c1",)),
                DebtNotOfCase,
            ),
        ):
            with pytest.raises(refusal):
                await recorded(legal, wrong)
        await recorded(legal, proof("b", "last_instalment_due", date(2030, 1, 10)))
        with pytest.raises(ProofUnknown):
            await legal.do(CASE, retraction(proof("zz", "promise", ASKED), legal))
        with pytest.raises(MatterUnknown):
            await legal.do("case-nonsense", retraction(proof("zz", "promise", ASKED), legal))


async def test_once_recorded_retracted_and_restored_nothing_is_said_twice(tmp_path: Path) -> None:
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        await legal.opened(on=date(2022, 1, 4))
        demand = await with_a_demand(legal)
        again = await legal.do(CASE, c.RecordProof(proof=demand))
        assert again.events == ()
        for wanted in (
            retraction(demand, legal),
            c.RestoreProof(proof=demand.proof, on=legal.today, reason="FOUND", by="user:wu"),
        ):
            assert len((await legal.do(CASE, wanted)).events) == 1
            assert (await legal.do(CASE, wanted)).events == ()
        assert await legal.service.limitation.home_of(demand.proof) == CASE
        assert await legal.service.limitation.home_of("prf_1") is None


async def test_a_proof_of_a_debt_lies_on_the_debts_own_stream(tmp_path: Path) -> None:
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        await legal.opened(on=date(2022, 1, 4))
        digits = DEBTS[1].partition("-")[2].replace("-", "")
        of_debt = p.ProofRecorded(
            proof=f"prf_{digits}{'7':0>16}", kind="performance_due", on=DUE, case=None, debts=(DEBTS[1],), person=None,
            medium=None, to=None, evidence="BOOK", source="CASE", source_ref="x", matter=None, document=None,
            by="service:case",
        )  # fmt: skip
        await legal.do(CASE, c.RecordProof(proof=of_debt))
        found = await legal.service.limitation.case(CASE)
        home = await legal.service.limitation.home_of(of_debt.proof)
        await legal.do(DEBTS[1], retraction(of_debt, legal))
        gone = await legal.service.limitation.case(CASE)
    assert home == DEBTS[1]
    assert {one.debt: one.state for one in found.readings} == {DEBTS[0]: "NOT_STARTED", DEBTS[1]: "EXPIRED"}
    assert {one.state for one in gone.readings} == {"NOT_STARTED"}


async def test_a_warning_is_given_once_for_each_end(tmp_path: Path) -> None:
    async with legal_in(tmp_path, FixedClock(NOON)) as legal:
        await legal.opened(on=date(2022, 1, 4))
        near = p.LimitationNear(
            case=CASE, debt=DEBTS[0], clock="limitation", person=None, within=90, as_of=legal.today, raw_on=DUE,
            expires_on=DUE, weakest=None,
        )  # fmt: skip
        assert len((await legal.do(CASE, c.WarnOfLimitation(near=near))).events) == 1
        assert (await legal.do(CASE, c.WarnOfLimitation(near=near))).events == ()
