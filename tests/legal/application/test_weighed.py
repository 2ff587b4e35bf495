"""What a filing was weighed on cannot change under it: also on streams that it adds nothing to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from services.legal.application.handle import LegalDesk
from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from services.legal.domain.limitation.rule import ClaimExpired
from shared.eventstore.port import Command, StaleVersion
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from tests.legal.kit import DEBTS, Legal, backends, legal_in, place_for

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DUE, DEMANDED = date(2022, 1, 31), date(2024, 6, 3)
DEBT = DEBTS[0]
DEMAND = f"prf_{DEBT.removeprefix('account-').replace('-', '')}{'d' * 16}"


async def approved(legal: Legal) -> tuple[str, str]:
    """A matter whose claim lives by one demand that lies on the debt's own stream; its suit is approved."""
    matter = await legal.opened(debts=(DEBT,), on=DUE)
    await legal.tell(
        p.InstalmentTold(debt=DEBT, instalment="last", due=DUE, on=DUE, source_ref="told:1"), about=DEBT
    )
    demand = p.ProofRecorded(
        proof=DEMAND, kind="demand_delivered", on=DEMANDED, case=None, debts=(DEBT,), person=None, medium="letter",
        to=None, evidence="SIGNED", source="CONTACT", source_ref="cat_1", matter=None, document=None, by="contact",
    )  # fmt: skip
    await legal.do(DEBT, c.RecordProof(proof=demand))
    track = legal.thing("trk", matter, "suit")
    assessed = s.SuitAssessed(
        track=track, step=legal.step_id(matter), on=legal.today, document=None, procedure="ORDINARY",
        court="CN-3100-0101", cause="LOAN", against=(), amount=Money(100, "CNY"), by="user:wang",
    )  # fmt: skip
    await legal.step(matter, assessed)
    await legal.step(
        matter,
        s.SuitApproved(track=track, step=legal.step_id(matter), on=legal.today, document=None, by="user:lin"),
    )
    return matter, track


def filing(legal: Legal, matter: str, track: str) -> c.TakeStep:
    step = s.SuitFiled(
        track=track, step=legal.thing("stp", matter, "filed"), on=legal.today, document=None,
        amount=Money(100, "CNY"), override=None,
    )  # fmt: skip
    return c.TakeStep(step=step, by="user:wang")


async def gone(legal: Legal) -> None:
    """The demand had gone to a stranger."""
    retracted = c.RetractProof(proof=DEMAND, on=legal.today, reason="NOT_THE_DEBTOR", by="user:lin")
    await legal.do(DEBT, retracted)


@backends
async def test_a_filing_and_the_retraction_of_its_proof_cannot_miss_each_other(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        matter, track = await approved(legal)
        desk: LegalDesk = legal.service.acts
        command = filing(legal, matter, track)
        known = await desk.load(matter, command)
        led = desk.decide(known, command)
        assert led.refusal is None
        await gone(legal)
        writes = await desk.writes(known, led, actor="user:lin")
        late = Command(
            tenant="default", command_id=UUID(int=7), fingerprint=b"", actor="user:lin", writes=writes,
            correlation=None, status=201, refs=b"",
        )  # fmt: skip
        with pytest.raises(StaleVersion):
            await legal.service.ledger.commit(late)
        with pytest.raises(ClaimExpired):
            await legal.do(matter, command, key="file")
        with pytest.raises(ClaimExpired) as again:
            await legal.do(matter, command, key="file")
        found = await legal.of(matter)
    assert again.value.context["rule"]
    assert len(list(found.all(m.StepRefused))) == 1
    assert not list(found.all(s.SuitFiled))


@backends
async def test_a_filing_whose_ground_is_untouched_is_stored_and_the_proof_goes_with_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = place_for(backend, tmp_path, request)
    async with legal_in(tmp_path, FixedClock(NOON), place=place) as legal:
        matter, track = await approved(legal)
        done = await legal.do(matter, filing(legal, matter, track))
        [proof] = [one for one in done.events if isinstance(one, p.ProofRecorded)]
        untouched = (await legal.claims()).streams[DEBT].version
        await gone(legal)
        claims = await legal.claims()
    assert (proof.kind, proof.thing) == ("sued", track)
    assert claims.of_case.proofs[proof.proof] == proof
    assert claims.streams[DEBT].version == untouched + 1
