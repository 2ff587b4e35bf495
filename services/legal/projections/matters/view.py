"""Which matters are there, where does each of their tracks stand, when does what fall due, and what did they cost?

A row is derived from the matter's own stream and the law pack, which it names. Whether a deadline is running, met or
over is said when it is read, as of a day: FALLS_DUE only tells which matters to read for a span of days. It keeps the
days that were put off, so that a diary of an earlier day finds them.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeAlias

from services.legal.domain.deadlines.deadline import Deadline
from services.legal.domain.deadlines.reading import deadlines
from services.legal.domain.deadlines.title_clock import CLOCK
from services.legal.domain.events import MatterEvent
from services.legal.domain.facts import matter as m
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter, fold_matter
from services.legal.domain.thing_ids import MATTER
from services.legal.domain.tracks.all_tracks import machine_of
from services.legal.domain.tracks.machine import wire_name
from services.legal.projections import stored_facts
from services.legal.projections.matters.tables import (
    CLAIMS,
    COSTS,
    FALLS_DUE,
    MATTERS,
    TRACKS,
    MatterRow,
    TrackRow,
)
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import clock

NAME, VERSION = "legal.matters", 1
MatterSeen: TypeAlias = Recorded[MatterEvent | Erased]
_ASIDE = (m.MatterTold, m.StepRefused, m.DeadlineNear)
"""Said of a matter, but no part of where it stands."""


def wants(seen: MatterSeen) -> Iterable[tuple[str, str]]:
    """The matter's row, and that of a cost that is taken back."""
    event = seen.event
    found = [(MATTERS.name, seen.stream)]
    if isinstance(event, m.MatterCostReversed):
        found.append((COSTS.name, event.cost))
    return found


def applying(ground: Ground) -> Callable[[MatterSeen, Working], None]:
    """How one more event changes the rows, deadlines being derived by the law of `ground`."""

    def apply(seen: MatterSeen, rows: Working) -> None:
        event = seen.event
        found = rows.get(MATTERS, seen.stream)
        before = MatterRow(*found) if found else _begun(seen, ground)
        if isinstance(event, (Erased, *_ASIDE)):
            rows.put(MATTERS, seen.stream, before._replace(version=seen.version))
            return
        facts = f"{before.facts}{stored_facts.line(event)}\n"
        matter = fold_matter(stored_facts.events(facts))
        due = deadlines(matter, Claims(case=before.case_id or ""), ground, date.max)
        after = _standing(before, event, matter, due)._replace(
            facts=facts, version=seen.version, law=ground.named
        )
        rows.put(MATTERS, seen.stream, after)
        _tracks(seen, matter, rows)
        _falls_due(seen.stream, due, rows)
        _money(seen, after.case_id, rows)

    return apply


def _lawless(_seen: MatterSeen, _rows: Working) -> None:
    raise RuntimeError("no deadline is derived without a law; this view is for its name and tables")


def _begun(seen: MatterSeen, ground: Ground) -> MatterRow:
    """What the envelope alone says of a matter."""
    opened_on = clock.day_in(seen.effective_at, ground.zone)
    return MatterRow(
        seen.stream, seen.lane, seen.position, None, opened_on, None, None, None, None, None, None, None, None,
        None, False, ground.named, 0, "",
    )  # fmt: skip


def _standing(row: MatterRow, event: Any, matter: Matter, due: tuple[Deadline, ...]) -> MatterRow:
    left = [one for one in due if one.open]
    row = row._replace(
        next_raw=min((one.raw_on for one in left), default=None),
        moves=any(one.clock == CLOCK for one in left),
    )
    match event:
        case m.MatterOpened():
            owed = None if event.owed is None else event.owed.total
            return row._replace(
                case_id=event.case, opened_on=event.on, reason=event.reason, referral=event.referral,
                owed_minor=None if owed is None else owed.minor, currency=None if owed is None else owed.currency,
            )  # fmt: skip
        case m.MatterClosed():
            return row._replace(closed_on=event.on, outcome=event.outcome)
        case m.MatterReopened():
            return row._replace(closed_on=None, outcome=None)
        case m.PlacedWithFirm() | m.PlacementEnded():
            return _placed(row, matter)
        case _:
            return row


def _placed(row: MatterRow, matter: Matter) -> MatterRow:
    ended = {one.placement for one in matter.all(m.PlacementEnded)}
    held = [one for one in matter.all(m.PlacedWithFirm) if one.placement not in ended]
    if not held:
        return row._replace(firm=None, firm_until=None)
    return row._replace(firm=held[-1].firm, firm_until=held[-1].until)


def _tracks(seen: MatterSeen, matter: Matter, rows: Working) -> None:
    """Every track as it stands; one whose only step was retracted is gone."""
    event = seen.event
    if isinstance(event, m.StepRetracted) and not matter.steps(event.track):
        rows.drop(TRACKS, event.track)
    if getattr(event, "track", None) is None:
        return
    for number, track in enumerate(matter.tracks, start=1):
        rows.put(TRACKS, track, _track(seen, track, number, matter.steps(track)))


def _track(seen: MatterSeen, track: str, number: int, steps: tuple[Any, ...]) -> TrackRow:
    machine = machine_of(type(steps[0]))
    status = (machine.status(steps) if machine is not None else None) or ""
    return TrackRow(
        track, seen.lane, seen.position, seen.stream, number, machine.kind if machine is not None else "", status,
        machine is not None and status in machine.ends, steps[0].on, wire_name(type(steps[-1])), steps[-1].on,
    )  # fmt: skip


def _falls_due(matter: str, due: tuple[Deadline, ...], rows: Working) -> None:
    for raw in {one.raw_on for one in due}:
        key = f"{matter}/{raw.isoformat()}"
        rows.put(FALLS_DUE, key, (key, matter, raw))


def _money(seen: MatterSeen, case_id: str | None, rows: Working) -> None:
    match seen.event:
        case m.ClaimStated() as one:
            key = f"{seen.stream}/{one.debt}"
            rows.put(
                CLAIMS,
                key,
                (
                    key, seen.lane, seen.position, seen.stream, one.debt, one.as_of, one.owed.total.minor,
                    one.claimed.total.minor, one.owed.currency,
                ),
            )  # fmt: skip
        case m.MatterCostBooked() as cost:
            rows.put(
                COSTS,
                cost.cost,
                (
                    cost.cost, seen.lane, seen.position, seen.stream, case_id, cost.firm, cost.kind, cost.borne_by,
                    cost.amount.minor, cost.amount.currency, cost.on, cost.track, None,
                ),
            )  # fmt: skip
        case m.MatterCostReversed() as back:
            found = rows.get(COSTS, back.cost)
            if found is not None:
                rows.put(COSTS, back.cost, (*found[:-1], back.on))
        case _:
            return


def view(ground: Ground | None) -> View:
    """The view under a law; `ground` None: for its name and tables only, it folds nothing."""
    return View(
        name=NAME,
        version=VERSION,
        tables=(MATTERS, TRACKS, FALLS_DUE, CLAIMS, COSTS),
        apply=applying(ground) if ground is not None else _lawless,
        wants=wants,
        streams=(MATTER,),
    )


VIEW = view(None)
"""The view by which lists ask how far it is."""
