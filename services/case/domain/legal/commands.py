"""What can be asked about a case because the legal service said something of it."""

from datetime import date

from msgspec import Struct

from shared.kernel.money import Money


class HearLegal(Struct, frozen=True, gc=False, kw_only=True):
    """Take in one word of the legal service; fields as in LegalStepReported. Always recorded.

    `ref` and `charge_ref`: under which names a referral, or a charge, that follows from it is kept.
    """

    told: str
    what: str
    matter: str | None
    referral: str | None
    on: date
    thing: str | None = None
    code: str | None = None
    track_kind: str | None = None
    amount: Money | None = None
    borne_by: str | None = None
    due_on: date | None = None
    within: int | None = None
    retracted: bool = False
    ref: str
    charge_ref: str
