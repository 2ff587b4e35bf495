"""What happened before go-live, in our words, whatever columns and codes an earlier system or an agency used.

A mapping (adapters/history) makes these of files. References point to people: they become ids by HMAC and are never
logged. Amounts are minor units of `currency`; dates are civil days in the lender's zone. `origin` is who says it (a
system, an agency), `evidence` one of evidence.GRADES. Days that tell how a thing went on (`cancelled_on`) may be filled
in by a later delivery; what is on record already never changes.
"""

from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct


class CaseRow(Struct, frozen=True, gc=False, kw_only=True):
    """A case that was open before go-live, by one of its accounts; `arrears` and `days_past_due` as of `opened_on`.

    With `closed_on` it ended then, for `reason`, one of CLOSED_FOR.
    """

    debtor_ref: str
    account_ref: str
    opened_on: date
    currency: str
    arrears: int
    days_past_due: int
    closed_on: date | None = None
    reason: str | None = None
    origin: str
    evidence: str


CLOSED_FOR = (
    "CURED", "WRITTEN_OFF", "PAID", "SOLD", "DECEASED_NO_ESTATE", "TIME_BARRED_NO_PAYMENT", "ENTERED_IN_ERROR",
)  # fmt: skip
"""Why a case of before may have ended: the reasons of state.CLOSING_REASONS but SETTLED, which needs its settlement."""


class AttemptRow(Struct, frozen=True, gc=False, kw_only=True):
    """Somebody tried to reach the debtor; `on` is the day of `at` where the lender is.

    `number`: the number or address, in clear, for the contact service; no fact of ours holds it.
    """

    debtor_ref: str
    ref: str
    at: datetime
    on: date
    channel: str
    outcome: str
    actor_kind: str
    number: str | None = None
    origin: str
    evidence: str


class ConsentRow(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor consented to `kind` (CALLS, SMS, EMAIL) at `at`, for `number` or at all; a fact of contact alone.

    `until`: the first day on which it no longer holds; `revoked_on`: the day it was taken back.
    """

    debtor_ref: str
    ref: str
    at: datetime
    on: date
    kind: str
    number: str | None = None
    until: date | None = None
    revoked_on: date | None = None
    origin: str
    evidence: str


class OptOutRow(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor asked at `at` not to be reached by `channel`, or at `number`; a fact of contact alone."""

    debtor_ref: str
    ref: str
    at: datetime
    on: date
    channel: str | None = None
    number: str | None = None
    origin: str
    evidence: str


class PromiseRow(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor promised `amount` by `due`."""

    debtor_ref: str
    ref: str
    on: date
    currency: str
    amount: int
    due: date
    given_by: str = "DEBTOR"
    cancelled_on: date | None = None
    reason: str | None = None
    origin: str
    evidence: str


class PlanRow(Struct, frozen=True, gc=False, kw_only=True):
    """A plan was agreed on `on`: `count` equal monthly instalments from `first_due` on, or those of InstalmentRow."""

    debtor_ref: str
    ref: str
    on: date
    currency: str
    total: int
    count: int | None = None
    first_due: date | None = None
    supplement: str | None = None
    ended_on: date | None = None
    reason: str | None = None
    origin: str
    evidence: str


class InstalmentRow(Struct, frozen=True, gc=False, kw_only=True):
    """An instalment of the plan `ref`."""

    debtor_ref: str
    ref: str
    number: int
    due: date
    currency: str
    amount: int
    origin: str
    evidence: str


class PlacementRow(Struct, frozen=True, gc=False, kw_only=True):
    """The case was with `agency` up to, not including, `until`; `evaluated_on`: the agency's last evaluation then."""

    debtor_ref: str
    ref: str
    agency: str
    on: date
    until: date
    evaluated_on: date
    recalled_on: date | None = None
    reason: str | None = None
    confirmed_on: date | None = None
    origin: str
    evidence: str


class PaymentRow(Struct, frozen=True, gc=False, kw_only=True):
    """Money came in, and all of it went back on `returned_on` where that is given."""

    debtor_ref: str
    ref: str
    account_ref: str | None = None
    on: date
    currency: str
    amount: int
    channel: str
    returned_on: date | None = None
    reason: str | None = None
    origin: str
    evidence: str


class HoldRow(Struct, frozen=True, gc=False, kw_only=True):
    """Collecting stopped from `on` up to, not including, `until`."""

    debtor_ref: str
    ref: str
    kind: str
    on: date
    until: date | None = None
    reason: str
    origin: str
    evidence: str


HistoryRow: TypeAlias = (
    CaseRow | AttemptRow | PromiseRow | PlanRow | InstalmentRow | PlacementRow | PaymentRow | HoldRow
)


ContactRow: TypeAlias = ConsentRow | OptOutRow
"""What only the contact service keeps."""


class DemandRow(Struct, frozen=True, gc=False, kw_only=True):
    """A demand that reached the debtor on `on`, or whoever `person_ref` is; a fact of the legal service alone.

    `medium` is how it went (SMS, LETTER …), `to` whereto; without `account_ref` it is for all debts of the case.
    `retracted_on`: the day on which it was found never to have arrived.
    """

    debtor_ref: str
    ref: str
    account_ref: str | None = None
    person_ref: str | None = None
    on: date
    medium: str
    to: str | None = None
    retracted_on: date | None = None
    reason: str | None = None
    origin: str
    evidence: str


FILINGS = ("SUIT", "ARBITRATION", "PAYMENT_ORDER", "PRESERVATION", "ENFORCEMENT")
FILING_ENDS = ("ENDED", "WITHDRAWN", "NOT_ACCEPTED")


class FilingRow(Struct, frozen=True, gc=False, kw_only=True):
    """Something was filed at `court` (a code) on `on`: one of FILINGS; a fact of the legal service alone.

    `ended_on`: the procedure ended then; `outcome` how, one of FILING_ENDS, None: ENDED.
    """

    debtor_ref: str
    ref: str
    account_ref: str | None = None
    person_ref: str | None = None
    kind: str
    court: str
    on: date
    ended_on: date | None = None
    outcome: str | None = None
    origin: str
    evidence: str


LegalRow: TypeAlias = DemandRow | FilingRow
"""What only the legal service keeps."""


class HistoryTerms(Struct, frozen=True, gc=False, kw_only=True):
    """How a delivery is to be read: `go_live` is the first day that is ours, in `zone`."""

    go_live: date
    zone: str
