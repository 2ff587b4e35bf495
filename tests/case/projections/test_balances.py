"""Postings on two clocks: for any facts in any order of arrival, a plain SUM gives what judging gives."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.case.application.asked_as_of import CaseClocks
from services.case.application.handle import CaseDesk
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.judge import judge
from services.case.domain.policy import CN_RETAIL_1, POLICIES
from services.case.projections.balances import MEASURES, POSTINGS, TOLD, VIEW, MoneyTotal, apply, totals
from shared.eventstore.port import Row
from shared.eventstore.projection.view import Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from tests.case.projections.lives import portfolio
from tests.case.projections.portfolio import desk, lines_of
from tests.kit.importing import row, take_in, write
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, DAY, cny
from tests.laws.drawn import OPENED, amounts, days, facts, parts_, ref, stated_payment

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ASKED = [DAY + timedelta(days=n) for n in (-1, 0, 7, 20, 33, 45, 61, 90, 130)]

of_money = st.one_of(
    facts,
    stated_payment(),
    st.builds(e.RefundPaid, refund=ref("rfd"), on=days, amount=amounts),
    st.builds(
        e.WaiverProposed, waiver=ref("wvr"), account=st.just(ACCOUNT), on=days, amounts=parts_,
        reason=st.just("R"), needs_approval=st.booleans(), by=st.just("user:a"),
    ),
    st.builds(
        e.BalanceAdjusted, adjustment=ref("adj"), account=st.just(ACCOUNT), on=days,
        amounts=parts_.map(lambda one: -one), source=ref("wvr") | st.just("dsp_1"),
    ),
    st.builds(e.DebtWrittenOff, write_off=ref("wof", 1), on=days, owed=parts_, by=st.just("user:b")),
    st.builds(e.DebtDetached, account=st.just(ACCOUNT), on=days, reason=st.just("SOLD")),
    st.builds(
        e.ArrearsCorrected, account=st.just(ACCOUNT), as_of=days, days_past_due=st.integers(0, 99),
        arrears=amounts, revision=st.integers(1, 3),
    ),
)  # fmt: skip
of_statements = st.lists(
    stated_payment()
    | st.builds(
        e.ArrearsReported,
        account=st.just(ACCOUNT),
        as_of=days,
        days_past_due=st.integers(0, 99),
        arrears=amounts,
    ),
    max_size=12,
)
histories = st.lists(of_money, max_size=7) | st.lists(of_money, min_size=20, max_size=35) | of_statements
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def recorded(event: object, version: int) -> Recorded[object]:
    at = known_at(version)
    stored = Row(
        lane=1, position=version, stream_id="case-1", version=version, type=f"case.{type(event).__name__}", schema=1,
        event_id=bytes(16), effective_at=START, recorded_at=at, actor="user:chen", causation_id=None,
        correlation_id=bytes(16), command_id=bytes(16), policy=CN_RETAIL_1.version.id, leaf=b"", body=b"",
    )  # fmt: skip
    return Recorded(stored, event)


def known_at(version: int) -> datetime:
    """When the event of that version was recorded."""
    return START + timedelta(minutes=version)


def posted(history: Iterable[object]) -> sa.Connection:
    """A database with the postings of these events, in this order of arrival."""
    rows = Working([POSTINGS.name, TOLD.name])
    for version, event in enumerate(history, 1):
        apply(recorded(event, version), rows)
    connection = sa.create_engine("sqlite://").connect()
    POSTINGS.create(connection)
    if rows.added[POSTINGS.name]:
        names = [column.name for column in POSTINGS.columns]
        said = [dict(zip(names, one, strict=True)) for one in rows.added[POSTINGS.name]]
        connection.execute(sa.insert(POSTINGS), said)
    return connection


def counted(some: Iterable[object], day: date) -> dict[str, int]:
    """The judged case's sums, and plain sums of what no judgement is needed for."""
    told = CaseFacts()
    for fact in some:
        told = told.with_(fact)  # type: ignore[arg-type]
    known = told.until(day)
    judged = judge(known, day, CN_RETAIL_1).balance
    asked = {one.waiver for one in known.all(e.WaiverProposed)}
    adjusted = [(one.source in asked, one.amounts.total.minor) for one in known.all(e.BalanceAdjusted)]
    return {
        "received": judged.received.minor,
        "returned": judged.returned.minor,
        "refunded": judged.refunded.minor,
        "charged": sum(one.amounts.total.minor for one in known.all(e.ChargeBooked)),
        "waived": -sum(minor for waived, minor in adjusted if waived),
        "adjusted": sum(minor for waived, minor in adjusted if not waived),
        "written_off": sum(one.owed.total.minor for one in known.all(e.DebtWrittenOff)),
        "arrears": sum(report.arrears for report in judged.reports.values()),
    }


def asked(connection: sa.Connection, day: date, known: datetime | None) -> dict[str, int]:
    found = totals(connection, as_of=day, known_at=known)
    assert len(found) <= 1, "a case has one currency"
    return dict(found[0].sums) if found else dict.fromkeys(MEASURES, 0)


@quick
@given(st.data(), histories)
def test_a_sum_on_any_two_clocks_is_what_judging_gives(data: st.DataObject, some: Sequence[object]) -> None:
    """Any facts, repeated, in any order of arrival; any day, any time of knowledge."""
    history = [OPENED, *data.draw(st.permutations([*some, *some[:3]]))]
    with posted(history) as connection:
        for version in {len(history), *data.draw(st.lists(st.integers(1, len(history)), max_size=4))}:
            for day in data.draw(st.lists(st.sampled_from(ASKED) | days, min_size=1, max_size=4)):
                now = counted(history[:version], day)
                assert asked(connection, day, known_at(version)) == now
        last = ASKED[-1]
        assert asked(connection, last, None) == counted(history, last)


@quick
@given(st.data(), histories)
def test_an_earlier_answer_never_changes(data: st.DataObject, some: Sequence[object]) -> None:
    """What is recorded later posts later."""
    history = [OPENED, *some]
    cut = data.draw(st.integers(1, len(history)))
    with posted(history[:cut]) as before, posted(history) as after:
        for day in ASKED:
            assert asked(before, day, None) == asked(after, day, known_at(cut))


def test_money_that_a_statement_holds_already_is_posted_once() -> None:
    ours = e.PaymentReceived(
        account=ACCOUNT,
        amount=cny(300),
        period_from=DAY,
        period_until=DAY + timedelta(days=1),
        payment="pay_1",
    )
    stated = e.PaymentReceived(
        account=ACCOUNT, amount=cny(500), period_from=DAY, period_until=DAY + timedelta(days=30)
    )
    for history in ([OPENED, ours, stated], [OPENED, stated, ours]):
        with posted(history) as connection:
            assert asked(connection, DAY + timedelta(days=29), None)["received"] == 500
            assert asked(connection, DAY, None)["received"] == 300


def test_a_total_is_written_as_money() -> None:
    sums = dict.fromkeys(MEASURES, 0) | {"received": 12_345, "returned": 45, "refunded": 300}
    said = MoneyTotal("CNY", 2, sums).as_json()
    assert (said["received"], said["cleared"], said["arrears"]) == ("123.45", "120.00", "0.00")
    assert (said["currency"], said["cases"]) == ("CNY", 2)


def test_what_was_erased_posts_nothing() -> None:
    with posted([Erased("case.CaseOpened/v1")]) as connection:
        assert totals(connection, as_of=ASKED[-1]) == []


@backends
async def test_sums_of_real_cases_are_those_of_the_judged_cases(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        lived = await portfolio(it.ledger)
        statements = [
            row("A-1", "2005-04-30", 1, "900", "0"),
            row("A-1", "2005-05-31", 2, "700", "300"),
            row("A-1", "2005-06-30", 0, "0", "800"),
        ]
        await take_in(it.ledger, write(tmp_path / "1.csv", statements), tmp_path / "rejects.csv")
        await it.take_in(lines_of(8))
        acts = CaseDesk(ledger=it.ledger, tenant="default", policies=POLICIES)
        clocks = CaseClocks(desk=acts, tenant="default", policies=POLICIES)
        assert await it.projections.parked(VIEW) == []
        whole: dict[str, int] = {}
        for case_id in [*(one.case_id for one in lived.values()), acts.case_id("A-1", 1)]:
            stream = await it.ledger.whole_stream(case_id)
            for at in {stream[len(stream) // 2].recorded_at, stream[-1].recorded_at}:
                for day in (date(2005, 5, 31), date(2026, 3, 5), date(2026, 3, 21), date(2026, 6, 1)):
                    found = await it.projections.ask(
                        lambda c, i=case_id, k=at, d=day: totals(c, as_of=d, known_at=k, case_id=i), VIEW
                    )
                    known = [seen.event for seen in stream if seen.recorded_at <= at]
                    assert dict(found[0].sums if found else {}) == (counted(known, day) if found else {})
            seen = await clocks.case(case_id, as_of=date(2026, 6, 1))
            [total] = await it.projections.ask(
                lambda c, i=case_id: totals(c, as_of=date(2026, 6, 1), case_id=i), VIEW
            )
            assert total.sums["received"] == seen.picture.balance.received.minor
            whole[total.currency] = whole.get(total.currency, 0) + total.sums["received"]
        everything = await it.projections.ask(lambda c: totals(c, as_of=date(2026, 6, 1)), VIEW)
        assert {one.currency for one in everything} == {"CNY", "TWD"}
        assert next(one for one in everything if one.currency == "CNY").sums["received"] == whole["CNY"]
