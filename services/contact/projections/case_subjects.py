"""Whose case is it? The subject of every case that the contact service has heard of, and its open cases."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.contact.domain.facts.subject import CaseLinked, CaseUnlinked
from services.contact.projections.ledger_pages import SUBJECT, placed, stored
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

CASES = sa.Table(
    "contact_case_v1",
    sa.MetaData(),
    *placed(),
    sa.Column("stage", sa.Text),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Index("contact_case_v1_subject", "subject"),
)

CaseSeen: TypeAlias = Recorded[CaseLinked | CaseUnlinked | Erased]


def wants(seen: CaseSeen) -> Iterable[tuple[str, str]]:
    """The case's row."""
    return () if isinstance(seen.event, Erased) else ((CASES.name, seen.event.case),)


def apply(seen: CaseSeen, rows: Working) -> None:
    """The case is open, with its newest stage, or closed."""
    event = seen.event
    match event:
        case CaseLinked():
            rows.put(
                CASES, event.case, (event.case, seen.lane, seen.position, seen.stream, event.stage, True)
            )
        case CaseUnlinked():
            found = rows.get(CASES, event.case)
            if found is not None:
                rows.put(CASES, event.case, (*found[:-1], False))
        case Erased():
            return


VIEW = View(
    name="contact.cases",
    version=1,
    tables=(CASES,),
    apply=apply,
    wants=wants,
    streams=(SUBJECT,),
    types=stored(CaseLinked, CaseUnlinked),
)


def subject_of(connection: sa.Connection, case_id: str) -> str | None:
    """The subject whose case this is, None for a case that was never told of."""
    found = connection.execute(sa.select(CASES.c.subject).where(CASES.c.thing == case_id)).scalar()
    return None if found is None else str(found)


class CaseRow(NamedTuple):
    """A case and whose it is; `stage` as the case service last said."""

    case_id: str
    subject: str
    stage: str | None
    open: bool

    def as_json(self) -> dict[str, Any]:
        """How HTTP shows it."""
        return {"case": self.case_id, "subject": self.subject, "stage": self.stage, "open": self.open}


def one(connection: sa.Connection, case_id: str) -> CaseRow | None:
    """The case of this id, None for one that was never told of."""
    columns = CASES.c
    query = sa.select(columns.thing, columns.subject, columns.stage, columns.open)
    found = connection.execute(query.where(columns.thing == case_id)).first()
    return CaseRow(*found) if found else None
