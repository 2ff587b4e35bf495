"""A matter: what is claimed of whom, by which firm, at what cost, and how it ends. On the stream `matter-…`.

The matter lies in its case's lane. Persons are `prs_…` (None: the debtor); names, references and free words lie in
sections that can be forgotten. `on` is the day in the lender's zone on which it took effect.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.legal.domain.facts.sections import PARTY_ID
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS, ID, STAFF


class MatterOpened(Struct, frozen=True, kw_only=True):
    """The legal service takes the case up: on the case service's referral, or (`referral` None) by hand.

    `owed`: what was owed as the referral said it; None where nobody said.
    """

    matter: Annotated[str, FACTS]
    case: Annotated[str, FACTS]
    referral: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    owed: Annotated[Parts | None, FACTS]
    by: Annotated[str, STAFF]


class PartyNamed(Struct, frozen=True, kw_only=True):
    """Against whom: `role` DEBTOR, JOINT_DEBTOR, GUARANTOR, ESTATE or SPOUSE.

    `guarantee` GENERAL or JOINT, `until` the last day of the guarantee period agreed. `debts` none: all of the case.
    A later word about the same `party` replaces this one.
    """

    party: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    role: Annotated[str, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    guarantee: Annotated[str | None, FACTS]
    until: Annotated[date | None, FACTS]
    on: Annotated[date, FACTS]
    reference: Annotated[str | None, PARTY_ID]


class PartyDropped(Struct, frozen=True, kw_only=True):
    """It is no longer against them: `reason` a code (PAID, RELEASED, ENTERED_IN_ERROR …)."""

    party: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class ClaimStated(Struct, frozen=True, kw_only=True):
    """What is claimed on a debt: the balance as the case service knew it `as_of`, and what of it is claimed.

    `owed` the whole balance, `claimed` at most that, part by part. A later word about the same debt replaces this one:
    it says why in `reason`.
    """

    claim: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    owed: Annotated[Parts, FACTS]
    claimed: Annotated[Parts, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class FeasibilityAssessed(Struct, frozen=True, kw_only=True):
    """What going to law may bring: signs of assets (codes), expected costs and recovery, and what is advised.

    `advice`: LETTER, MEDIATE, ARBITRATE, PAYMENT_ORDER, SUE, ENFORCE, DO_NOT_SUE.
    """

    assessment: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    asset_signs: Annotated[tuple[str, ...], FACTS]
    cost: Annotated[Money, FACTS]
    recovery: Annotated[Money, FACTS]
    likelihood_percent: Annotated[int, FACTS]
    advice: Annotated[str, FACTS]
    words: Annotated[str | None, ID]
    by: Annotated[str, STAFF]


class PlacedWithFirm(Struct, frozen=True, kw_only=True):
    """The matter is with a licensed law firm, under a mandate, until `until` (exclusive; None: until it ends).

    `licence` is the firm's number; `mandate` the document's SHA-256 (hex).
    """

    placement: Annotated[str, FACTS]
    firm: Annotated[str, FACTS]
    licence: Annotated[str, FACTS]
    mandate: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    until: Annotated[date | None, FACTS]
    counsel: Annotated[str | None, STAFF]


class PlacementEnded(Struct, frozen=True, kw_only=True):
    """The firm has it no longer."""

    placement: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class DocumentFiled(Struct, frozen=True, kw_only=True):
    """A paper of the matter, by its hash; the paper itself lies where `location` says, never here.

    `kind`: CONTRACT, STATEMENT, MANDATE, LETTER, DELIVERY_PROOF, COURT_PAPER, ARBITRATION_CLAUSE, RECORDING, OTHER.
    """

    document: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    sha256: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    pages: Annotated[int | None, FACTS]
    location: Annotated[str | None, ID]
    by: Annotated[str, STAFF]


class MediationOffered(Struct, frozen=True, kw_only=True):
    """Mediation before suit was offered, at `body` (a code)."""

    mediation: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    body: Annotated[str, FACTS]


class MediationAgreed(Struct, frozen=True, kw_only=True):
    """The debtor agreed in mediation to pay `amount` by `pay_by`: limitation restarts (Civil Code 195).

    `confirmed`: a court has confirmed it (民事诉讼法 205 and 206 of 2023), which makes it a title.
    """

    mediation: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    amount: Annotated[Money, FACTS]
    pay_by: Annotated[date, FACTS]
    confirmed: Annotated[bool, FACTS]
    document: Annotated[str | None, FACTS]


class MediationFailed(Struct, frozen=True, kw_only=True):
    """Mediation led to nothing: `reason` REFUSED, NO_SHOW, NO_AGREEMENT."""

    mediation: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class DebtorRepresented(Struct, frozen=True, kw_only=True):
    """An attorney acts for a party: from now on only they are contacted. `attorney` is `prs_…`."""

    representation: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    attorney: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reference: Annotated[str | None, ID]


class RepresentationEnded(Struct, frozen=True, kw_only=True):
    """The attorney acts no longer."""

    representation: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class MatterCostBooked(Struct, frozen=True, kw_only=True):
    """The matter has cost `amount`: `kind` COURT_FEE, ARBITRATION_FEE, LAWYER, SECURITY, SERVICE, APPRAISAL, OTHER.

    `borne_by` LENDER, DEBTOR (claimed of them), OTHER_SIDE (ordered by the court). `firm`: whom it was paid to, a code.
    """

    cost: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    amount: Annotated[Money, FACTS]
    on: Annotated[date, FACTS]
    borne_by: Annotated[str, FACTS]
    firm: Annotated[str | None, FACTS]
    track: Annotated[str | None, FACTS]


class MatterCostReversed(Struct, frozen=True, kw_only=True):
    """The cost was booked in error, or paid back."""

    cost: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class StepRetracted(Struct, frozen=True, kw_only=True):
    """A step of a track, or a letter's, never was (an entry in error).

    All is as if it had not been recorded.
    """

    step: Annotated[str, FACTS]
    track: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class StepRefused(Struct, frozen=True, kw_only=True):
    """Somebody wanted a step that the law does not let through, such as suing on an expired claim.

    `wanted` is the step, `rule` what stands against it. A regulator may ask about it; a mistake in the order of steps
    is none.
    """

    track: Annotated[str, FACTS]
    wanted: Annotated[str, FACTS]
    rule: Annotated[str, FACTS]
    source: Annotated[str, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class OverrideGiven(Struct, frozen=True, kw_only=True):
    """A second person lets one step of a track through although limitation has expired; the pack must allow that.

    `reason` is a code of the pack; `wanted` the step (SUIT_FILED …). It is used once.
    """

    override: Annotated[str, FACTS]
    track: Annotated[str, FACTS]
    wanted: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    asked_by: Annotated[str, STAFF]
    by: Annotated[str, STAFF]


class DeadlineNear(Struct, frozen=True, kw_only=True):
    """A deadline ends within `within` days (90, 30, 7; 0: it has passed): told once for each end and threshold.

    `deadline` names it (APPEAL, PRESERVATION_SUIT …), `thing` the track or letter, `begun_by` the step it counts from.
    """

    deadline: Annotated[str, FACTS]
    thing: Annotated[str, FACTS]
    begun_by: Annotated[str, FACTS]
    within: Annotated[int, FACTS]
    as_of: Annotated[date, FACTS]
    raw_on: Annotated[date, FACTS]
    expires_on: Annotated[date | None, FACTS]


class MatterClosed(Struct, frozen=True, kw_only=True):
    """The matter ends.

    PAID, SETTLED, PERFORMED, SATISFIED, WITHDRAWN, LOST, NOT_WORTH_IT, RECALLED, ENTERED_IN_ERROR.
    """

    matter: Annotated[str, FACTS]
    outcome: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class MatterReopened(Struct, frozen=True, kw_only=True):
    """It goes on: `reason` PAYMENT_RETURNED, SETTLEMENT_BROKEN, ASSETS_FOUND, CLOSED_IN_ERROR."""

    matter: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    by: Annotated[str, STAFF]


class CaseTurned(Struct, frozen=True, kw_only=True):
    """The case service said of the matter's case that it ENDED, or GOES_ON: `reason` is its own code for why.

    The matter is as it was: whether it ends too, or goes on, a person decides.
    """

    matter: Annotated[str, FACTS]
    case: Annotated[str, FACTS]
    what: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class MatterTold(Struct, frozen=True, kw_only=True):
    """What the other services hear of a matter: one word for each thing that concerns them.

    `what`: OPENED, CLOSED, REOPENED, STEP, LETTER, COST, COST_REVERSED, REPRESENTED, REPRESENTATION_ENDED, DEADLINE.
    `thing` names it, `code` says it (a step's or outcome's code), `track_kind` of which track. `amount` of a cost,
    `borne_by` who bears it; `person` and `attorney` of a representation. `retracted`: it never was.
    """

    told: Annotated[str, FACTS]
    what: Annotated[str, FACTS]
    case: Annotated[str, FACTS]
    matter: Annotated[str, FACTS]
    referral: Annotated[str | None, FACTS]
    on: Annotated[date, FACTS]
    thing: Annotated[str | None, FACTS]
    code: Annotated[str | None, FACTS]
    track_kind: Annotated[str | None, FACTS]
    amount: Annotated[Money | None, FACTS]
    borne_by: Annotated[str | None, FACTS]
    person: Annotated[str | None, FACTS]
    attorney: Annotated[str | None, FACTS]
    due_on: Annotated[date | None, FACTS]
    retracted: Annotated[bool, FACTS]


MatterFact: TypeAlias = (
    MatterOpened
    | PartyNamed
    | PartyDropped
    | ClaimStated
    | FeasibilityAssessed
    | PlacedWithFirm
    | PlacementEnded
    | DocumentFiled
    | MediationOffered
    | MediationAgreed
    | MediationFailed
    | DebtorRepresented
    | RepresentationEnded
    | MatterCostBooked
    | MatterCostReversed
    | StepRetracted
    | StepRefused
    | OverrideGiven
    | DeadlineNear
    | MatterClosed
    | MatterReopened
    | CaseTurned
    | MatterTold
)
EVENTS: tuple[type[Struct], ...] = (
    MatterOpened, PartyNamed, PartyDropped, ClaimStated, FeasibilityAssessed, PlacedWithFirm, PlacementEnded,
    DocumentFiled, MediationOffered, MediationAgreed, MediationFailed, DebtorRepresented, RepresentationEnded,
    MatterCostBooked, MatterCostReversed, StepRetracted, StepRefused, OverrideGiven, DeadlineNear, MatterClosed,
    MatterReopened, CaseTurned, MatterTold,
)  # fmt: skip
