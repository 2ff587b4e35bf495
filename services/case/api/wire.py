"""The shapes of the case service's answers. Unknown fields may be added later; readers must tolerate them."""

from typing import Any, Literal

from pydantic import Field

from shared.http.wire import PageLinks, Wire


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
    days_past_due: int | None = Field(description="As of the latest report or change of stage.")
    arrears: Amount | None = Field(
        description="In a list, as last reported; of one case, what is left of it."
    )
    paid: Amount | None = Field(
        description="Sum of the payments received in this case, returned ones included."
    )
    as_of: str | None = Field(description="The day of the latest report.", examples=["2005-09-30"])
    opened_on: str | None
    closed_on: str | None
    reason: str | None = Field(description="Why it closed.", examples=["CURED"])
    version: int = Field(description="Events in the case's stream.")


class PartsShown(Wire):
    """An amount by what it is for."""

    costs: Amount
    interest: Amount
    penalty: Amount
    principal: Amount
    total: Amount


class Asked(Wire):
    """Which two clocks an answer is for: a day to its end, and a time (null: all that is known)."""

    as_of: str | None = Field(examples=["2026-11-22"])
    known_at: str | None


class Circumstance(Wire):
    """What is known of why the debtor fell behind, can pay or wants to. Value and source are null once erased."""

    id: str
    topic: str = Field(description="REASON, ABILITY or WILLINGNESS.")
    on: str
    value: str | None
    source: str | None


class LastContact(Wire):
    """The newest contact attempt; `breach` names the holds that forbade it."""

    on: str
    channel: str
    outcome: str
    breach: list[str]


class Contact(Wire):
    """How often somebody tried to reach the debtor, and the newest try."""

    attempts: int
    last: LastContact | None


Things = dict[str, dict[str, Any]]


class CaseSheet(CaseSummary):
    """One case on two clocks, from the ledger itself. Everything in it is as of `asked.as_of`."""

    payments: int = Field(description="How many payments were received.")
    debts: list[str] = Field(description="Stream ids of the accounts in the case.")
    asked: Asked
    mode: str | None = Field(description="Who collects: INTERNAL, AGENCY or LEGAL.")
    cured: bool | None = Field(description="Nothing is overdue.")
    keeps_open: list[str] = Field(description="What keeps a cured case from closing.")
    owed: PartsShown | None
    owed_by_account: dict[str, PartsShown] = Field(description="By the account's stream id.")
    overpaid: Amount | None
    collector: str | None = Field(description="Who works the case.")
    circumstances: list[Circumstance]
    contact: Contact
    promises: Things
    plans: Things = Field(description="With their instalments.")
    plan_offers: Things = Field(description="Plans that were offered and are not signed.")
    holds: Things = Field(description="Those in force.")
    reliefs: Things
    disputes: Things
    complaints: Things
    settlements: Things
    waivers: Things
    placements: Things
    referrals: Things
    retentions: Things = Field(description="Who was to keep the case for a time.")
    assistances: Things = Field(description="Who was to help with it for a time.")
    links: dict[str, str]


class Attempt(Wire):
    """The newest contact attempt on record."""

    at: str
    channel: str
    outcome: str


class Payment(Wire):
    """The newest payment on record, and how much of it came back."""

    on: str
    amount: Amount
    returned: Amount


class DossierShown(Wire):
    """A case at one glance, from a view: as the record has it now, not judged anew."""

    id: str
    debtor_ref: str | None = Field(description="Null once the identity was erased.")
    collector: str | None
    episode: int | None
    lifecycle: Literal["open", "closed"]
    opened_on: str
    closed_on: str | None
    reason: str | None
    mode: str = Field(description="Who collects: INTERNAL, AGENCY or LEGAL.")
    stage: str | None
    days_past_due: int | None
    reported_on: str | None = Field(description="The day of the lender's latest report.")
    arrears: Amount | None = Field(description="As the lender reported last; what is owed: see `balance`.")
    keeps_open: list[str] = Field(description="What keeps a cured case from closing.")
    promise_due: str | None = Field(description="When the open promise falls due.")
    plan_status: str | None = Field(description="Of the plan that runs, else of the last one.")
    instalment_due: str | None = Field(description="The first instalment of the running plan that is unpaid.")
    attempts: int
    last_attempt: Attempt | None
    last_payment: Payment | None
    holds: Things = Field(description="Those in force on `as_of`, by id.")
    open: dict[str, Things] = Field(
        description="What runs or waits for somebody, by kind and id: promises, plans, reliefs, disputes, complaints, "
        "settlements, waivers and write_offs to be approved, placements, referrals, retentions, assistances."
    )
    as_of: str = Field(description="The tenant's day on which holds are read as in force.")
    version: int = Field(description="The newest event of the case in it.")
    recorded_at: str = Field(description="When that was recorded.")
    links: dict[str, str]


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
