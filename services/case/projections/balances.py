"""What had come in, gone back, been charged, waived or written off, and what was in arrears, on both clocks?

Postings: one row for each sum that an event changes, with the day from which it holds and when we learnt it. So a
plain SUM over `effective_on <= as_of` and `recorded_at <= known_at` gives what the judged case gives (judge.py), for
one case or for all. A fact that says something new about money told before (a payment that a statement's month holds
already, one that bounced after it was refunded) posts the difference; nothing that stands is changed.

The facts about a case's money are kept beside the postings, because a difference cannot be told without them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias, get_type_hints

import msgspec
import sqlalchemy as sa

from services.case.domain import balance, case_facts, events
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts, day_of, key_of
from services.case.domain.judge import judge
from services.case.domain.policy import CasePolicy
from services.case.projections.policy_named import policy_named
from shared.eventstore.projection.columns import Instant
from shared.eventstore.projection.view import View, Working
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import Erased
from shared.kernel import money
from shared.kernel.section import FACTS

RECEIVED, RETURNED, REFUNDED, CHARGED, WAIVED, ADJUSTED, WRITTEN_OFF, ARREARS = MEASURES = (
    "received", "returned", "refunded", "charged", "waived", "adjusted", "written_off", "arrears",
)  # fmt: skip
"""What is summed. `adjusted` is what disputes changed (below zero: less is owed); `arrears` goes by account."""
SHOWN = (ARREARS, RECEIVED, RETURNED, REFUNDED, "cleared", CHARGED, WAIVED, ADJUSTED, WRITTEN_OFF)
"""How reports order the sums; `cleared` is what came in less what went back."""

_META = sa.MetaData()
POSTINGS = sa.Table(
    "case_posting_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),
    sa.Column("measure", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
)
TOLD = sa.Table(
    "case_money_told_v1",
    _META,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("facts", sa.Text, nullable=False),
)

Sums: TypeAlias = Mapping[tuple[str, str], int]
"""(measure, account) -> minor units; the account is empty but for arrears."""
CaseSeen: TypeAlias = Recorded[e.CaseEvent | Erased]
_OF_MONEY: tuple[type, ...] = (
    e.CaseOpened, e.ArrearsReported, e.ArrearsCorrected, e.DebtAttached, e.DebtDetached, e.InstalmentFellDue,
    e.ChargeBooked, e.BalanceAdjusted, e.PenaltyTermsSet, e.PaymentReceived, e.PaymentReturned, e.RefundPaid,
    e.DebtWrittenOff, e.WaiverProposed,
)  # fmt: skip
_OF_TIME = tuple(
    kind for kind in events.STORED_AS.values() if kind.__name__.startswith(("Hold", "Relief", "Hardship"))
)
"""Holds and reliefs stop penalty interest, on which it depends where a refund is taken from."""
_BESIDE: tuple[type, ...] = (*_OF_TIME, e.HistoryTaken)
_KEPT = {kind.__name__: kind for kind in (*_OF_MONEY, *_BESIDE)}


def wants(seen: CaseSeen) -> Iterable[tuple[str, str]]:
    """What was told of the case's money, for an event that tells more."""
    kept = type(seen.event).__name__ in _KEPT and seen.row.version > 1
    return ((TOLD.name, seen.row.stream_id),) if kept else ()


def apply(seen: CaseSeen, rows: Working) -> None:
    """The postings of one event: by how much each sum differs from then on, by day."""
    event, stored = seen.event, seen.row
    if isinstance(event, Erased) or type(event).__name__ not in _KEPT or key_of(event) is None:
        return
    found = rows.get(TOLD, stored.stream_id)
    text: str = found[1] if found else ""
    before, fact = _facts(text), _plainly(event)
    after = before.with_(fact)
    if after is before:
        return
    rows.put(TOLD, stored.stream_id, (stored.stream_id, text + _line(fact)))
    if isinstance(event, _BESIDE) and not any(after.all(e.RefundPaid)):
        return
    currency, line = balance.currency_of(after), 0
    for day, sums in _differences(before, after, fact, policy_named(stored.policy)):
        for (measure, account), minor in sums.items():
            if not minor:
                continue
            line += 1
            rows.add(
                POSTINGS,
                (
                    stored.stream_id, stored.version, line, stored.lane, measure, account, day,
                    stored.recorded_at, minor, currency, stored.type,
                ),
            )  # fmt: skip


def _differences(
    before: CaseFacts, after: CaseFacts, fact: Any, policy: CasePolicy
) -> Iterable[tuple[date, Sums]]:
    """From which day on each sum differs by how much more: only days on which a fact is effective can matter."""
    replaced = before.by_key.get(key_of(fact) or ())
    if after.plain and replaced is None and (simple := _of_a_statement(before, fact)) is not None:
        yield simple
        return
    first = min(day_of(fact), day_of(replaced)) if replaced is not None else day_of(fact)
    days = {day_of(one) for facts in (before, after) for one in facts.by_key.values()}
    posted: dict[tuple[str, str], int] = {}
    for day in sorted(day for day in days if day >= first):
        was, now = sums_as_of(before, day, policy), sums_as_of(after, day, policy)
        changed = {}
        for name in sorted({*was, *now, *posted}):
            differs = now.get(name, 0) - was.get(name, 0)
            if differs != posted.get(name, 0):
                changed[name] = differs - posted.get(name, 0)
                posted[name] = differs
        if changed:
            yield day, changed


def _of_a_statement(before: CaseFacts, fact: Any) -> tuple[date, Sums] | None:
    """The difference that one more statement makes where only statements told anything; None: it must be worked out.

    This is what nearly all events of an import are.
    """
    if isinstance(fact, e.PaymentReceived):
        return day_of(fact), {(RECEIVED, ""): fact.amount.minor}
    if not isinstance(fact, e.ArrearsReported):
        return None
    last, minor = date.min, 0
    for one in before.by_key.values():
        if isinstance(one, e.CaseOpened) and fact.account in one.debts[:1] and one.as_of >= last:
            last, minor = one.as_of, one.arrears.minor if last < one.as_of else minor
        elif isinstance(one, e.ArrearsReported) and one.account == fact.account and one.as_of >= last:
            last, minor = one.as_of, one.arrears.minor
            if last >= fact.as_of:
                return None
    if last > fact.as_of:
        return None
    return fact.as_of, {(ARREARS, fact.account): fact.arrears.minor - minor}


def sums_as_of(facts: CaseFacts, day: date, policy: CasePolicy) -> Sums:
    """Every sum of a case as of the end of a day.

    Out of which payment a refund was taken, and so what of that can still bounce, only judging tells; all else are
    plain sums, which say the same (the laws compare them).
    """
    known = facts.until(day)
    found: dict[tuple[str, str], int] = {
        (ARREARS, account): minor for account, minor in _reported(known).items()
    }
    if any(known.all(e.RefundPaid)):
        judged = judge(known, day, policy).balance
        found[RECEIVED, ""] = judged.received.minor
        found[RETURNED, ""] = judged.returned.minor
        found[REFUNDED, ""] = judged.refunded.minor
    else:
        found[RECEIVED, ""], found[RETURNED, ""] = _paid(known)
    if known.plain:
        return found
    asked = {one.waiver for one in known.all(e.WaiverProposed)}
    for one in known.all(e.BalanceAdjusted):
        total = one.amounts.total.minor
        name, minor = (WAIVED, -total) if one.source in asked else (ADJUSTED, total)
        found[name, ""] = found.get((name, ""), 0) + minor
    found[CHARGED, ""] = sum(one.amounts.total.minor for one in known.all(e.ChargeBooked))
    found[WRITTEN_OFF, ""] = sum(one.owed.total.minor for one in known.all(e.DebtWrittenOff))
    return found


def _paid(known: CaseFacts) -> tuple[int, int]:
    """What came in, a statement's month less what it holds of payments that came to us, and what of it bounced."""
    stated = balance.unmatched(known) if not known.plain else {}
    came = {
        (name := balance.reference(one)): stated.get(name, one.amount.minor)
        for one in known.all(e.PaymentReceived)
    }
    gone: dict[str, int] = {}
    for back in known.all(e.PaymentReturned):
        gone[back.payment] = gone.get(back.payment, 0) + back.amount.minor
    return sum(came.values()), sum(min(minor, came.get(name, 0)) for name, minor in gone.items())


def _reported(known: CaseFacts) -> dict[str, int]:
    """Account -> what was last said to be in arrears; an account that left the case is in none."""
    said: list[tuple[date, int, str, int | None]] = [
        (one.as_of, 0, one.debts[0] if one.debts else balance.NOBODY, one.arrears.minor)
        for one in known.all(e.CaseOpened)
    ]
    said += [(one.on, 1, one.account, one.arrears.minor) for one in known.all(e.DebtAttached)]
    said += [(one.as_of, 2, one.account, one.arrears.minor) for one in known.all(e.ArrearsReported)]
    said += [(one.as_of, 2, one.account, one.arrears.minor) for one in known.all(e.ArrearsCorrected)]
    said += [(one.on, 3, one.account, None) for one in known.all(e.DebtDetached)]
    last = {account: minor for _, _, account, minor in sorted(said, key=lambda one: one[:3])}
    return {account: minor for account, minor in last.items() if minor is not None}


def _facts(text: str) -> CaseFacts:
    """What was told, as `_line` wrote it down."""
    found: dict[case_facts.Key, Any] = {}
    for line in text.split("\n")[:-1]:
        name, raw = _told(line)
        fact: Any = msgspec.json.decode(raw, type=_KEPT[name])
        key = key_of(fact)
        assert key is not None, "only facts are written down"
        if key in found:
            fact = CaseFacts({key: found[key]}).with_(fact).by_key[key]
        found[key] = fact
    return CaseFacts(found, plain=all(map(_of_statement, found.values())))


def _of_statement(fact: Any) -> bool:
    stated = isinstance(fact, e.PaymentReceived) and not fact.payment
    return stated or isinstance(fact, case_facts.STATEMENT_FACTS)


_told = msgspec.json.Decoder(tuple[str, msgspec.Raw]).decode


def _line(fact: Any) -> str:
    return msgspec.json.encode((type(fact).__name__, fact)).decode() + "\n"


def _plainly(event: e.CaseEvent) -> e.CaseEvent:
    """The fact without what names a person: that is no matter of money, and stays in the ledger alone."""
    hidden = _hidden(type(event))
    return msgspec.structs.replace(event, **dict.fromkeys(hidden, "")) if hidden else event


@cache
def _hidden(kind: type[e.CaseEvent]) -> tuple[str, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name, hint in hints.items() if FACTS not in getattr(hint, "__metadata__", ()))


VIEW = View(
    name="case.balances", version=1, tables=(POSTINGS, TOLD), apply=apply, wants=wants, streams=("case",)
)


HALF = 1_000_000_000


@dataclass(frozen=True, slots=True)
class MoneyTotal:
    """The sums of all cases in one currency, in minor units; `cases` is how many have any. `sums` by measure."""

    currency: str
    cases: int
    sums: Mapping[str, int]

    @property
    def cleared(self) -> int:
        """What came in and stayed."""
        return self.sums[RECEIVED] - self.sums[RETURNED] - self.sums[REFUNDED]

    def as_json(self) -> dict[str, Any]:
        """A row of `report money --json`."""
        shown = {**self.sums, "cleared": self.cleared}
        amounts = {name: money.decimal(shown[name], self.currency) for name in SHOWN}
        return {"currency": self.currency, "cases": self.cases, **amounts}


def totals(
    connection: sa.Connection, *, as_of: date, known_at: datetime | None = None, case_id: str | None = None
) -> list[MoneyTotal]:
    """Every sum as of the end of a day, by what was recorded up to `known_at` (inclusive; None: all), by currency.

    Of one case, or of all.
    """
    where = [POSTINGS.c.effective_on <= as_of]
    if known_at is not None:
        where.append(POSTINGS.c.recorded_at <= known_at)
    if case_id is not None:
        where.append(POSTINGS.c.case_id == case_id)
    amount, by = POSTINGS.c.amount_minor, (POSTINGS.c.currency, POSTINGS.c.measure)
    # The sum in two parts: SQLite's own fails above 64 bits.
    summed = (
        sa.select(*by, sa.func.sum(amount // HALF), sa.func.sum(amount % HALF)).where(*where).group_by(*by)
    )
    found: dict[str, dict[str, int]] = {}
    for currency, measure, high, low in connection.execute(summed):
        found.setdefault(currency, dict.fromkeys(MEASURES, 0))[measure] = int(high) * HALF + int(low)
    counted = (
        sa.select(POSTINGS.c.currency, sa.func.count(POSTINGS.c.case_id.distinct()))
        .where(*where)
        .group_by(POSTINGS.c.currency)
    )
    cases: dict[str, int] = {currency: number for currency, number in connection.execute(counted)}  # noqa: C416
    return [MoneyTotal(currency, cases[currency], found[currency]) for currency in sorted(found)]
