"""The shapes of answers about raw returns."""

from typing import Any, Literal

from pydantic import Field

from services.case.api.gateway_wire import PAYMENT, PaymentHistory
from services.case.api.wire import Amount
from services.case.application.bank.returning import ReturnedEntry, standing
from services.case.domain.bank.returns import NoReturn
from services.case.domain.events import ReturnEntered
from services.case.projections.bank.returns import ReturnRow
from services.case.projections.timeline_words import title
from shared.eventstore.registry import Registry
from shared.http.wire import PageLinks, Wire
from shared.kernel import money
from shared.kernel.money import Money
from shared.messaging.published import facts_of, instant

RETURN = "return-6f1c0d1e-0000-8000-8000-000000000006"
"""The return of the examples."""


class ReturnSummary(Wire):
    """A raw return as a list shows it. References are null where the source gave none, or they were erased."""

    id: str = Field(examples=[RETURN])
    status: Literal["waiting", "matched"]
    source: str | None = Field(examples=["ICBC"])
    source_ref: str | None
    original_ref: str | None = Field(description="The source's own reference of the payment that went back.")
    end_to_end: str | None = Field(description="The reference that the payment carried from end to end.")
    amount: Amount | None
    value_on: str | None = Field(examples=["2026-03-14"])
    code: str | None = Field(
        description="Why it went back, by the bank: a code of ISO 20022, or of yours.", examples=["AM04"]
    )
    reason: str | None = Field(description="Why it waits.", examples=["UNKNOWN_ORIGINAL"])
    payment: str | None = Field(description="The payment that went back.", examples=[PAYMENT])
    version: int


class ReturnSheet(ReturnSummary):
    """One raw return, read from the ledger itself."""

    history: list[PaymentHistory]
    links: dict[str, str]


class ReturnPage(Wire):
    """A page of raw returns."""

    items: list[ReturnSummary]
    page: PageLinks


def _ref(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _refs(said: ReturnEntered | None) -> dict[str, str | None]:
    names = ("source_ref", "original_ref", "end_to_end")
    return {name: _ref(getattr(said, name)) if said else None for name in names}


def summary_of(row: ReturnRow, said: ReturnEntered | None) -> ReturnSummary:
    """A row of the view, with the references that the ledger has of it."""
    return ReturnSummary(
        id=row.entry,
        status=row.status,  # type: ignore[arg-type]  # one of the view's two, which pydantic checks
        source=row.source,
        **_refs(said),
        amount=Amount(**money.to_json(Money(row.amount_minor, row.currency))),
        value_on=row.value_on.isoformat(),
        code=row.code,
        reason=row.reason,
        payment=row.payment,
        version=row.version,
    )


def sheet_of(found: ReturnedEntry, registry: Registry, language: str) -> ReturnSheet:
    """One return with its history, in the reader's language."""
    state, stands = found.state, standing(found)
    said = None if isinstance(state, NoReturn) else state.said
    history: list[dict[str, Any]] = [
        {
            "version": seen.version,
            "type": seen.row.type,
            "title": title(seen.row.type, language),
            "effective_at": instant(seen.effective_at),
            "recorded_at": instant(seen.recorded_at),
            "actor": seen.row.actor,
            "facts": facts_of(seen, registry),
        }
        for seen in found.history
    ]
    return ReturnSheet(
        id=found.id,
        status=stands["status"],
        source=said.source if said else None,
        **_refs(said),
        amount=Amount(**money.to_json(said.amount)) if said else None,
        value_on=said.on.isoformat() if said else None,
        code=said.reason if said else None,
        reason=stands.get("reason"),
        payment=stands.get("payment"),
        version=found.version,
        history=[PaymentHistory(**one) for one in history],
        links=stands["links"],
    )
