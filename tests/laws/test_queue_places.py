"""The queue's row, folded event by event, says of a case what its facts say when they are judged anew."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.case.domain import case_commands as c
from services.case.domain import promise, settlement
from services.case.domain.judge import Picture
from services.case.domain.queue import queue_of
from services.case.projections import work_queue
from services.case.projections.queue_row import QueueRow
from shared.eventstore.projection.view import Working
from shared.kernel.refusal import Refused
from tests.kit.life import Life
from tests.laws.asked import arrivals, lives

CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
quick = settings(
    max_examples=15,
    phases=(Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


class Folded:
    """The case's row, as the view keeps it."""

    def __init__(self) -> None:
        self._rows: Working = work_queue.VIEW.working()
        self._seen = 0

    def take(self, life: Life) -> QueueRow:
        """What has happened since, put into the row."""
        for version, event in enumerate(life.events[self._seen :], start=self._seen + 1):
            stored = SimpleNamespace(
                stream_id=CASE,
                lane=1,
                policy="cn-retail/1",
                type=f"case.{type(event).__name__}",
                version=version,
            )
            seen: Any = SimpleNamespace(event=event, row=stored)
            work_queue.apply(seen, self._rows)
        self._seen = len(life.events)
        found = self._rows.get(work_queue.QUEUE, CASE)
        assert found is not None
        return QueueRow(*found)


def expected(now: Picture) -> str:
    """Plain: where the picture of a day puts the case."""
    if now.ended is not None:
        return work_queue.ASIDE
    parts = {ref for ref, one in now.disputes.items() if one.amount is not None}
    words = [one for one in now.promises.values() if one.status == promise.ACTIVE]
    agreed = [one for one in now.settlements.values() if one.status == settlement.APPROVED]
    return queue_of(
        stage=now.stage,
        arrears=now.arrears,
        mode=now.mode,
        on_hold=any(one.source not in parts for one in now.holds.values()),
        promised=bool(words or agreed),
    )


@st.composite
def handed_over(draw: st.DrawFn) -> list[tuple[int, Any]]:
    """Placements and referrals at some steps, whoever has the case."""
    found: list[tuple[int, Any]] = []
    for number, step in enumerate(draw(st.lists(st.integers(0, 25), max_size=4))):
        kind = draw(st.sampled_from(["place", "recall", "refer", "end"]))
        found.append((step, (kind, number)))
    return found


def command(kind: str, number: int, life: Life) -> Any:
    """A command about who collects, today."""
    day = life.today
    match kind:
        case "place":
            until = day + timedelta(days=9)
            return c.PlaceWithAgency(ref=f"plc_{number}", agency="A-1", on=day, until=until, evaluated_on=day)
        case "recall":
            [ref, *_] = [*life.picture().placements, "plc_0"]
            return c.RecallPlacement(placement=ref, on=day, reason="R")
        case "refer":
            return c.ReferToLegal(ref=f"ref_{number}", on=day, reason="R", by="user:a")
    [ref, *_] = [*life.picture().referrals, "ref_0"]
    return c.EndLegalReferral(referral=ref, on=day, outcome="R")


@quick
@given(
    st.data(), lives(least=8, most=24), handed_over(), st.lists(st.integers(0, 9), min_size=24, max_size=24)
)
def test_a_case_stands_where_the_picture_of_the_day_puts_it(
    data: st.DataObject, told: list[Any], handed: list[tuple[int, Any]], waits: list[int]
) -> None:
    life, folded = Life().open(500_000, days_past_due=40), Folded()
    assert folded.take(life).queue == "M2"
    for step, asked in enumerate(data.draw(arrivals(told, repeats=2))):
        life.sweep_until(life.today + timedelta(days=waits[step % len(waits)]))
        wanted = [command(*what, life) for at, what in handed if at == step]
        for one in (*wanted, asked.command):
            try:
                life.do(one)
            except Refused:
                continue
            row, now = folded.take(life), life.picture()
            assert row.queue == expected(now), (type(one).__name__, now.hold_kinds, row.waits_for())
            if now.ended is None:
                assert row.arrears_minor == now.arrears.minor
