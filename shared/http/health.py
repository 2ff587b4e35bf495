"""What the probes and the meters say of the services of a process: their ledgers and their views."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa

from shared.eventstore.port import LedgerError
from shared.eventstore.projection.health import Standing, StuckWatch, parked, standings
from shared.eventstore.projection.port import ProjectionError
from shared.http.office import OpenOffice, Served
from shared.messaging.place import last_seen
from shared.telemetry.metrics import Metrics

UNREADABLE = (LedgerError, ProjectionError, sa.exc.SQLAlchemyError, OSError)


@runtime_checkable
class Measured(Protocol):
    """A service with gauges of its own."""

    def measure(self, metrics: Metrics) -> None:
        """Bring them up to date."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """Of one service: its views, streams parked by who waits, and where it stands in the feeds it hears."""

    views: list[Standing]
    waiting: Mapping[str, int]
    heard: Mapping[str, Mapping[int, tuple[int, int]]]


class Health:
    """Readiness and gauges of the services of one process, by their names."""

    def __init__(self, offices: Mapping[str, OpenOffice[Any]], metrics: Metrics) -> None:
        self._offices, self._metrics = dict(offices), metrics
        self._watch = StuckWatch()

    async def ready(self) -> dict[str, str]:
        """What is missing, by part: an ending process, an unreachable ledger, a view that stands still.

        Where several services share the process, the part of a ledger names its service.
        """
        if any(office.desk is None or office.closing.is_set() for office in self._offices.values()):
            return {"process": "starting or ending"}
        found: list[Standing] = []
        missing: dict[str, str] = {}
        for service, office in self._offices.items():
            try:
                found += await _standings(office.open_desk)
            except UNREADABLE:
                part = "ledger" if len(self._offices) == 1 else f"ledger of {service}"
                missing[part] = "cannot be read"
        return missing | dict.fromkeys(self._watch.stuck(found), "behind and standing still")

    async def measure(self) -> None:
        """Bring the gauges up to date; what cannot be read now is left out rather than told as it was."""
        if all(office.desk is None for office in self._offices.values()):
            return
        metrics = self._metrics
        seen = {
            service: await self._seen(office.desk)
            for service, office in self._offices.items()
            if office.desk is not None
        }
        of_feeds = (metrics.heard, metrics.head_seen, metrics.unheard)
        for meter in (metrics.head, metrics.position, metrics.lag, metrics.parked, *of_feeds):
            meter.clear()
        for service, told in seen.items():
            if told is not None:
                self._set(service, told)
            desk = self._offices[service].desk
            if isinstance(desk, Measured):
                desk.measure(metrics)

    async def _seen(self, desk: Served) -> _Seen | None:
        try:
            waiting, heard = await desk.ask(parked), await desk.ask(last_seen)
            known = {name: waiting.get(name, 0) for name in (*(view.name for view in desk.views), *heard)}
            return _Seen(await _standings(desk), waiting | known, heard)
        except UNREADABLE:
            return None

    def _set(self, service: str, told: _Seen) -> None:
        metrics = self._metrics
        for standing in told.views:
            lane = str(standing.lane)
            metrics.head.labels(service, lane).set(standing.head)
            metrics.position.labels(standing.view, lane).set(standing.position)
            metrics.lag.labels(standing.view, lane).set(standing.lag)
        for view, streams in told.waiting.items():
            metrics.parked.labels(view).set(streams)
        for reader, lanes in told.heard.items():
            for number, (position, head) in lanes.items():
                metrics.heard.labels(reader, str(number)).set(position)
                metrics.head_seen.labels(reader, str(number)).set(head)
                metrics.unheard.labels(reader, str(number)).set(max(0, head - position))


async def _standings(desk: Served) -> list[Standing]:
    lanes = await desk.ledger.lanes(desk.tenant)
    return await desk.ask(lambda connection: standings(connection, desk.views, lanes))
