"""What there is to share out and among whom: cases with who has them, and how many open cases each collector holds."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.case.domain.queue import AGENCY, LEGAL, ON_HOLD
from services.case.domain.staffing import sharing
from services.case.projections.account_cases import ACCOUNT_CASES
from services.case.projections.book.accounts import ACCOUNTS
from services.case.projections.book.parties import PARTIES
from services.case.projections.case_list import CASES
from services.case.projections.queue_row import QueueRow
from services.case.projections.staffing import directory, handing
from services.case.projections.work_queue import ASIDE, QUEUE, WORKED

_AT_A_TIME = 400
REFUSED_IN = {
    ASIDE: sharing.CLOSED, ON_HOLD: sharing.ON_HOLD, AGENCY: sharing.AGENCY, LEGAL: sharing.LEGAL,
}  # fmt: skip
"""Queue -> why a case in it is not shared out."""


class OnFloor(NamedTuple):
    """A case to be shared out, with what other views know of it."""

    row: QueueRow
    product: str | None
    language: str | None
    last: str | None


def held(connection: sa.Connection) -> dict[str, int]:
    """Collector -> open cases they have."""
    query = (
        sa.select(QUEUE.c.assignee, sa.func.count())
        .where(QUEUE.c.assignee.is_not(None), QUEUE.c.queue != ASIDE)
        .group_by(QUEUE.c.assignee)
    )
    return {who: count for who, count in connection.execute(query)}  # noqa: C416 - typed rows


def waiting(
    connection: sa.Connection, *, queue: str | None, elsewhere: Sequence[str], limit: int
) -> list[QueueRow]:
    """Cases of the worked queues, or of one, by rank; without those that somebody of `elsewhere` has."""
    query = sa.select(QUEUE).where(QUEUE.c.queue.in_(WORKED) if queue is None else QUEUE.c.queue == queue)
    if elsewhere:
        query = query.where(QUEUE.c.assignee.is_(None) | QUEUE.c.assignee.not_in(list(elsewhere)))
    query = query.order_by(QUEUE.c.rank.desc(), QUEUE.c.case_id).limit(limit)
    return [QueueRow(*row) for row in connection.execute(query)]


def these(connection: sa.Connection, cases: Sequence[str]) -> list[QueueRow]:
    """The rows of these cases, closed ones too."""
    found = []
    for some in _slices(cases):
        found += [
            QueueRow(*row) for row in connection.execute(sa.select(QUEUE).where(QUEUE.c.case_id.in_(some)))
        ]
    return found


def whose(connection: sa.Connection, collectors: Sequence[str], *, limit: int) -> list[QueueRow]:
    """Open cases that any of these collectors has, by collector and rank."""
    query = (
        sa.select(QUEUE)
        .where(QUEUE.c.assignee.in_(list(collectors)), QUEUE.c.queue != ASIDE)
        .order_by(QUEUE.c.assignee, QUEUE.c.rank.desc(), QUEUE.c.case_id)
        .limit(limit)
    )
    return [QueueRow(*row) for row in connection.execute(query)]


def known_of(connection: sa.Connection, rows: Sequence[QueueRow]) -> list[OnFloor]:
    """The cases with the one product of their accounts, the debtor's language, and who had the case before it."""
    products, languages = dict[str, str | None](), dict[str, str | None]()
    before = dict[str, str]()
    for some in _slices([row.case_id for row in rows]):
        for case_id, product, language in connection.execute(_products(some)):
            products[case_id] = product if products.get(case_id, product) == product else None
            languages[case_id] = language if languages.get(case_id, language) == language else None
        before |= {case_id: who for case_id, who in connection.execute(_before(some))}  # noqa: C416
    return [
        OnFloor(row, products.get(row.case_id), languages.get(row.case_id), before.get(row.case_id))
        for row in rows
    ]


def _products(cases: Sequence[str]) -> sa.Select[Any]:
    joined = sa.join(ACCOUNT_CASES, ACCOUNTS, ACCOUNTS.c.account_id == ACCOUNT_CASES.c.account).outerjoin(
        PARTIES, PARTIES.c.party_id == ACCOUNTS.c.debtor
    )
    return (
        sa.select(ACCOUNT_CASES.c.case_id, ACCOUNTS.c.product, PARTIES.c.language)
        .select_from(joined)
        .where(ACCOUNT_CASES.c.case_id.in_(list(cases)))
        .distinct()
    )


def _before(cases: Sequence[str]) -> sa.Select[Any]:
    """case -> the collector of the debtor's last case before it."""
    earlier = CASES.alias("earlier")
    joined = sa.join(
        CASES,
        earlier,
        (earlier.c.debtor_ref == CASES.c.debtor_ref) & (earlier.c.episode == CASES.c.episode - 1),
    ).join(QUEUE, QUEUE.c.case_id == earlier.c.case_id)
    return (
        sa.select(CASES.c.case_id, QUEUE.c.assignee)
        .select_from(joined)
        .where(CASES.c.case_id.in_(list(cases)), QUEUE.c.assignee.is_not(None))
    )


def _slices(names: Sequence[str]) -> Iterable[list[str]]:
    return (list(names[start : start + _AT_A_TIME]) for start in range(0, len(names), _AT_A_TIME))


def retained(connection: sa.Connection, collector: str, on: date) -> int:
    """How many open cases somebody retains on a day."""
    query = sa.select(sa.func.count()).where(
        QUEUE.c.assignee == collector, QUEUE.c.queue != ASIDE, QUEUE.c.retained_until > on
    )
    return int(connection.execute(query).scalar_one())


def to_share_out_anew(connection: sa.Connection, on: date, *, limit: int) -> list[tuple[QueueRow, str]]:
    """Open cases whose collector has left, or is in no directory, and which of the two; none without a directory."""
    members = {one.staff_ref: one for one in directory.members(connection, on)}
    if not members:
        return []
    gone = {
        who: handing.LEFT if who in members else handing.NOT_IN_DIRECTORY
        for who in held(connection)
        if who not in members or not members[who].active
    }
    return [(row, gone[str(row.assignee)]) for row in whose(connection, sorted(gone), limit=limit)]
