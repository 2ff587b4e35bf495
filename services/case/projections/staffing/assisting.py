"""Who helps with which case, and until when? One row a help that a second person agreed to, until it ends."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from services.case.domain.events import CaseEvent
from services.case.domain.facts import keeping as k
from services.case.projections.book_pages import stored, thing
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
HELPERS = sa.Table(
    "case_helper_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("helper", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Index("case_helper_v1_helper", "helper"),
)
_ENDS = (k.AssistanceEnded, k.AssistanceExpired)


def wants(seen: Recorded[CaseEvent | Erased]) -> Iterable[tuple[str, str]]:
    """The row of a help that ends."""
    event = seen.event
    return ((HELPERS.name, thing(seen.stream, event.assistance)),) if isinstance(event, _ENDS) else ()


def apply(seen: Recorded[CaseEvent | Erased], rows: Working) -> None:
    """A row from the day somebody agreed; gone once the help has expired, shorter where it was ended before."""
    case_id, event = seen.stream, seen.event
    match event:
        case k.AssistanceGranted():
            helper: object = event.helper
            if isinstance(helper, str):
                key = thing(case_id, event.assistance)
                rows.put(HELPERS, key, (key, case_id, helper, event.on, event.until))
        case k.AssistanceEnded():
            key = thing(case_id, event.assistance)
            found = rows.get(HELPERS, key)
            if found is not None:
                rows.put(HELPERS, key, (*found[:4], min(found[4], event.on)))
        case k.AssistanceExpired():
            rows.drop(HELPERS, thing(case_id, event.assistance))


VIEW = View(
    name="case.helpers",
    version=1,
    tables=(HELPERS,),
    apply=apply,
    wants=wants,
    streams=("case",),
    types=stored(k.AssistanceGranted, *_ENDS),
)


def of_cases(connection: sa.Connection, cases: list[str], on: date) -> dict[str, list[str]]:
    """case -> who helps with it on a day."""
    query = sa.select(HELPERS.c.case_id, HELPERS.c.helper).where(
        HELPERS.c.case_id.in_(cases), HELPERS.c.since <= on, HELPERS.c.until > on
    )
    found: dict[str, list[str]] = {}
    for case_id, helper in connection.execute(query.order_by(HELPERS.c.case_id, HELPERS.c.helper)):
        found.setdefault(case_id, []).append(helper)
    return found
