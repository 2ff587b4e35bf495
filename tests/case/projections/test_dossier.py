"""A case at one glance: what the row says is what the judged case says, whatever happened, and what is erased."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.application.asked_as_of import CaseClocks
from services.case.application.handle import CaseDesk
from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.case_facts import DERIVED
from services.case.domain.judge import Picture
from services.case.domain.policy import CN_RETAIL_1, POLICIES
from services.case.projections.all_views import VIEWS
from services.case.projections.dossier import DOSSIERS, VIEW, Dossier, apply, dossier
from services.case.projections.dossier_things import OFFERED, OPEN, still_open
from shared.eventstore.port import Row
from shared.eventstore.projection.view import Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from tests.case.projections.lives import Lived, march, portfolio
from tests.case.projections.portfolio import desk
from tests.case.projections.test_rebuilt import _forget_all_keys
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, DAY, Life, cny

TOLD = ("write_offs", "matters", "limitations")
"""Kinds of which a picture has nothing: they wait for somebody, or another service told of them."""
KINDS = tuple(kind for kind in OPEN if kind not in TOLD)


def agrees(row: Dossier, picture: Picture) -> None:
    """What runs or waits is the same in the row and in the judged case."""
    said = row.as_json()
    for kind in KINDS:
        judged = {ref for ref, one in getattr(picture, kind).items() if one.status in OPEN[kind]}
        shown = {ref for ref, one in said["open"].get(kind, {}).items() if one["status"] != OFFERED}
        assert shown == judged, kind
    assert said["keeps_open"] == sorted(picture.guards)
    assert said["mode"] == picture.mode
    assert (said["lifecycle"] == "closed") == (picture.ended is not None)
    holds = said["open"].get("holds", {}).items()
    held = {
        ref: one["until"] and date.fromisoformat(one["until"])
        for ref, one in holds
        if ref.startswith(DERIVED)
    }
    assert held == {ref: one.until for ref, one in picture.holds.items() if ref.startswith(DERIVED)}
    due = [one.due for one in picture.promises.values() if one.status in OPEN["promises"]]
    assert row.promise_due == min(due, default=None)


@backends
async def test_the_row_says_what_the_judged_case_says(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        lived: dict[str, Lived] = await portfolio(it.ledger)
        acts = CaseDesk(ledger=it.ledger, tenant="default", policies=POLICIES)
        clocks = CaseClocks(desk=acts, tenant="default", policies=POLICIES)
        for one in lived.values():
            await one.sweep(date(2026, 4, 30))
            seen = await clocks.case(one.case_id, as_of=date(2026, 4, 30))
            row = await it.projections.ask(lambda k, ref=one.case_id: dossier(k, ref), VIEW)
            assert row is not None
            agrees(row, seen.picture)
            assert await it.projections.parked(VIEW) == []
            assert (row.version, row.position, row.debtor_ref) == (seen.version, seen.position, one.debtor)
        assert await it.projections.ask(lambda k: dossier(k, "case-none")) is None


class Glance:
    """The row of one case that lives without a ledger."""

    def __init__(self) -> None:
        self.life, self.rows, self.told = Life(), Working([DOSSIERS.name]), 0

    def row(self) -> Dossier:
        """The row after all that happened."""
        for event in self.life.events[self.told :]:
            self.told += 1
            apply(_recorded(event, self.told), self.rows)
        found = self.rows.get(DOSSIERS, "case-1")
        assert found is not None
        return Dossier(*found)

    def agrees(self) -> Dossier:
        """The row, which says what the judged case says."""
        row = self.row()
        agrees(row, self.life.picture())
        return row


def _recorded(event: object, version: int) -> Recorded[object]:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    row = Row(
        lane=1, position=version, stream_id="case-1", version=version, type=f"case.{type(event).__name__}", schema=1,
        event_id=bytes(16), effective_at=at, recorded_at=at, actor="user:chen", causation_id=None,
        correlation_id=bytes(16), command_id=bytes(16), policy=CN_RETAIL_1.version.id, leaf=b"", body=b"",
    )  # fmt: skip
    return Recorded(row, event)


def test_promises_payments_and_attempts_from_one_act_to_the_next() -> None:
    it = Glance()
    it.life.open()
    assert it.agrees().as_json()["last_payment"] is None
    due = DAY + timedelta(days=10)
    it.life.do(m.TakePromise(ref="prm_1", on=DAY, amount=cny(30_000), due=due, given_by="DEBTOR"))
    assert it.agrees().promise_due == due
    day = DAY + timedelta(days=4)
    it.life.do(m.RecordPayment(ref="pay_1", account=ACCOUNT, on=day, amount=cny(30_000), channel="BANK"))
    assert it.agrees().promise_due is None
    it.life.do(
        m.RecordPaymentReturn(
            ref="ret_1", payment="pay_1", on=day + timedelta(days=1), amount=None, reason="NO_FUNDS"
        )
    )
    row = it.agrees()
    assert row.promise_due == due, "the promise runs again"
    assert row.as_json()["last_payment"] == {
        "on": day.isoformat(),
        "amount": {"amount": "300.00", "currency": "CNY"},
        "returned": {"amount": "300.00", "currency": "CNY"},
    }
    it.life.do(c.AssignCase(ref="alo_1", on=day, collector="user:lin", reason="NEW"))
    assert it.agrees().collector == "user:lin"


def test_the_hold_of_a_relief_ends_when_the_relief_does() -> None:
    it = Glance()
    it.life.open()
    it.life.do(c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY))
    it.agrees()
    until, later = DAY + timedelta(days=15), DAY + timedelta(days=50)
    it.life.do(
        c.GrantRelief(relief="rlf_1", on=DAY, until=until, measures=("GRACE",), ageing="FREEZE", by="user:b")
    )
    assert it.agrees().as_json()["open"]["holds"][DERIVED + "rlf_1"]["until"] == until.isoformat()
    it.life.do(c.ExtendRelief(ref="rex_1", relief="rlf_1", on=DAY, until=later, by="user:b"))
    assert it.agrees().as_json()["open"]["holds"][DERIVED + "rlf_1"]["until"] == later.isoformat()


def test_a_plan_shows_the_next_instalment_and_how_it_stands() -> None:
    it = Glance()
    it.life.open()
    first = DAY + timedelta(days=5)
    it.life.do(m.QuotePlan(ref="quo_1", on=DAY, total=cny(60_000), count=3, first_due=first))
    it.life.do(m.OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="AFF-1"))
    assert it.agrees().plan_status == "OFFERED"
    it.life.do(m.AgreePlan(plan="pln_1", on=DAY, supplement="DOC-1"))
    row = it.agrees()
    assert (row.plan_status, row.instalment_due, row.guards) == ("ACTIVE", first, "PLAN")
    it.life.do(m.RecordPayment(ref="pay_1", account=None, on=first, amount=cny(20_000), channel="BANK"))
    following = it.agrees().instalment_due
    assert following is not None
    assert following > first
    it.life.sweep_until(first + timedelta(days=120))
    row = it.agrees()
    assert (row.plan_status, row.instalment_due, row.guards) == ("DEFAULTED", None, "")


def test_an_attempt_told_late_counts_and_is_not_the_last() -> None:
    it = Glance()
    it.life.open()
    for number, hour, outcome in ((1, 9, "REACHED"), (2, 3, "NO_ANSWER")):
        at = datetime(2026, 3, 2, hour, tzinfo=UTC)
        attempt = c.RecordAttempt(
            attempt_ref=f"cat_{number}", at=at, on=DAY, channel="VOICE", outcome=outcome, actor_kind="COLLECTOR",
            permit=None,
        )  # fmt: skip
        it.life.do(attempt)
    row = it.agrees()
    assert (row.attempts, row.attempt_outcome) == (2, "REACHED")


def test_an_attempt_is_shown_as_it_is_known_now() -> None:
    it = Glance()
    it.life.open()
    for number, hour in ((1, 3), (2, 9)):
        at = datetime(2026, 3, 2, hour, tzinfo=UTC)
        it.life.do(
            c.RecordAttempt(
                attempt_ref=f"cat_{number}", at=at, on=DAY, channel="VOICE" if number == 2 else "SMS",
                outcome="NO_ANSWER", actor_kind="COLLECTOR", permit=None,
            )
        )  # fmt: skip

    def revised(revision: int, outcome: str, *, retracted: bool = False) -> tuple[Any, ...]:
        it.life.do(
            c.ReviseAttempt(
                attempt_ref="cat_2", revision=revision, at=datetime(2026, 3, 2, 9, tzinfo=UTC), on=DAY,
                outcome=outcome, permit=None, rules=(), retracted=retracted,
            )
        )  # fmt: skip
        row = it.agrees()
        return row.attempts, row.attempt_channel, row.attempt_outcome

    assert revised(3, "RIGHT_PARTY") == (2, "VOICE", "RIGHT_PARTY")
    assert revised(2, "THIRD_PARTY") == (2, "VOICE", "RIGHT_PARTY"), "an older revision that came late"
    assert revised(4, "NO_ANSWER") == (2, "VOICE", "NO_ANSWER")
    assert revised(5, "NO_ANSWER", retracted=True) == (1, "SMS", "NO_ANSWER"), "there was one only"


def test_an_answer_that_is_late_is_marked_until_it_is_given() -> None:
    it = Glance()
    it.life.open()
    it.life.do(c.LogComplaint(ref="cmp_1", on=DAY, kind="CONDUCT", attempts=()))
    assert "overdue_since" not in it.agrees().as_json()["open"]["complaints"]["cmp_1"]
    it.life.sweep_until(DAY + timedelta(days=40))
    assert it.agrees().as_json()["open"]["complaints"]["cmp_1"]["overdue_since"] > DAY.isoformat()
    answered = c.AnswerComplaint(
        complaint="cmp_1", on=it.life.today, finding="NO_BREACH", redress=None, by="user:chen"
    )
    it.life.do(answered)
    assert "complaints" not in it.agrees().as_json()["open"]


def test_things_that_nobody_waits_for_are_left_out() -> None:
    things = {"promises": {"prm_1": {"status": "KEPT"}}, "holds": {}}
    assert still_open(things) == {}


@backends
async def test_what_was_erased_leaves_a_row_that_says_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        lived = await portfolio(it.ledger)
        await it.projections.catch_up()
    _forget_all_keys(backend, tmp_path, request)
    async with desk(backend, tmp_path, request) as it:
        assert (await it.projections.rebuild(VIEWS)).parked == 0
        for one in lived.values():
            stream = await it.ledger.whole_stream(one.case_id)
            assert all(isinstance(seen.event, Erased) for seen in stream)
            row = await it.projections.ask(lambda k, ref=one.case_id: dossier(k, ref), VIEW)
            assert row is not None
            assert (row.debtor_ref, row.collector, row.arrears_minor, row.things) == (None, None, None, "{}")
            assert (row.version, march(1) <= row.opened_on) == (stream[-1].version, True)
