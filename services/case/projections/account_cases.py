"""Which cases is an account in, or was until it left?

One row for each account of a case, open or closed: whoever asks looks at the case itself. `account_key` is what the
ids of an account's stream share whoever its debtor is; the last byte only says which lane the debtor lives in.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from services.case.domain.events import CaseEvent, CaseOpened, DebtAttached, DebtDetached
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
ACCOUNT_CASES = sa.Table(
    "case_account_cases_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("account_key", sa.Text, nullable=False),
    sa.Index("case_account_cases_v1_key", "account_key"),
)
CASES_MAX = 100


def key_of(account: str) -> str:
    """The part of an account's stream id that does not depend on the debtor."""
    return account[:-2]


def apply(seen: Recorded[CaseEvent | Erased], rows: Working) -> None:
    """An account joins a case or leaves it."""
    event, case_id = seen.event, seen.row.stream_id
    joined: Sequence[str] = ()
    match event:
        case CaseOpened():
            joined = event.debts
        case DebtAttached():
            joined = (event.account,)
        case DebtDetached():
            rows.drop(ACCOUNT_CASES, (case_id, event.account))
        case _:
            pass  # what was erased names no account
    for account in joined:
        rows.put(ACCOUNT_CASES, (case_id, account), (case_id, account, key_of(account)))


VIEW = View(
    name="case.account_cases",
    version=1,
    tables=(ACCOUNT_CASES,),
    apply=apply,
    streams=("case",),
    types=frozenset({"case.CaseOpened", "case.DebtAttached", "case.DebtDetached"}),
)


def cases_of(connection: sa.Connection, key: str) -> list[str]:
    """The cases that accounts with this key (`key_of`) are in, at most CASES_MAX."""
    query = sa.select(ACCOUNT_CASES.c.case_id).where(ACCOUNT_CASES.c.account_key == key)
    return list(connection.scalars(query.distinct().order_by(ACCOUNT_CASES.c.case_id).limit(CASES_MAX)))
