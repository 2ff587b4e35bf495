"""Every move of every machine, and every move that none allows; the tables themselves, as they are meant."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.legal.adapters.law_files import shipped
from services.legal.domain.events import STEPS
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.all_tracks import MACHINES, machine_of
from services.legal.domain.tracks.machine import (
    Asked,
    Machine,
    StepOnlyByTime,
    StepOutOfOrder,
    check,
    wire_name,
)
from tests.legal.tracks.made import made, table, ways

TABLES = Path(__file__).with_name("tables.txt")
"""The moves as they are meant. Written by `python -m tests.legal.tracks.test_table`; read every line that changes."""
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.kind)


def written() -> str:
    """All tables, a move to a line."""
    rows = []
    for machine in MACHINES:
        rows.append(f"{machine.kind} begins {wire_name(machine.begins)} {machine.first}")
        for status, kind, goal in table(machine):
            how = " by time" if machine.comes_by_time(kind, status) else ""
            rows.append(f"{machine.kind} {status} {wire_name(kind)} {goal}{how}")
        rows.append(f"{machine.kind} over {' '.join(sorted(machine.ends))}")
    return "\n".join(rows) + "\n"


def asked(machine: Machine, way: tuple[type, ...], kind: type) -> Asked:
    return Asked(
        matter=Matter(), claims=Claims(case="case-x"), track="t", before=tuple(made(one) for one in way),
        step=made(kind), ground=Ground(law=shipped()["cn.law"]), now=NOW,
    )  # fmt: skip


def unguarded(machine: Machine) -> Machine:
    return replace(machine, guards={})


def test_the_tables_are_as_they_are_meant() -> None:
    assert written() == TABLES.read_text(encoding="utf-8")


def test_every_step_belongs_to_one_machine() -> None:
    for kind in STEPS:
        assert [one for one in MACHINES if kind in one.steps] == [machine_of(kind)], kind.__name__
    assert len(STEPS) == sum(len(one.steps) for one in MACHINES)


@each_machine
def test_every_move_is_let_through_and_leads_where_the_table_says(machine: Machine) -> None:
    for status, way in ways(machine).items():
        steps: tuple[Any, ...] = tuple(made(one) for one in way)
        assert machine.status(steps) == status
        for kind in machine.steps:
            goal = machine.goal(kind, status)
            if goal is None:
                continue
            by_time = machine.comes_by_time(kind, status)
            check(unguarded(machine), asked(machine, way, kind), by_time=by_time)
            assert machine.status((*steps, made(kind))) == goal


@each_machine
def test_every_other_move_is_refused_and_changes_nothing(machine: Machine) -> None:
    for status, way in ways(machine).items():
        steps = tuple(made(one) for one in way)
        for kind in machine.steps:
            if machine.goal(kind, status) is not None:
                continue
            with pytest.raises((StepOutOfOrder, StepOnlyByTime)) as refused:
                check(unguarded(machine), asked(machine, way, kind))
            if isinstance(refused.value, StepOutOfOrder):
                assert refused.value.context["next"] == tuple(map(wire_name, machine.next(status)))
            assert machine.status((*steps, made(kind))) == status


@each_machine
def test_nothing_but_the_first_step_begins_it(machine: Machine) -> None:
    assert machine.next(None) == (machine.begins,)
    for kind in machine.steps[1:]:
        with pytest.raises((StepOutOfOrder, StepOnlyByTime)):
            check(unguarded(machine), asked(machine, (), kind))


@each_machine
def test_what_time_leads_to_nobody_reports_and_time_leads_to_nothing_else(machine: Machine) -> None:
    for status, kind, _ in table(machine):
        way = ways(machine)[status]
        comes = machine.comes_by_time(kind, status)
        with pytest.raises(StepOnlyByTime if comes else StepOutOfOrder):
            check(unguarded(machine), asked(machine, way, kind), by_time=not comes)


@each_machine
def test_no_status_is_in_two_moves_of_a_step_and_every_status_can_be_reached(machine: Machine) -> None:
    reached = set(ways(machine))
    for moves in machine.moves.values():
        each = (moves,) if isinstance(moves[0], frozenset) else moves
        of = [status for statuses, _ in each for status in statuses]
        assert len(of) == len(set(of))
        assert set(of) <= reached
    assert machine.ends <= reached
    assert all(machine.next(status) or _by_time(machine, status) for status in reached - machine.ends)


def _by_time(machine: Machine, status: str) -> bool:
    return any(machine.goal(kind, status) for kind in machine.by_time)


if __name__ == "__main__":
    TABLES.write_text(written(), encoding="utf-8")
