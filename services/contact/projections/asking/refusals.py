"""Which contacts were refused, by which rules, and until when? Every refusal there was; none is ever changed."""

from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from services.contact.domain.facts.asking import ContactRefused
from services.contact.projections.ledger_pages import (
    PAGE_MAX,
    SUBJECT,
    After,
    instant,
    newest_first,
    placed,
    stored,
)
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.pinned import Pin
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased

_META = sa.MetaData()
REFUSALS = sa.Table(
    "contact_refusal_v1",
    _META,
    *placed(),
    sa.Column("at", Instant, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("outcome", "channel", "role", "rules", "failed")),
    *(sa.Column(name, sa.Text) for name in ("person", "point", "case_id", "purpose", "at_dispatch")),
    sa.Column("until", Instant),
    sa.Column("said_at", Instant, nullable=False),
    sa.Index("contact_refusal_v1_at", "at", "thing"),
    sa.Index("contact_refusal_v1_subject", "subject", "at"),
)
BROKEN = sa.Table(
    "contact_refusal_rule_v1",
    _META,
    sa.Column("thing", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Index("contact_refusal_rule_v1_rule", "rule", "day"),
)

RefusalSeen: TypeAlias = Recorded[ContactRefused | Erased]


class RefusalRow(NamedTuple):
    """A contact that was refused. `at`: when it would have been; `day`: that day by the debtor's first zone.

    `rules` are every rule that stood against it, separated by blanks; `until`: when a deferred one may be made;
    `at_dispatch`: the permit that it refused to honour.
    """

    thing: str
    lane: int
    made_at: int
    subject: str
    at: datetime
    day: date
    outcome: str
    channel: str
    role: str
    rules: str
    failed: str
    person: str | None
    point: str | None
    case_id: str | None
    purpose: str | None
    at_dispatch: str | None
    until: datetime | None
    said_at: datetime

    @property
    def cursor(self) -> After:
        """What `page(after=…)` takes to go on behind this row."""
        return self.at, self.thing

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.thing,
            "subject": self.subject,
            "at": instant(self.at),
            "outcome": self.outcome,
            "channel": self.channel,
            "role": self.role,
            "person": self.person,
            "contact_point": self.point,
            "case": self.case_id,
            "purpose": self.purpose,
            "rules": self.rules.split(),
            "failed": msgspec.json.decode(self.failed),
            "until": instant(self.until),
            "at_dispatch": self.at_dispatch,
            "recorded_at": instant(self.said_at),
        }


def apply(seen: RefusalSeen, rows: Working) -> None:
    """One refusal, one row, and one for each of its rules."""
    event = seen.event
    if isinstance(event, Erased):
        return
    said = event.proposed
    rules = tuple(dict.fromkeys(one.rule for one in event.failed))
    on = said.at.astimezone(_zone(event.zones)).date()
    key = f"{event.permit}/{seen.version}" if event.at_dispatch == event.permit else event.permit
    rows.put(
        REFUSALS,
        key,
        (
            key, seen.lane, seen.position, seen.stream, said.at, on, event.outcome, said.channel, said.role,
            " ".join(rules), msgspec.json.encode(event.failed).decode(), said.person, said.point, said.case,
            said.purpose, event.at_dispatch, event.until, seen.recorded_at,
        ),
    )  # fmt: skip
    for rule in rules:
        rows.put(BROKEN, (key, rule), (key, rule, on, said.channel))


def _zone(names: tuple[str, ...]) -> ZoneInfo:
    """The first zone the decision was taken in; UTC where it was taken in none that is known."""
    try:
        return ZoneInfo(names[0])
    except (IndexError, KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


VIEW = View(
    name="contact.refusals",
    version=1,
    tables=(REFUSALS, BROKEN),
    apply=apply,
    streams=(SUBJECT,),
    types=stored(ContactRefused),
)


def page(
    connection: sa.Connection,
    *,
    subject: str | None = None,
    case_id: str | None = None,
    channel: str | None = None,
    outcome: str | None = None,
    rule: str | None = None,
    day: date | None = None,
    from_: datetime | None = None,
    until: datetime | None = None,
    known_at: datetime | None = None,
    after: After | None = None,
    limit: int = 50,
    pin: Pin | None = None,
) -> list[RefusalRow]:
    """Refusals, the latest first, at most PAGE_MAX. The range is of `at`, its end excluded; `known_at` included."""
    columns = REFUSALS.c
    named = {"subject": subject, "case_id": case_id, "channel": channel, "outcome": outcome, "day": day}
    query = sa.select(REFUSALS).where(
        *(columns[name] == value for name, value in named.items() if value is not None)
    )
    if rule is not None:
        query = query.where(columns.thing.in_(sa.select(BROKEN.c.thing).where(BROKEN.c.rule == rule)))
    query = query if from_ is None else query.where(columns.at >= from_)
    query = query if until is None else query.where(columns.at < until)
    query = query if known_at is None else query.where(columns.said_at <= known_at)
    query = newest_first(query, columns, after=after, limit=limit, pin=pin)
    return [RefusalRow(*row) for row in connection.execute(query)]


class RefusalCount(NamedTuple):
    """How often a rule stood against a contact by a channel on a day."""

    day: date
    rule: str
    channel: str
    refusals: int

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return self._asdict() | {"day": self.day.isoformat()}


def counts(
    connection: sa.Connection, *, from_: date | None = None, until: date | None = None
) -> list[RefusalCount]:
    """By day, rule and channel, the latest day first, at most PAGE_MAX; the range's end is excluded."""
    columns = BROKEN.c
    query = sa.select(columns.day, columns.rule, columns.channel, sa.func.count().label("refusals"))
    query = query if from_ is None else query.where(columns.day >= from_)
    query = query if until is None else query.where(columns.day < until)
    query = query.group_by(columns.day, columns.rule, columns.channel)
    query = query.order_by(columns.day.desc(), columns.rule, columns.channel).limit(PAGE_MAX)
    return [RefusalCount(*row) for row in connection.execute(query)]


def one(connection: sa.Connection, permit: str) -> RefusalRow | None:
    """The refusal of this id, None where there is none."""
    found = connection.execute(sa.select(REFUSALS).where(REFUSALS.c.thing == permit)).first()
    return RefusalRow(*found) if found else None
