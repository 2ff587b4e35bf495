"""Who has which role on which account? Streams and codes only; who the parties are is told by their own streams."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from services.case.domain.events import AccountBooked, BookEvent, RoleEnded, RoleLinked
from services.case.projections.account_cases import ACCOUNT_CASES, key_of
from services.case.projections.book_pages import day, stored
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
ROLES = sa.Table(
    "case_party_role_v1",
    _META,
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("account_key", sa.Text, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("guarantee", sa.Text),
    sa.Column("from_on", sa.Date),
    sa.Column("until_on", sa.Date),
    sa.Column("relation", sa.Text),
    sa.Column("ended_on", sa.Date),
    sa.Index("case_party_role_v1_party", "party"),
    sa.Index("case_party_role_v1_account", "account_key"),
)
DEBTOR = "DEBTOR"
ROLES_MAX = 500

RoleSeen: TypeAlias = Recorded[BookEvent | Erased]


class RoleRow(NamedTuple):
    """A role of a party on an account. `until_on` is no longer in it; `ended_on`: the book took it back."""

    entry: str
    account: str
    account_key: str
    party: str
    kind: str
    guarantee: str | None = None
    from_on: date | None = None
    until_on: date | None = None
    relation: str | None = None
    ended_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "kind": self.kind,
            "account": self.account,
            "guarantee": self.guarantee,
            "from": day(self.from_on),
            "until": day(self.until_on),
            "relation": self.relation,
            "ended_on": day(self.ended_on),
        }


def wants(seen: RoleSeen) -> Iterable[tuple[str, str]]:
    """The row of the role that ends."""
    match seen.event:
        case RoleEnded() as ended:
            return ((ROLES.name, f"{seen.stream}/{ended.role}"),)
        case _:
            return ()


def apply(seen: RoleSeen, rows: Working) -> None:
    """The roles on an account after one more event."""
    account, event = seen.stream, seen.event
    match event:
        case AccountBooked():
            # The debtor of the terms, whether or not the book links the role as well.
            key = f"{account}/{DEBTOR}"
            rows.put(ROLES, key, RoleRow(key, account, key_of(account), event.debtor, DEBTOR))
        case RoleLinked():
            key = f"{account}/{event.role}"
            row = RoleRow(
                key, account, key_of(account), event.party, event.kind, event.guarantee, event.from_, event.until,
                event.relation,
            )  # fmt: skip
            rows.put(ROLES, key, row)
        case RoleEnded():
            key = f"{account}/{event.role}"
            found = rows.get(ROLES, key)
            if found is not None:
                rows.put(ROLES, key, RoleRow(*found)._replace(ended_on=event.on))
        case _:
            pass  # what was erased names nobody


VIEW = View(
    name="case.party_roles",
    version=1,
    tables=(ROLES,),
    apply=apply,
    wants=wants,
    streams=("account",),
    types=stored(AccountBooked, RoleLinked, RoleEnded),
)


def roles_of(connection: sa.Connection, parties: Sequence[str]) -> list[RoleRow]:
    """The roles of these parties, at most ROLES_MAX; the debtor's told once for each account."""
    query = sa.select(ROLES).where(ROLES.c.party.in_(list(parties)))
    rows = [RoleRow(*row) for row in connection.execute(query.order_by(ROLES.c.entry).limit(ROLES_MAX))]
    return _once(rows)


def roles_on(connection: sa.Connection, account_keys: Sequence[str]) -> list[RoleRow]:
    """The roles on these accounts (`key_of`), at most ROLES_MAX; the debtor's told once for each account."""
    query = sa.select(ROLES).where(ROLES.c.account_key.in_(list(account_keys)))
    rows = [RoleRow(*row) for row in connection.execute(query.order_by(ROLES.c.entry).limit(ROLES_MAX))]
    return _once(rows)


def _once(rows: Sequence[RoleRow]) -> list[RoleRow]:
    linked = {
        (row.account, row.party) for row in rows if row.kind == DEBTOR and not row.entry.endswith(DEBTOR)
    }
    return [row for row in rows if not (row.entry.endswith(DEBTOR) and (row.account, row.party) in linked)]


def roles_in_case(connection: sa.Connection, case_id: str) -> list[RoleRow]:
    """The roles on the accounts that are, or were, in a case."""
    accounts = sa.select(ACCOUNT_CASES.c.account_key).where(ACCOUNT_CASES.c.case_id == case_id)
    return roles_on(connection, list(connection.scalars(accounts)))


def cases_of(connection: sa.Connection, account_keys: Sequence[str]) -> dict[str, list[str]]:
    """account key -> the cases that the account is, or was, in."""
    columns = ACCOUNT_CASES.c
    query = sa.select(columns.account_key, columns.case_id).where(columns.account_key.in_(list(account_keys)))
    found: dict[str, list[str]] = {}
    for key, case_id in connection.execute(query.order_by(columns.account_key, columns.case_id)):
        found.setdefault(key, []).append(case_id)
    return found
