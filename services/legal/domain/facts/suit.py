"""A suit, from its assessment to a judgment in force: ordinary, summary or small claims (民事诉讼法, as of 2023).

`track` is the suit, `step` the id of the step, `document` the SHA-256 (hex) of the paper that proves it.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS, ID, STAFF


class SuitAssessed(Struct, frozen=True, kw_only=True):
    """Somebody thinks a suit worth bringing: `procedure` ORDINARY, SUMMARY or SMALL_CLAIMS.

    With it the track begins. `against` are parties, none: the debtor; `debts` what it is about, none: all claimed.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    procedure: Annotated[str, FACTS]
    court: Annotated[str, FACTS]
    cause: Annotated[str, FACTS]
    against: Annotated[tuple[str, ...], FACTS]
    amount: Annotated[Money, FACTS]
    by: Annotated[str, STAFF]
    debts: Annotated[tuple[str, ...], FACTS] = ()


class SuitApproved(Struct, frozen=True, kw_only=True):
    """A second person agrees to bring it."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    by: Annotated[str, STAFF]


class SuitRejected(Struct, frozen=True, kw_only=True):
    """A second person does not agree; the track ends."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class SuitFiled(Struct, frozen=True, kw_only=True):
    """The suit is filed (起诉).

    Limitation restarts on this day, for all joint debtors (limitation provisions art. 10, 15).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    override: Annotated[str | None, FACTS]


class SuitAccepted(Struct, frozen=True, kw_only=True):
    """The court takes it up (立案) under its number."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    case_no: Annotated[str, ID]
    fee_due: Annotated[date | None, FACTS]
    fee: Annotated[Money | None, FACTS]


class SuitNotAccepted(Struct, frozen=True, kw_only=True):
    """The court does not take it up: a ruling that can be appealed within ten days (art. 126, 171)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class CourtFeePaid(Struct, frozen=True, kw_only=True):
    """The fee is paid."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    fee: Annotated[Money, FACTS]


class SuitServed(Struct, frozen=True, kw_only=True):
    """The papers were served on the defendant `person` (None: the debtor) on `on`.

    `kind` DIRECT, HOUSEHOLD_ADULT, LEFT, ELECTRONIC, POST.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    kind: Annotated[str, FACTS]


class ServiceNoticePublished(Struct, frozen=True, kw_only=True):
    """Service by public notice was published on `on`: it takes effect 30 days later (art. 95)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    medium: Annotated[str, FACTS]


class ServedByNotice(Struct, frozen=True, kw_only=True):
    """The notice period has run out: the defendant counts as served. Recorded by the passing of time."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    published_on: Annotated[date, FACTS]


class DefenceReceived(Struct, frozen=True, kw_only=True):
    """The defendant answered; `limitation_pleaded`: they say the claim has expired (Civil Code art. 192)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    limitation_pleaded: Annotated[bool, FACTS]


class SuitProcedureChanged(Struct, frozen=True, kw_only=True):
    """The court goes on in another `procedure`, such as the ordinary one because a defendant cannot be found.

    Neither small claims nor the summary procedure know service by public notice.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    procedure: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]


class HearingSet(Struct, frozen=True, kw_only=True):
    """A hearing is set for `hearing_on`; said again, the later word counts."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    hearing_on: Annotated[date, FACTS]
    room: Annotated[str | None, ID]


class SuitHeard(Struct, frozen=True, kw_only=True):
    """The hearing was held."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    outcome: Annotated[str, FACTS]


class SuitMediated(Struct, frozen=True, kw_only=True):
    """The parties agreed before the court (调解书): `amount` by `perform_by`; it is a title once served."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    perform_by: Annotated[date, FACTS]


class SuitWithdrawn(Struct, frozen=True, kw_only=True):
    """The suit is taken back: `reason` SETTLED, PAID, AGREED, FAULTY."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    settlement: Annotated[str | None, FACTS]


class SuitDismissed(Struct, frozen=True, kw_only=True):
    """The court turns the suit down without judging the claim (裁定驳回起诉): appeal within ten days of service."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class JudgmentIssued(Struct, frozen=True, kw_only=True):
    """The court has judged: `outcome` WON, PARTLY_WON, LOST.

    `amount` awarded, to be paid within `perform_days` of its taking effect.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    outcome: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    perform_days: Annotated[int, FACTS]
    limitation_upheld: Annotated[bool, FACTS]


class JudgmentServed(Struct, frozen=True, kw_only=True):
    """The judgment was served on `person` (None: the debtor): they have 15 days to appeal (art. 171).

    It takes effect once that is over for all of them.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    kind: Annotated[str, FACTS]


class SuitAppealed(Struct, frozen=True, kw_only=True):
    """Somebody appealed within the period: `by_side` OURS or THEIRS."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    by_side: Annotated[str, FACTS]


class AppealWithdrawn(Struct, frozen=True, kw_only=True):
    """Who appealed took it back, or did not pay for it: the judgment of first instance is final on this day."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class AppealRemanded(Struct, frozen=True, kw_only=True):
    """The court of appeal set judgment or ruling aside, and the court of first instance has to go on (art. 177)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class AppealJudged(Struct, frozen=True, kw_only=True):
    """The court of appeal has judged: final on this day (art. 182)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    outcome: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    perform_days: Annotated[int, FACTS]


class JudgmentEffective(Struct, frozen=True, kw_only=True):
    """The judgment, or the mediation, is in force: nobody appealed in time, or appeal was judged.

    `perform_until`: last day to perform.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]
    perform_until: Annotated[date, FACTS]
    because: Annotated[str, FACTS]


class JudgmentPerformed(Struct, frozen=True, kw_only=True):
    """The defendant has performed what was judged."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    document: Annotated[str | None, FACTS]
    amount: Annotated[Money, FACTS]


SuitStep: TypeAlias = (
    SuitAssessed
    | SuitApproved
    | SuitRejected
    | SuitFiled
    | SuitAccepted
    | SuitNotAccepted
    | CourtFeePaid
    | SuitServed
    | ServiceNoticePublished
    | ServedByNotice
    | DefenceReceived
    | SuitProcedureChanged
    | HearingSet
    | SuitHeard
    | SuitMediated
    | SuitWithdrawn
    | SuitDismissed
    | JudgmentIssued
    | JudgmentServed
    | SuitAppealed
    | AppealWithdrawn
    | AppealRemanded
    | AppealJudged
    | JudgmentEffective
    | JudgmentPerformed
)
EVENTS: tuple[type[Struct], ...] = (
    SuitAssessed,
    SuitApproved,
    SuitRejected,
    SuitFiled,
    SuitAccepted,
    SuitNotAccepted,
    CourtFeePaid,
    SuitServed,
    ServiceNoticePublished,
    ServedByNotice,
    DefenceReceived,
    SuitProcedureChanged,
    HearingSet,
    SuitHeard,
    SuitMediated,
    SuitWithdrawn,
    SuitDismissed,
    JudgmentIssued,
    JudgmentServed,
    SuitAppealed,
    AppealWithdrawn,
    AppealRemanded,
    AppealJudged,
    JudgmentEffective,
    JudgmentPerformed,
)
