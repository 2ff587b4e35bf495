"""The shapes of the case service's answers. Unknown fields may be added later; readers must tolerate them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """An answer of ours: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Amount(Wire):
    """Money: a decimal string with the currency's places, and its ISO 4217 code."""

    amount: str = Field(examples=["1234.50"])
    currency: str = Field(examples=["CNY"])


class CaseSummary(Wire):
    """A case as a list shows it. Values are null where the facts were erased."""

    id: str = Field(examples=["case-6f1c0d1e-0000-8000-8000-000000000001"])
    debtor_ref: str | None = Field(description="The lender's reference; null once the identity was erased.")
    episode: int | None = Field(description="Which of the debtor's cases this is, from 1.")
    lifecycle: Literal["open", "closed"]
    stage: str | None = Field(examples=["M1"])
    days_past_due: int | None
    arrears: Amount | None
    paid: Amount | None = Field(description="Sum of the payments received in this case.")
    as_of: str | None = Field(description="The day of the latest report.", examples=["2005-09-30"])
    opened_on: str | None
    closed_on: str | None
    reason: str | None = Field(description="Why it closed.", examples=["CURED"])
    version: int = Field(description="Events in the case's stream.")


class CaseSheet(CaseSummary):
    """One case, read from the ledger itself."""

    payments: int = Field(description="How many payments were received.")
    debts: list[str] = Field(description="Stream ids of the accounts in the case.")
    links: dict[str, str]


class PageLinks(Wire):
    """`next` is null on the last page."""

    next: str | None


class CasePage(Wire):
    """A page of cases."""

    items: list[CaseSummary]
    page: PageLinks


class TimelineEntry(Wire):
    """One thing that happened, in the reader's language; `text` is a whole sentence."""

    version: int
    position: int
    type: str = Field(examples=["case.StageEntered"])
    effective_at: str
    recorded_at: str
    actor: str
    policy: str | None
    title: str
    text: str
    facts: dict[str, Any] | None = Field(description="What the event says; null once erased.")


class TimelinePage(Wire):
    """A page of a case's timeline, oldest first."""

    items: list[TimelineEntry]
    page: PageLinks
