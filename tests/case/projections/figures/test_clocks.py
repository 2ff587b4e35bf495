"""Figures on both clocks: for any history in any order of arrival, what plain counting over the same events gives."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.case.domain import events as e
from services.case.domain import money_commands as m
from services.case.domain.figures import catalogue
from services.case.domain.figures.asked import Asked
from services.case.domain.figures.rules import CONNECTED, RIGHT_PARTY
from services.case.domain.policy import CN_RETAIL_1
from services.case.projections import balances
from services.case.projections.all_views import VIEWS
from services.case.projections.figures import counted, questions, shown, standings
from services.case.projections.figures.counted import COUNTED
from services.case.projections.figures.standings import INSTALMENTS, STANDINGS
from services.case.projections.staffing import directory
from shared.eventstore.port import Row
from shared.eventstore.projection.view import Working
from shared.eventstore.recorded import Recorded
from shared.kernel.money import Money
from shared.kernel.parts import of
from tests.case.projections.figures.asking import Case, answer, bridged, sides
from tests.case.projections.lives import cny, march
from tests.case.projections.portfolio import desk, lines_of
from tests.kit.ledgers import backends
from tests.kit.statements import month_end

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.integers(1, 31).map(march)
case_ids = st.sampled_from(["case-1", "case-2", "case-3"])
outcomes = st.sampled_from(["NO_ANSWER", "RIGHT_PARTY", "THIRD_PARTY", "SOMETHING_NEW"])
refs = st.integers(1, 6).map(lambda n: f"ref-{n}")
acts = st.one_of(
    st.builds(
        e.ContactAttempted, attempt_ref=refs, at=st.just(START), on=days, channel=st.sampled_from(["VOICE", "SMS"]),
        outcome=outcomes, actor_kind=st.just("COLLECTOR"), permit=st.none(), breach=st.just(()),
    ),
    st.builds(
        e.PromiseToPay, promise=refs, on=days, amount=st.integers(1, 9_999).map(cny), due=days, given_by=st.just("D"),
    ),
    st.builds(
        e.CaseAllocated, allocation=refs, on=days, reason=st.just("RULE"),
        collector=st.sampled_from(["user:li", "user:wu"]),
    ),
)  # fmt: skip
histories = st.lists(st.tuples(case_ids, acts), max_size=25)


def known_at(number: int) -> datetime:
    """When the event of that number was recorded."""
    return START + timedelta(minutes=number)


def seen(stream: str, number: int, event: object) -> Recorded[Any]:
    """An event as the view sees it."""
    stored = Row(
        lane=1, position=number, stream_id=stream, version=number, type=f"case.{type(event).__name__}", schema=1,
        event_id=bytes(16), effective_at=START, recorded_at=known_at(number), actor="user:chen", causation_id=None,
        correlation_id=bytes(16), command_id=number.to_bytes(16, "big"), policy=CN_RETAIL_1.version.id, leaf=b"",
        body=b"",
    )  # fmt: skip
    return Recorded(stored, event)


def filled(told: Sequence[tuple[str, object]], view: Any, *tables: sa.Table) -> sa.Connection:
    """A database with what these events, in this order of arrival, give to count."""
    rows = Working([table.name for table in tables])
    for number, (stream, event) in enumerate(told, 1):
        view.apply(seen(stream, number, event), rows)
    connection = sa.create_engine("sqlite://").connect()
    for table in (*tables, balances.POSTINGS, directory.STAFF, directory.SAID):
        table.create(connection, checkfirst=True)
    if COUNTED not in tables:
        COUNTED.create(connection)
    for table in tables:
        if rows.added[table.name]:
            names = [column.name for column in table.columns]
            said = [dict(zip(names, one, strict=True)) for one in rows.added[table.name]]
            connection.execute(sa.insert(table), said)
    return connection


def found(connection: sa.Connection, name: str, **asked: Any) -> dict[tuple[str | None, ...], Any]:
    """(measure, group) -> above, below."""
    told = questions.answer(connection, name, Asked(**asked))
    return {(one.measure.code, one.group): (one.above, one.below) for one in told.figures}


@quick
@given(histories, days, days, st.integers(0, 25), st.booleans())
def test_contacts_are_those_of_plain_counting_on_any_two_clocks(
    history: list[tuple[str, Any]], first: date, last: date, number: int, by_collector: bool
) -> None:
    first, last = min(first, last), max(first, last)
    connection = filled(history, counted.VIEW, COUNTED)
    by = "collector" if by_collector else None
    ours = found(connection, "contact", as_of=last, from_=first, to=last, known_at=known_at(number), by=by)
    known = history[:number]
    expected: dict[tuple[str | None, ...], tuple[int, int]] = {}

    def add(measure: str, group: str | None, above: bool, below: bool) -> None:
        was = expected.get((measure, group), (0, 0))
        expected[measure, group] = (was[0] + above, was[1] + below)

    reached: dict[tuple[str | None, str], bool] = {}
    for case_id, event in known:
        if not isinstance(event, e.ContactAttempted) or not first <= event.on <= last:
            continue
        group = _holder(known, case_id, event.on) if by_collector else None
        right = event.outcome in RIGHT_PARTY
        add("connect", group, event.outcome in CONNECTED, True)
        add("right_party_per_attempt", group, right, True)
        if event.outcome in CONNECTED:
            add("right_party_per_connect", group, right, True)
        reached[group, case_id] = right or reached.get((group, case_id), False)
    for (group, _), right in reached.items():
        add("right_party_per_account", group, right, True)
    assert ours == expected


def _holder(known: Sequence[tuple[str, Any]], case_id: str, day: date) -> str | None:
    """Who held the case at the end of a day: the latest allocation, of one day the last recorded."""
    told = [
        one for case, one in known if case == case_id and isinstance(one, e.CaseAllocated) and one.on <= day
    ]
    return max(enumerate(told), key=lambda pair: (pair[1].on, pair[0]))[1].collector if told else None


@quick
@given(histories, days, days, st.integers(0, 25))
def test_promises_taken_are_those_of_plain_counting(
    history: list[tuple[str, Any]], first: date, last: date, number: int
) -> None:
    first, last = min(first, last), max(first, last)
    connection = filled(history, counted.VIEW, COUNTED)
    ours = found(connection, "promise", as_of=last, from_=first, to=last, known_at=known_at(number))
    known = [(case, one) for case, one in history[:number] if first <= _day(one) <= last]
    talks = [
        (case, one.on)
        for case, one in known
        if isinstance(one, e.ContactAttempted) and one.outcome in RIGHT_PARTY
    ]
    taken = [(case, one.on) for case, one in known if isinstance(one, e.PromiseToPay)]
    outbound = [one for one in taken if one in talks]
    expected = {}
    if talks or outbound:
        expected["promise_to_pay", None] = (len(outbound), len(talks))
    if taken:
        expected["inbound", None] = (len(taken) - len(outbound), len(taken))
    assert ours == expected


def _day(event: Any) -> date:
    on: date = event.on
    return on


balances_said = st.builds(
    e.BalanceReported,
    as_of=days,
    balance=st.integers(-500, 9_999).map(cny),
    overdue=st.none(),
    days_past_due=st.integers(0, 150),
    paid=st.just(Money(0, "CNY")),
    revision=st.integers(0, 9),
)


@quick
@given(
    st.lists(st.tuples(st.sampled_from(["account-1", "account-2", "account-3"]), balances_said), max_size=20),
    days, days, st.integers(0, 20),
)  # fmt: skip
def test_roll_and_overdue_are_those_of_plain_counting(
    history: list[tuple[str, e.BalanceReported]], first: date, last: date, number: int
) -> None:
    first, last = min(first, last), max(first, last)
    connection = filled(history, standings.VIEW, STANDINGS, INSTALMENTS)

    def at(day: date) -> dict[str, e.BalanceReported]:
        latest: dict[str, e.BalanceReported] = {}
        for account, one in history[:number]:
            if one.as_of <= day and (account not in latest or one.as_of >= latest[account].as_of):
                latest[account] = one
        return latest

    asked = Asked(as_of=last, from_=first, to=last, known_at=known_at(number))
    before, after = at(asked.opening), at(last)
    told = questions.answer(connection, "roll", asked)
    moved = {
        (one.row, "M0" if one.cell == "CURED" else one.cell): one.above
        for one in told.figures
        if one.measure.code == "accounts"
    }
    expected: dict[tuple[str, str], int] = {}
    for account, one in before.items():
        pair = (_bucket(one.days_past_due or 0), _bucket(after[account].days_past_due or 0))
        expected[pair] = expected.get(pair, 0) + 1
    assert moved == expected
    late = questions.answer(connection, "overdue", asked)
    [par] = [one for one in late.figures if (one.measure.code, one.row) == ("balance", "PAR-30")] or [None]
    book = [max(one.balance.minor, 0) for one in after.values()]
    over = [max(one.balance.minor, 0) for one in after.values() if (one.days_past_due or 0) > 30]
    assert ((par.above, par.below) if par else (0, 0)) == (sum(over), sum(book))


def _bucket(late: int) -> str:
    return "M0" if late < 1 else "M1" if late < 31 else "M2" if late < 61 else "M3" if late < 91 else "M4+"


def test_days_past_due_of_a_book_come_from_its_oldest_instalment() -> None:
    def due(name: str, on: int, paid: int, said: int) -> tuple[str, object]:
        return "account-1", e.InstalmentScheduled(
            instalment=name, revision=0, on=march(said), due=march(on), amounts=of([0, 0, 0, 100], "CNY"),
            fee=cny(0), paid=cny(paid), paid_on=None,
        )  # fmt: skip

    told = [due("1", 2, 0, 1), due("2", 12, 0, 1), due("1", 2, 100, 15)]
    connection = filled(told, standings.VIEW, STANDINGS, INSTALMENTS)

    def late(day: int, number: int = 9) -> int | None:
        return standings.standings(connection, march(day), known_at=known_at(number))["account-1"].days

    assert [late(1), late(10), late(14)] == [0, 8, 12]
    assert [late(20), late(20, number=2)] == [8, 18], "the payment of the 15th was learnt of third"
    gone = ("account-1", e.InstalmentWithdrawn(instalment="2", on=march(20)))
    connection = filled([*told, gone], standings.VIEW, STANDINGS, INSTALMENTS)
    assert late(21) == 0


@backends
async def test_of_an_empty_store_every_figure_is_an_answer_with_nothing_in_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        for name, one in catalogue.KPIS.items():
            for by in (None, *one.by):
                assert (await answer(it, name, by=by)).figures == []


@backends
async def test_what_was_known_never_changes_whatever_comes_to_light(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Every figure, on every pair of clocks there has been: asked again at the end it answers the same."""
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(12))
        case = await Case(it.ledger, "LIFE").open(on=date(2026, 2, 20))
        told: dict[tuple[str, date, datetime], Any] = {}
        steps = (
            case.attempt("att-1", march(2), "RIGHT_PARTY"), case.promise("prm-a", 5_000, march(6)),
            case.pay("pay-a", 5_000, march(5)), case.sweep(march(12)), case.bounce("pay-a", march(14)),
            case.give_to("user:li", march(3)), case.sweep(march(25)),
        )  # fmt: skip
        for step in steps:
            await step
            for name in ("contact", "promise", "promise-kept", "recovery", "days", "complaints", "cure"):
                for day in (march(4), march(13), march(31)):
                    told[name, day, case.known[-1]] = await sides(it, name, day, known_at=case.known[-1])
        assert len({repr(one) for one in told.values()}) > 10
        for (name, day, known), before in told.items():
            assert await sides(it, name, day, known_at=known) == before, (name, day, known)


@backends
async def test_a_correction_of_a_statement_changes_the_roll_only_from_then_on(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        lines = lines_of(12)
        await it.take_in(lines)
        last, first = month_end(5), month_end(4)
        asked = {"from_": first + timedelta(days=1)}
        before = await sides(it, "roll", last, **asked)
        known = datetime.now(UTC)
        wrong = next(line for line in lines if line.as_of == last and line.months_past_due)
        right = type(wrong)(
            **{name: getattr(wrong, name) for name in wrong.__struct_fields__} | {"months_past_due": 0}
        )
        await it.take_in([right], corrections=True)
        assert await sides(it, "roll", last, known_at=known, **asked) == before
        assert await sides(it, "roll", last, **asked) != before


@backends
async def test_the_bridge_lists_what_changed_and_the_events_that_caused_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case, other = await Case(it.ledger, "B-1").open(), await Case(it.ledger, "B-2").open()
        for one in (case, other):
            await one.promise("prm-a", 5_000, march(6))
            await one.pay("pay-a", 5_000, march(5))
            await one.sweep(march(20))
        first = other.known[-1]
        await case.bounce("pay-a", march(21))
        await other.do(
            m.RecordPayment(ref="pay-b", account=None, on=march(25), amount=cny(1), channel="CARD")
        )
        found_ = await bridged(it, "promise-kept", first, other.known[-1])
        by_code = {one.before.measure.code: one for one in found_.figures if one.before}
        kept = by_code["by_count"]
        assert kept.before is not None
        assert kept.after is not None
        assert (kept.before.value, kept.after.value) == (1, Fraction(1, 2))
        assert {one.item.case_id for one in found_.changes} == {case.case_id}, "the other one did not change"
        for change in found_.changes:
            types = [cause.type for cause in change.because]
            assert {"case.PaymentReturned", "case.PromiseReopened", "case.PromiseBroken"} <= set(types)
            assert all(first < cause.recorded_at <= other.known[-1] for cause in change.because)
        assert found_.restated()["by_count", ""] == Fraction(1, 2)
        assert found_.restated()["by_money", "CNY"] == Fraction(1, 2)
        same = await bridged(it, "promise-kept", first, first)
        assert (same.changes, set(same.restated().values())) == ([], {0, None})


def test_the_views_of_figures_are_among_those_of_the_service() -> None:
    assert set(questions.VIEWS) <= set(VIEWS)
    for name in catalogue.KPIS:
        assert set(questions.views(name, "team")) <= set(VIEWS)


def test_what_is_from_before_go_live_is_marked_and_can_be_left_out() -> None:
    told = [
        ("case-1", _attempt("old")),
        (
            "case-1",
            e.HistoryTaken(
                what="ATTEMPT", thing="old", fact="ContactAttempted", on=march(3), origin="OLD_SYSTEM",
                evidence="RECORD", run="run-1",
            ),
        ),
        ("case-1", _attempt("new")),
    ]  # fmt: skip
    connection = filled(told, counted.VIEW, COUNTED)
    asked = Asked(as_of=march(31), from_=march(1), to=march(31))
    with_it = questions.answer(connection, "contact", asked)
    assert [(one.below, one.of_history) for one in with_it.figures if one.measure.code == "connect"] == [
        (2, 1)
    ]
    assert "HISTORY" in {note["code"] for note in shown.document(with_it)["notes"]}
    without = questions.answer(connection, "contact", replace(asked, history=False))
    assert [(one.below, one.of_history) for one in without.figures if one.measure.code == "connect"] == [
        (1, 0)
    ]
    assert shown.document(without)["notes"] == []


def _attempt(ref: str) -> e.ContactAttempted:
    return e.ContactAttempted(
        attempt_ref=ref, at=START, on=march(3), channel="VOICE", outcome="RIGHT_PARTY", actor_kind="COLLECTOR",
        permit=None, breach=(),
    )  # fmt: skip
