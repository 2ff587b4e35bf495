"""Contact attempts inside a hold that forbids contact: what was known when they were made, and what was learnt later.

On the clock of what we knew, an attempt without a permit inside such a hold carries a breach from the start. A hold
may also be told of afterwards, effective earlier: attempts that lie in it were nobody's fault then, and are listed.
"""

from dataclasses import dataclass
from datetime import date, datetime

from services.case.domain import attempts
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.judge import judge
from services.case.domain.person import FORBID_CONTACT
from services.case.domain.policy import CasePolicy


@dataclass(frozen=True, slots=True)
class HeldAttempt:
    """An attempt on a day on which a hold forbade contact, by what is known now or was known then.

    `known`: kinds of hold it was recorded with as a breach. `in_force`: kinds that lay over its day by all that is
    known now. `permit` covered it, where there is one.
    """

    attempt_ref: str
    at: datetime
    on: date
    permit: str | None
    known: frozenset[str]
    in_force: frozenset[str]

    @property
    def later_discovered(self) -> frozenset[str]:
        """Kinds of hold that lay over its day and were not held against it when it was recorded."""
        return self.in_force - self.known

    @property
    def later_cleared(self) -> frozenset[str]:
        """Kinds of hold it was recorded with that, as is known now, did not lie over its day."""
        return self.known - self.in_force


def forbidding(facts: CaseFacts, on: date, policy: CasePolicy) -> frozenset[str]:
    """The kinds of hold that forbid contact on a day, by these facts."""
    return FORBID_CONTACT & judge(facts, on, policy).hold_kinds


def held_attempts(facts: CaseFacts, as_of: date, policy: CasePolicy) -> tuple[HeldAttempt, ...]:
    """The attempts up to the end of `as_of` that concern a hold, in the order of their time."""
    found = []
    for attempt in attempts.known(facts):
        if attempt.on > as_of:
            continue
        first = facts.one(e.ContactAttempted, attempt.attempt_ref) or attempt
        known, in_force = FORBID_CONTACT & set(first.breach), forbidding(facts, attempt.on, policy)
        if known or in_force:
            found.append(
                HeldAttempt(attempt.attempt_ref, attempt.at, attempt.on, attempt.permit, known, in_force)
            )
    return tuple(sorted(found, key=lambda one: (one.at, one.attempt_ref)))
