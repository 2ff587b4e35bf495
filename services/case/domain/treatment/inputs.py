"""What a segment's rules look at, taken from a case's picture and its accounts as of the same day."""

from collections.abc import Sequence
from dataclasses import replace

from services.case.domain import events as e
from services.case.domain import promise
from services.case.domain.attempts import known as known_attempts
from services.case.domain.case_facts import CaseFacts
from services.case.domain.judge import Picture
from services.case.domain.policy import CasePolicy
from services.case.domain.treatment.account_seen import AccountSeen
from services.case.domain.treatment.condition import NOT_TRIED, RIGHT_PARTY, TRIED, Inputs


def inputs_of(facts: CaseFacts, picture: Picture, accounts: Sequence[AccountSeen], *, episode: int) -> Inputs:
    """The inputs as of the picture's day; `accounts` are those of the case, as of the same day."""
    told = facts.until(picture.as_of)
    attempts = known_attempts(told)
    spoken = any(one.outcome == RIGHT_PARTY for one in attempts)
    known: dict[str, object] = {one.topic: one.value for one in told.all(e.CircumstanceRecorded)}
    defaults = [one.first_payment_default(picture.as_of) for one in accounts]
    return Inputs(
        stage=picture.stage,
        days_past_due=picture.days_past_due,
        arrears=picture.arrears,
        products=tuple(sorted({one.product for one in accounts if one.product})),
        broken_promises=sum(one.status == promise.BROKEN for one in picture.promises.values()),
        reached=RIGHT_PARTY if spoken else TRIED if attempts else NOT_TRIED,
        episode=episode,
        first_payment_default=True if True in defaults else False if False in defaults else None,
        reason=_code(known.get("REASON")),
        ability=_code(known.get("ABILITY")),
        willingness=_code(known.get("WILLINGNESS")),
    )


def as_in(inputs: Inputs, stage: str, policy: CasePolicy) -> Inputs:
    """The same case on the first day of another stage: what it would have been there."""
    days = next(one.from_dpd for one in policy.scheme.buckets if one.name == stage)
    return replace(inputs, stage=stage, days_past_due=days)


def _code(value: object) -> str | None:
    """A code as recorded; what was erased is not known."""
    return value if isinstance(value, str) else None
