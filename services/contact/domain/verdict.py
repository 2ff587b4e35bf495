"""What a rule finds, and what all of them come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ALLOW, DENY, DEFER = "allow", "deny", "defer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fails, or warns. `waits`: a later moment may cure it without anything new happening.

    `counted` names the events it counted; `observed` and `limit` are the figures it compared, None where it counts
    nothing. `said` are values for its explanation, from our own code only.
    """

    rule: str
    waits: bool
    counted: tuple[str, ...] = ()
    observed: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack that took part: `provisional` where it decides on sources that nobody has opened in full."""

    id: str
    version: str
    hash: str
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer. `until`: of a deferral the earliest instant at which every rule passes.

    `valid_until` (exclusive) is how long an allowance holds at most. `findings` are all rules that fail, in the packs'
    order; `warnings` rule ids, or `RULE:code` where an accepted override let a rule through; `obligations` what must
    be done with the contact. `zones` are those the decision was taken in.
    """

    outcome: str
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    until: datetime | None = None
    valid_until: datetime | None = None
    packs: tuple[PackUsed, ...] = ()
    zones: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of every rule that fails."""
        return tuple(dict.fromkeys(found.rule for found in self.findings))
