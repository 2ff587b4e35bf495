"""Case and contact hear each other: each fact once, whatever died in between; a fault is parked and retried."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.domain import attempts
from services.case.domain import events as e
from services.case.domain.case_commands import CloseCase, LiftHold, PlaceHold
from services.case.domain.state import ClosedCase, OpenCase
from services.contact.domain import commands as c
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.facts.standing import FlagLifted, FlagRaised
from services.contact.domain.told import flags
from services.contact.domain.told.flags import cases_of
from services.main.hearing import SheetsInProcess, case_hears, contact_hears
from shared.eventstore.verify import verify
from shared.kernel.clock import FixedClock
from shared.messaging.source import FeedInProcess
from tests.kit.ledgers import backends
from tests.kit.platform import Both, both

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
REF = "D-4711"


class Killed(BaseException):
    """The process is gone."""


async def facts(service: Any, stream: str, *kinds: type) -> list[Any]:
    return [seen.event for seen in await service.ledger.whole_stream(stream) if isinstance(seen.event, kinds)]


async def call(it: Both, case: str | None, *, number: int = 1, outcome: str = "conversation") -> str:
    """A call that was made a while ago; the permit it had, if any, is not told."""
    subject = it.contact.acts.subject_id(REF)
    ref = it.contact.acts.attempt_id(subject, "dialer-7", f"call-{number}")
    at = it.clock.now() - timedelta(minutes=5)
    report = c.ReportAttempt(
        attempt=ref, source="dialer-7", source_ref=f"call-{number}", channel="voice", at=at, case=case,
        outcome=c.Outcome(outcome=outcome, at=at),
    )  # fmt: skip
    await it.on_subject(REF, report, f"call-{number}-{outcome}")
    return ref


@backends
async def test_a_case_is_linked_under_the_same_subject_and_an_attempt_comes_back_to_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_dsn") if backend == "postgres" else None
    async with both(tmp_path, FixedClock(NOON), shards=4, server=server) as it:
        case = await it.open_case(REF)
        await it.hear()
        subject = it.contact.acts.subject_id(REF)
        known = (await it.contact.acts.load(subject)).state
        assert cases_of(known)[case].open
        assert len(cases_of(known)[case].debts) == 1

        ref = await call(it, None)
        await it.hear()
        await it.hear()
        [attempted] = await facts(it.case, case, e.ContactAttempted)
        assert (attempted.attempt_ref, attempted.channel, attempted.outcome) == (ref, "VOICE", "RIGHT_PARTY")
        assert "NO-PERMIT" in attempted.breach, "its rules come with it"
        assert attempted.at == NOON - timedelta(minutes=5)


async def test_what_is_known_later_of_an_attempt_is_another_fact(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await it.open_case(REF)
        await it.hear()
        ref = await call(it, case)
        await it.hear()
        await it.on_subject(REF, c.RetractAttempt(attempt=ref, reason="ERROR"), "retract")
        await it.hear()
        assert len(await facts(it.case, case, e.ContactAttempted)) == 1
        revised = await facts(it.case, case, e.ContactRevised)
        assert (revised[-1].attempt_ref, revised[-1].retracted) == (ref, True)
        for service in (it.case, it.contact):
            report = await verify(service.ledger)
            assert (report.found, report.checked > 0) == (0, True), "what was heard verifies as well"


async def test_an_outcome_corrected_and_corrected_back_is_what_the_case_knows(tmp_path: Path) -> None:
    """A case that was closed since is told as well: it knows of the attempt."""
    clock = FixedClock(NOON)
    async with both(tmp_path, clock) as it:
        case = await it.open_case(REF)
        await it.hear()
        ref = await call(it, None, outcome="ring_no_answer")
        await it.hear()
        known = []
        for number, outcome in enumerate(("conversation", "ring_no_answer")):
            clock.advance(timedelta(minutes=1))
            corrected = c.RecordOutcome(attempt=ref, outcome=c.Outcome(outcome=outcome, at=clock.now()))
            await it.on_subject(REF, corrected, f"corrected-{number}")
            await it.hear()
            state = (await it.case.acts.load(case)).state
            worked = state.was if isinstance(state, ClosedCase) else state
            assert isinstance(worked, OpenCase)
            known += [one.outcome for one in attempts.known(worked.facts)]
            await it.on_case(case, CloseCase(on=it.today, reason="SOLD"), "close")
            await it.hear()
        assert known == ["RIGHT_PARTY", "NO_ANSWER"]
        assert len(await facts(it.case, case, e.ContactAttempted)) == 1


async def test_a_refusal_stands_on_the_case_with_its_rules(tmp_path: Path) -> None:
    midnight = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    async with both(tmp_path, FixedClock(midnight)) as it:
        case = await it.open_case(REF)
        await it.hear()
        permit = it.contact.acts.permit_id(it.contact.acts.subject_id(REF), client="test", key="night")
        proposed = Proposed(
            at=midnight, channel="voice", role="debtor", collector_role="first_party", case=case
        )
        await it.on_subject(REF, c.AskPermit(permit=permit, proposed=proposed, asked_by="user:lin"), "night")
        await it.hear()
        [refused] = await facts(it.case, case, e.ContactRefused)
        assert refused.refusal == permit
        assert refused.rules


async def test_a_hold_raises_a_flag_and_its_end_lifts_it(tmp_path: Path) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await it.open_case(REF)
        hold = PlaceHold(
            ref="hld_1", kind="ATTORNEY", on=it.today, until=None, reason="ATTORNEY", stops_interest=False
        )
        await it.on_case(case, hold, "hold")
        await it.hear()
        subject = it.contact.acts.subject_id(REF)
        [raised] = await facts(it.contact, subject, FlagRaised)
        assert (raised.flag, raised.cause, raised.origin) == ("attorney_represented", "hld_1", "CASE")
        await it.on_case(case, LiftHold(hold="hld_1", on=it.today, reason="ENDED"), "lift")
        await it.hear()
        [lifted] = await facts(it.contact, subject, FlagLifted)
        assert (lifted.flag, lifted.cause) == ("attorney_represented", "hld_1")


async def test_dying_between_the_effect_and_the_place_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is heard, the process dies before its place is kept, and the next hears it all again: both ways."""
    async with both(tmp_path, FixedClock(NOON)) as it:
        case = await it.open_case(REF)
        subject = it.contact.acts.subject_id(REF)
        heads = []
        for _ in range(3):
            reader = contact_hears(it.contact, FeedInProcess(it.case.feed), SheetsInProcess(it.case))
            monkeypatch.setattr(reader._place, "move", killed)
            with pytest.raises(Killed):
                await reader.catch_up()
            heads.append(len(await it.contact.ledger.whole_stream(subject)))
        assert heads[0] == heads[1] == heads[2] > 0
        await it.hear()
        assert len(await it.contact.ledger.whole_stream(subject)) == heads[0]

        await call(it, case)
        for _ in range(2):
            listener = case_hears(it.case, FeedInProcess(it.contact.feed))
            monkeypatch.setattr(listener._place, "move", killed)
            with pytest.raises(Killed):
                await listener.catch_up()
        await it.hear()
        assert len(await facts(it.case, case, e.ContactAttempted)) == 1


async def killed(*_: object) -> None:
    raise Killed


async def test_an_event_that_cannot_be_heard_is_parked_and_retried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with both(tmp_path, FixedClock(NOON)) as it:
        case, other = await it.open_case(REF), await it.open_case("D-4712")
        follow = flags.follow

        def faulty(said: Any, *more: Any, **named: Any) -> Any:
            if said.about == case:
                raise KeyError("debts")
            return follow(said, *more, **named)

        monkeypatch.setattr(flags, "follow", faulty)
        reader = contact_hears(it.contact, FeedInProcess(it.case.feed), SheetsInProcess(it.case))
        await reader.catch_up()
        [parked] = await reader.parked()
        assert (parked.stream, parked.error) == (case, "KeyError")
        theirs = (await it.contact.acts.load(it.contact.acts.subject_id("D-4712"))).state
        assert cases_of(theirs)[other].open, "the others went on"
        monkeypatch.undo()
        done = await contact_hears(it.contact, FeedInProcess(it.case.feed), SheetsInProcess(it.case)).retry(
            parked
        )
        assert done.error is None
        ours = (await it.contact.acts.load(it.contact.acts.subject_id(REF))).state
        assert cases_of(ours)[case].open
