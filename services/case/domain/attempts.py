"""Contact attempts by all that is known of them: the newest revision counts, and one that never was is left out.

What was known when an attempt was recorded stays in its ContactAttempted; here is what to go by.
"""

from msgspec.structs import replace

from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts


def known(facts: CaseFacts) -> list[e.ContactAttempted]:
    """The attempts as they are known, by day and then by reference."""
    newest: dict[str, e.ContactRevised] = {}
    for one in facts.all(e.ContactRevised):
        before = newest.get(one.attempt_ref)
        if before is None or one.revision > before.revision:
            newest[one.attempt_ref] = one
    if not newest:
        return list(facts.all(e.ContactAttempted))
    found = [_as_known(told, newest.get(told.attempt_ref)) for told in facts.all(e.ContactAttempted)]
    return sorted((one for one in found if one is not None), key=lambda one: (one.on, one.attempt_ref))


def _as_known(told: e.ContactAttempted, revised: e.ContactRevised | None) -> e.ContactAttempted | None:
    if revised is None:
        return told
    if revised.retracted:
        return None
    return replace(
        told,
        at=revised.at,
        on=revised.on,
        outcome=revised.outcome,
        permit=revised.permit,
        breach=revised.breach,
    )
