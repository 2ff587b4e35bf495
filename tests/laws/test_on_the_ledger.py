"""Laws 1, 2, 3 and 9 through the real desk on a real SQLite ledger, on both clocks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.case.domain import money_commands as m
from services.case.domain.judge import Picture
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.redecide import redecide
from tests.kit.life import DAY
from tests.laws.asked import LATE, Asked, arrivals, lives
from tests.laws.office import START, LawOffice, law_office

ASKED = [DAY + timedelta(days=n) for n in (0, 17, 44, 90, 200)]
thorough = settings(
    max_examples=8,
    phases=(Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
forty = lives(least=40, most=42)


def on_a_ledger(folders: pytest.TempPathFactory, work: Callable[[LawOffice, str], Awaitable[None]]) -> Path:
    """Run something on a case of its own; the folder its store is in."""
    folder = folders.mktemp("ledger")

    async def run() -> None:
        async with law_office(folder) as office:
            await work(office, await office.open())

    asyncio.run(run())
    return folder


@thorough
@given(st.data(), forty)
def test_forty_facts_in_any_order_and_repeated_give_equal_answers(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, life: list[Asked]
) -> None:
    """Law 3, and law 9 on the way: two orders of arrival, with repetitions, answer alike as of every day."""
    answers: list[list[Picture]] = []
    for order in (data.draw(arrivals(life, repeats=0)), data.draw(arrivals(life, repeats=10))):

        async def told(office: LawOffice, case_id: str, order: list[Asked] = order) -> None:
            seen: dict[str, int] = {}
            for asked in order:
                done = await office.do(case_id, asked.key, asked.command, today=LATE)
                assert done.replayed == (asked.key in seen), "a second time is a repetition, a first is none"
                assert done.position == seen.setdefault(asked.key, done.position)
            # One fact more than one day of sweeping late, and twice: nothing changes any more.
            await office.sweep([case_id], LATE)
            assert (await office.sweep([case_id], LATE)).events == 0
            answers.append([(await office.ask(case_id, day)).picture for day in ASKED])

        on_a_ledger(tmp_path_factory, told)
    assert answers[0] == answers[1]


def plain_sums(told: list[tuple[datetime, object]], as_of: date, known_at: datetime) -> tuple[int, int]:
    """What came in and what went back, by plain adding up of what was sent by then about days up to then."""
    came, back = {}, {}
    for recorded_at, command in told:
        if recorded_at <= known_at and isinstance(command, m.RecordPayment):
            came[command.ref] = (command.on, command.amount.minor)
    for recorded_at, command in told:
        if recorded_at <= known_at and isinstance(command, m.RecordPaymentReturn):
            assert command.amount is not None
            day = max(command.on, came[command.payment][0])
            back[command.ref] = (day, command.amount.minor)
    return (
        sum(minor for day, minor in came.values() if day <= as_of),
        sum(minor for day, minor in back.values() if day <= as_of),
    )


def conserved(picture: Picture, came: int, back: int) -> None:
    sums = picture.balance
    assert (sums.received.minor, sums.returned.minor, sums.refunded.minor) == (came, back, 0)
    assert sums.allocated.total.minor + sums.unallocated.minor == came - back
    assert sum(sum(one.amounts.minors) for one in sums.allocations.values()) == sums.allocated.total.minor
    assert min(sums.owed.minors) >= 0
    assert sums.unallocated.minor >= 0


@thorough
@given(st.data(), lives(least=12, most=24))
def test_money_is_conserved_on_both_clocks_and_what_was_known_never_changes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, life: list[Asked]
) -> None:
    """Law 1 for every `known_at` and day; law 3: an answer for an earlier `known_at` stays as it was given."""
    order = data.draw(arrivals(life, repeats=0))

    async def told(office: LawOffice, case_id: str) -> None:
        sent: list[tuple[datetime, object]] = []
        given_then: dict[tuple[date, datetime], tuple[Picture, int]] = {}
        for asked in order:
            await office.do(case_id, asked.key, asked.command, today=LATE)
            now = office.clock.now()
            sent.append((now, asked.command))
            for day in ASKED[1::2]:
                answer = await office.ask(case_id, day)
                given_then[day, now] = answer.picture, answer.version
                conserved(answer.picture, *plain_sums(sent, day, now))
        for (day, known_at), (picture, version) in given_then.items():
            again = await office.ask(case_id, day, known_at)
            assert (again.picture, again.version) == (picture, version)
            just_after = await office.ask(case_id, day, known_at + timedelta(seconds=30))
            assert just_after.picture == picture

    on_a_ledger(tmp_path_factory, told)


@thorough
@given(st.data(), lives(least=8, most=20))
def test_what_a_desk_that_worked_knows_is_what_a_fresh_one_reads(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, life: list[Asked]
) -> None:
    """Law 2: whatever a desk remembers (today nothing, but it may) is what replay gives; law 9 across processes."""
    order = data.draw(arrivals(life, repeats=0))
    stood: list[object] = []
    cases: list[str] = []

    async def told(office: LawOffice, case_id: str) -> None:
        for asked in order:
            await office.do(case_id, asked.key, asked.command, today=LATE)
        loaded = await office.desk.load(case_id)
        stood.append((loaded.state, getattr(loaded.state, "facts", None), loaded.version))
        stood.append([(await office.ask(case_id, day)).picture for day in ASKED])
        cases.append(case_id)

    folder = on_a_ledger(tmp_path_factory, told)

    async def afresh() -> None:
        async with law_office(folder, at=START + timedelta(days=400)) as office:
            [case_id] = cases
            for asked in order:
                assert (await office.do(case_id, asked.key, asked.command, today=LATE)).replayed
            loaded = await office.desk.load(case_id)
            assert stood[0] == (loaded.state, getattr(loaded.state, "facts", None), loaded.version)
            assert stood[1] == [(await office.ask(case_id, day)).picture for day in ASKED]
            assert redecide(loaded.state, LATE, CN_RETAIL_1) == ()

    asyncio.run(afresh())
