"""The shapes of answers about raw payments."""

from typing import Any, Literal

from pydantic import Field

from services.case.api.wire import Amount
from services.case.application.payments import Entry, standing
from services.case.domain.entry import Matched, NoEntry
from services.case.domain.events import PaymentEntered
from services.case.projections.payments import PaymentRow
from services.case.projections.timeline_words import title
from shared.eventstore.registry import Registry
from shared.http.wire import PageLinks, Wire
from shared.kernel import money
from shared.kernel.money import Money
from shared.messaging.published import facts_of, instant

PAYMENT = "payment-6f1c0d1e-0000-8000-8000-000000000005"
"""The payment of the examples."""


class PaymentSummary(Wire):
    """A raw payment as a list shows it. References are null where the source gave none, or they were erased."""

    id: str = Field(examples=[PAYMENT])
    status: Literal["unmatched", "matched", "returned"] = Field(
        description="`returned`: in the pool, and nothing is left of it."
    )
    source: str | None = Field(examples=["UNIONPAY"])
    source_ref: str | None
    debtor_ref: str | None
    account_ref: str | None
    amount: Amount | None
    left: Amount | None = Field(
        description="What has not bounced, as far as the source, or a mismatch, told of it here."
    )
    value_on: str | None = Field(examples=["2026-03-12"])
    channel: str | None
    reason: str | None = Field(description="Why it is in the pool.", examples=["NO_CASE"])
    case: str | None
    payment: str | None = Field(description="What it is called on its case.")
    version: int


class PaymentHistory(Wire):
    """One thing that happened to a payment."""

    version: int
    type: str
    title: str
    effective_at: str
    recorded_at: str
    actor: str
    facts: dict[str, Any] | None = Field(description="What the event says; null once erased.")


class PaymentSheet(PaymentSummary):
    """One raw payment, read from the ledger itself."""

    history: list[PaymentHistory]
    links: dict[str, str]


class PaymentPage(Wire):
    """A page of raw payments."""

    items: list[PaymentSummary]
    page: PageLinks


def _ref(value: object) -> str | None:
    """A reference; None where there is none, or it was erased."""
    return value if isinstance(value, str) else None


def _amount(amount: Money) -> Amount:
    return Amount(**money.to_json(amount))


def summary_of(row: PaymentRow, said: PaymentEntered | None) -> PaymentSummary:
    """A row of the view, with the references that the ledger has of it."""
    return PaymentSummary(
        id=row.entry,
        status=row.status,  # type: ignore[arg-type]  # one of the view's three, which pydantic checks
        source=row.source,
        source_ref=_ref(said.source_ref) if said else None,
        debtor_ref=_ref(said.debtor_ref) if said else None,
        account_ref=_ref(said.account_ref) if said else None,
        amount=_amount(Money(row.amount_minor, row.currency)),
        left=_amount(Money(row.left_minor, row.currency)),
        value_on=row.value_on.isoformat(),
        channel=row.channel,
        reason=row.reason,
        case=row.case_id,
        payment=row.payment,
        version=row.version,
    )


def sheet_of(entry: Entry, registry: Registry, language: str) -> PaymentSheet:
    """One entry with its history, in the reader's language."""
    state, stands = entry.state, standing(entry)
    said = None if isinstance(state, NoEntry) else state.said
    left = None if isinstance(state, NoEntry) else _amount(state.left)
    history = [
        PaymentHistory(
            version=seen.version,
            type=seen.row.type,
            title=title(seen.row.type, language),
            effective_at=instant(seen.effective_at),
            recorded_at=instant(seen.recorded_at),
            actor=seen.row.actor,
            facts=facts_of(seen, registry),
        )
        for seen in entry.history
    ]
    return PaymentSheet(
        id=entry.id,
        status=stands["status"],
        source=said.source if said else None,
        source_ref=_ref(said.source_ref) if said else None,
        debtor_ref=_ref(said.debtor_ref) if said else None,
        account_ref=_ref(said.account_ref) if said else None,
        amount=_amount(said.amount) if said else None,
        left=left,
        value_on=said.on.isoformat() if said else None,
        channel=said.channel if said else None,
        reason=stands.get("reason"),
        case=state.case if isinstance(state, Matched) else None,
        payment=stands.get("payment"),
        version=entry.version,
        history=history,
        links=stands["links"],
    )
