"""What is asked of the decision: a proposed contact, the person it concerns, and what is known to have happened."""

from collections.abc import Mapping
from datetime import date, datetime, time

from msgspec import Struct, field

CHANNELS = (
    "voice", "ringless_voicemail", "sms", "email", "im", "letter", "visit", "social",
)  # fmt: skip
COLLECTOR_ROLES = ("third_party", "first_party")


class Past(Struct, frozen=True, kw_only=True, gc=False):
    """One thing that happened. `t`: when in the world; `known_at`: when we learnt it (None: at once).

    `ev` is one of call, sms, email, letter, visit, prior_consent, consent_revoked, number_disproved, inconvenient,
    optout, email_basis, rnd_check, sms_consent, mandate, flag_set, flag_cleared. `person` None is the debtor.
    `until` is exclusive; of a contact it says until when a permit holds its place. `days` are weekdays,
    Monday 0; none: every day. `from_` up to and not including `to`, by the debtor's clock. `ref` names the event.
    """

    t: datetime
    ev: str
    ref: str = ""
    known_at: datetime | None = None
    direction: str = "out"
    channel: str | None = None
    outcome: str | None = None
    debts: tuple[str, ...] = ()
    discussed: tuple[str, ...] | None = None
    person: str | None = None
    address: str | None = None
    place: str | None = None
    creditor: str | None = None
    flag: str | None = None
    basis: str | None = None
    until: datetime | None = None
    only: tuple[date, ...] = ()
    days: tuple[int, ...] = ()
    from_: time | None = field(name="from", default=None)
    to: time | None = None


class Debtor(Struct, frozen=True, kw_only=True):
    """Whose debt it is. `zones`: every plausible IANA zone, none: unknown. `debt_group`: debts that count as one."""

    id: str
    jurisdictions: tuple[str, ...]
    zones: tuple[str, ...] | None = None
    debt_group: Mapping[str, str] = {}


class Proposal(Struct, frozen=True, kw_only=True):
    """The contact that somebody wants to make, at the instant `at`. `person` None is the debtor.

    `content` holds markers of what would be said; `reply` says that it answers a message of the person; `override`
    is a code an approver used; `exception` an agreement on file; `staff` how many go on a visit. Of a contact that was
    made `said` holds markers of what was said, `identity` whether the person had proved who they are (VERIFIED).
    """

    at: datetime
    channel: str
    role: str = "debtor"
    debts: tuple[str, ...] = ()
    person: str | None = None
    address: str | None = None
    purpose: str | None = None
    place: str | None = None
    content: tuple[str, ...] = ()
    staff: int | None = None
    reply: bool = False
    override: str | None = None
    exception: str | None = None
    employer_address: bool = False
    creditor: str | None = None
    said: tuple[str, ...] = ()
    identity: str | None = None


class Question(Struct, frozen=True, kw_only=True):
    """All that a decision depends on, beside the packs. `history` may be in any order."""

    debtor: Debtor
    proposal: Proposal
    collector_role: str = "third_party"
    history: tuple[Past, ...] = ()

    @property
    def person(self) -> str:
        """Who would be contacted."""
        return self.proposal.person or self.debtor.id

    def as_known(self, at: datetime) -> "Question":
        """The question as it stood at an instant: only what had happened and was known by then."""
        known = tuple(one for one in self.history if max(one.t, one.known_at or one.t) <= at)
        return Question(
            debtor=self.debtor, proposal=self.proposal, collector_role=self.collector_role, history=known
        )
