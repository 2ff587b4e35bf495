"""What the legal service says of a matter about the case, as the case keeps it."""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.money import Money
from shared.kernel.section import FACTS


class LegalStepReported(Struct, frozen=True, kw_only=True):
    """The legal service said something of `matter` that concerns the case. `told` is its name for the word.

    `what`: OPENED, CLOSED, REOPENED, STEP, LETTER, COST, COST_REVERSED, REPRESENTED, REPRESENTATION_ENDED, DEADLINE, or
    LIMITATION (of no matter: the period of the debt `thing` ends within `within` days, on `due_on`). `code` says it,
    `track_kind` of which track. `referral` is the one that it is about, or that followed from it; `charge` what it put
    on the balance. `retracted`: what was said under the same `thing` before never was.
    """

    told: Annotated[str, FACTS]
    what: Annotated[str, FACTS]
    matter: Annotated[str | None, FACTS]
    referral: Annotated[str | None, FACTS]
    on: Annotated[date, FACTS]
    thing: Annotated[str | None, FACTS]
    code: Annotated[str | None, FACTS]
    track_kind: Annotated[str | None, FACTS]
    amount: Annotated[Money | None, FACTS]
    borne_by: Annotated[str | None, FACTS]
    due_on: Annotated[date | None, FACTS]
    within: Annotated[int | None, FACTS]
    charge: Annotated[str | None, FACTS]
    retracted: Annotated[bool, FACTS]


class LegalReferralRefused(Struct, frozen=True, kw_only=True):
    """The legal service took the case up by hand, and it cannot be handed to it: `reason` is the refusal's code.

    `because` names the holds that forbid it. Collecting goes on where it was until a person decides.
    """

    told: Annotated[str, FACTS]
    matter: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    because: Annotated[tuple[str, ...], FACTS]


LegalEvent: TypeAlias = LegalStepReported | LegalReferralRefused
STORED: dict[str, type[Struct]] = {
    "case.LegalStepReported/v1": LegalStepReported,
    "case.LegalReferralRefused/v1": LegalReferralRefused,
}
NAMED_BY: dict[type, tuple[str, ...]] = {LegalStepReported: ("told",), LegalReferralRefused: ("told",)}
