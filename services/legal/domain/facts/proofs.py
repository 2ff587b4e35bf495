"""What bears on limitation, each on what proof: facts on the stream `proofs-…` of a case or of an account.

Such a stream has the uuid, and so the lane, of the case or account at the case service. What a case's stream says of no
debt in particular is said of all debts that were in the case on that day, or with which it began later. That a period
restarted is never stored: it is derived (domain/limitation).
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class DebtJoined(Struct, frozen=True, kw_only=True):
    """The debt is in the case from `on` on.

    On the stream of the case it names the account, and the other way round.
    """

    case: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class DebtLeft(Struct, frozen=True, kw_only=True):
    """The debt is in the case no longer from `on` on."""

    case: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class ProofRecorded(Struct, frozen=True, kw_only=True):
    """Something that starts, restarts, holds, suspends or waives a period happened on `on`, proved by `evidence`.

    `kind` is one of the law pack's (demand_delivered, promise, part_payment, sued …); `debts` none: all that were in
    the case that day, and for a day before it began those it began with. `person` None: towards or by the debtor, else
    `prs_…`; `others`: whom it is towards besides (a suit against several). `thing` names a procedure or an obstacle
    (`trk_…`): its end names the same, and an end without it ends all. `evidence` is a grade of
    shared/kernel/evidence.py. `medium` and `to` say how and whereto a demand went. `proof` derives from `source` (CASE,
    CONTACT, LEGAL, HISTORY, HAND) and `source_ref`, so that it is recorded once. `document`: the SHA-256 of the paper
    that proves it, in hex.
    """

    proof: Annotated[str, FACTS]
    kind: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    case: Annotated[str | None, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    person: Annotated[str | None, FACTS]
    medium: Annotated[str | None, FACTS]
    to: Annotated[str | None, FACTS]
    evidence: Annotated[str, FACTS]
    source: Annotated[str, FACTS]
    source_ref: Annotated[str, FACTS]
    matter: Annotated[str | None, FACTS]
    document: Annotated[str | None, FACTS]
    by: Annotated[str, STAFF]
    thing: Annotated[str | None, FACTS] = None
    others: Annotated[tuple[str, ...], FACTS] = ()


class ProofRetracted(Struct, frozen=True, kw_only=True):
    """The proof does not stand: what it proved is as if it had never been, from the beginning.

    `reason` is a code.
    """

    proof: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class ProofRestored(Struct, frozen=True, kw_only=True):
    """The retraction was wrong: the proof stands again."""

    proof: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class GuaranteeTold(Struct, frozen=True, kw_only=True):
    """Somebody guarantees the debt: `form` GENERAL or JOINT (Civil Code art. 686 to 688), `until` the last day agreed.

    `until` None: none was agreed, so six months from the due date (art. 692). `person` is `prs_…`; a later word about
    the same person and debt replaces this one.
    """

    person: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    form: Annotated[str, FACTS]
    until: Annotated[date | None, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class JointDebtorTold(Struct, frozen=True, kw_only=True):
    """Somebody owes the debt jointly: what restarts it for one restarts it for all (limitation provisions art.

    15).
    """

    person: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class RoleTaken(Struct, frozen=True, kw_only=True):
    """The person guarantees or owes the debt no longer, by the lender's book.

    `role_ref` names what had been told.
    """

    role_ref: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class InstalmentTold(Struct, frozen=True, kw_only=True):
    """By the lender's book an instalment of the debt falls due on `due`; None: it is in the book no longer.

    A later word about the same instalment replaces this one. Of those that stand the last one's day starts the period
    of the whole debt (Civil Code art. 189).
    """

    debt: Annotated[str, FACTS]
    instalment: Annotated[str, FACTS]
    due: Annotated[date | None, FACTS]
    on: Annotated[date, FACTS]
    source_ref: Annotated[str, FACTS]


class EvidenceTold(Struct, frozen=True, kw_only=True):
    """A fact of the case from before go-live rests on `evidence`: told before the fact itself.

    `thing` names what the fact is about (a promise, a payment), `fact` is its type at the case service.
    """

    case: Annotated[str, FACTS]
    thing: Annotated[str, FACTS]
    fact: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    evidence: Annotated[str, FACTS]
    source_ref: Annotated[str, FACTS]


class MatterLinked(Struct, frozen=True, kw_only=True):
    """A matter is about the case."""

    matter: Annotated[str, FACTS]
    on: Annotated[date, FACTS]


class LimitationNear(Struct, frozen=True, kw_only=True):
    """A claim's period ends within `within` days (180, 90, 30; 0: it is over): told once for each end and threshold.

    `clock`: limitation, guarantee …; `person` whose; `expires_on` None while the working calendar of that year is not
    announced, then `raw_on` counts. `weakest`: the proof on which the period stands worst.
    """

    case: Annotated[str, FACTS]
    debt: Annotated[str, FACTS]
    clock: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    within: Annotated[int, FACTS]
    as_of: Annotated[date, FACTS]
    raw_on: Annotated[date, FACTS]
    expires_on: Annotated[date | None, FACTS]
    weakest: Annotated[str | None, FACTS]


ProofEvent: TypeAlias = (
    DebtJoined
    | DebtLeft
    | ProofRecorded
    | ProofRetracted
    | ProofRestored
    | GuaranteeTold
    | JointDebtorTold
    | RoleTaken
    | InstalmentTold
    | EvidenceTold
    | MatterLinked
    | LimitationNear
)
EVENTS: tuple[type[Struct], ...] = (
    DebtJoined, DebtLeft, ProofRecorded, ProofRetracted, ProofRestored, GuaranteeTold, JointDebtorTold, RoleTaken,
    InstalmentTold, EvidenceTold, MatterLinked, LimitationNear,
)  # fmt: skip
