"""Who might be called, read from the views: tasks that outreach raised, or every case that is open."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.contact.application.dialing.lists import CASES, Candidate
from services.contact.domain.facts.outreach import DialTaskEnded
from services.contact.projections import case_subjects
from services.contact.projections.case_subjects import CASES as CASES_TABLE
from services.contact.projections.outreach import dial_tasks
from services.contact.projections.outreach.dial_tasks import TASKS as TASKS_TABLE
from services.contact.projections.outreach.dial_tasks import DialTask
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.projections import Projections

PAGE = 500


class ViewedCandidates:
    """Candidates by the views, caught up when they are asked."""

    def __init__(self, *, ledger: Ledger, tenant: str, projections: Projections) -> None:
        self._ledger, self._tenant, self._projections = ledger, tenant, projections

    async def of(
        self, source: str, *, at: datetime, known_at: datetime, stages: tuple[str, ...]
    ) -> AsyncIterator[Candidate]:
        """Everybody of a source, by the id of task or case. Raises NotCaughtUp."""
        await self._projections.catch_up(case_subjects.VIEW, dial_tasks.VIEW)
        pages = self._cases(stages) if source == CASES else self._tasks(stages, at, known_at)
        async for one in pages:
            yield one

    async def _cases(self, stages: tuple[str, ...]) -> AsyncIterator[Candidate]:
        """Closed ones as well: whether a case was open at the instant is read from its subject's stream."""
        columns = CASES_TABLE.c
        query = sa.select(columns.thing, columns.subject, columns.stage)
        async for case, subject, stage in self._rows(_in(query, stages), columns.thing):
            yield Candidate(subject=subject, about=case, stage=stage)

    async def _tasks(
        self, stages: tuple[str, ...], at: datetime, known_at: datetime
    ) -> AsyncIterator[Candidate]:
        columns = TASKS_TABLE.c
        query = (
            sa.select(TASKS_TABLE, CASES_TABLE.c.stage)
            .join_from(TASKS_TABLE, CASES_TABLE, CASES_TABLE.c.thing == columns.about, isouter=True)
            .where(columns.at <= at, columns.until > at)
        )
        async for row in self._rows(_in(query, stages), columns.thing):
            task = DialTask(*row[:-1])
            if task.ended is None or not await self._had_ended(task, known_at):
                yield Candidate(
                    subject=task.subject, about=task.about, stage=row[-1], task=task.thing,
                    situation=task.situation, since=task.at,
                )  # fmt: skip

    async def _rows(self, query: sa.Select[Any], key: sa.Column[Any]) -> AsyncIterator[Any]:
        """The rows by key, the first column of each, a page at a time."""
        after, page = "", list[Any]([None] * PAGE)
        while len(page) == PAGE:
            turned = query.where(key > after).order_by(key).limit(PAGE)
            page = await self._projections.database.read(partial(_all, turned))
            for row in page:
                yield row
            after = page[-1][0] if page else after

    async def _had_ended(self, task: DialTask, known_at: datetime) -> bool:
        """Was its end on record by then?"""
        for seen in await self._ledger.whole_stream(task.outreach, tenant=self._tenant):
            if isinstance(seen.event, DialTaskEnded) and seen.event.task == task.thing:
                return seen.recorded_at <= known_at
        return False


def _all(query: sa.Select[Any], connection: sa.Connection) -> list[Any]:
    return list(connection.execute(query))


def _in(query: sa.Select[Any], stages: tuple[str, ...]) -> sa.Select[Any]:
    return query.where(CASES_TABLE.c.stage.in_(stages)) if stages else query
