"""Facts of a case as the case service tells them, for tests of outreach."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.contact.adapters.outreach.strategy_file import shipped
from services.contact.domain.facts import outreach as f
from services.contact.domain.outreach import steps
from services.contact.domain.outreach.follow import follow, hear
from services.contact.domain.outreach.outreach import Outreach, fold
from services.contact.domain.outreach.strategy import StrategyBook
from shared.kernel.clock import day_in

CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
SUBJECT = "subject-6f1c0d1e-0000-8000-8000-000000000001"
ZONE = "Asia/Shanghai"
FIRST = date(2026, 3, 2)
BOOK = StrategyBook(shipped())


def day(n: int) -> date:
    """The n-th day of the test, from 0."""
    return FIRST + timedelta(days=n)


def at(n: int, hour: int = 2, minute: int = 0) -> datetime:
    """An instant of the n-th day, in UTC; Shanghai is eight hours ahead."""
    return datetime.combine(day(n), time(hour, minute), tzinfo=UTC)


def fact(version: int, kind: str, on: int, **more: Any) -> f.CaseHeard:
    """A fact of version `version`, about the n-th day `on`; `until` in days as well."""
    until = more.pop("until", None)
    told = {"thing": None, "stage": None, "cause": None} | more
    return f.CaseHeard(
        about=CASE, subject=SUBJECT, version=version, kind=kind, on=day(on),
        until=None if until is None else day(until), event=f"0:{version}",
        heard_at=more.pop("heard_at", at(on, 1)), **{k: v for k, v in told.items() if k != "heard_at"},
    )  # fmt: skip


def heard(*facts: f.CaseHeard, today: int | None = None) -> Outreach:
    """The outreach after these facts, heard one after the other."""
    state = Outreach()
    for one in facts:
        known_on = day_in(one.heard_at, ZONE) if today is None else day(today)
        state = fold(hear(state, one, today=known_on), state)
    return state


def worked(state: Outreach, now: datetime) -> tuple[Outreach, list[f.OutreachEvent]]:
    """What a worker puts on record at an instant: the standing followed, and every step that is due answered."""
    events: list[f.OutreachEvent] = list(follow(state, today=day_in(now, ZONE), at=now))
    state = fold(events, state)
    for one in steps.next_steps(state, BOOK, now):
        if one.act == steps.TAKE:
            of = one.occurrence.of
            new: f.OutreachEvent = f.StepTaken(
                of=of, at=now, channel=one.occurrence.step.channel, permit=None, message=None, task=None
            )
        elif one.act == steps.SKIP:
            assert one.reason is not None
            new = f.StepSkipped(of=one.occurrence.of, at=now, reason=one.reason, rules=(), permit=None)
        else:
            continue
        events.append(new)
        state = fold([new], state)
    return state, events


def taken(events: list[f.OutreachEvent]) -> list[tuple[str, int]]:
    """The steps that were taken, with their times."""
    return [(one.of.step, one.of.time) for one in events if isinstance(one, f.StepTaken)]


def skipped(events: list[f.OutreachEvent]) -> list[tuple[str, str]]:
    """The steps that were skipped, with the reason."""
    return [(one.of.step, one.reason) for one in events if isinstance(one, f.StepSkipped)]


def through(
    state: Outreach, days: int, *, told: dict[int, list[f.CaseHeard]] | None = None
) -> tuple[Outreach, list[f.OutreachEvent]]:
    """A worker that looks twice a day, for so many days; `told` by the day on which it is heard."""
    events: list[f.OutreachEvent] = []
    for n in range(days):
        for one in (told or {}).get(n, ()):
            new = hear(state, one, today=day(n))
            state, events = fold(new, state), [*events, *new]
        for hour in (2, 8):
            state, added = worked(state, at(n, hour))
            events += added
    return state, events
