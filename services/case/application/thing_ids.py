"""Ids of what belongs to a case (`prm_…`): each carries the case it is in, so that its address needs no look-up.

`prm_` + the case's uuid in 32 hex digits + 16 hex digits by which the things of one case differ. Nothing is said by it
but the case's id, which whoever made the thing knew.
"""

import re
from uuid import UUID

from services.case.application.sheet import CASE_PREFIX

_FORM = re.compile(r"([a-z]{3})_([0-9a-f]{32})[0-9a-f]{16}")


def thing_id(prefix: str, case_id: str, made: UUID) -> str:
    """The id of a thing of a case; `made` tells it from the others."""
    return f"{prefix}_{UUID(case_id.removeprefix(CASE_PREFIX)).hex}{made.hex[-16:]}"


def case_of(prefix: str, thing: str) -> str | None:
    """The case that a thing of this kind is in, None for what is no such id."""
    found = _FORM.fullmatch(thing)
    return f"{CASE_PREFIX}{UUID(hex=found[2])}" if found is not None and found[1] == prefix else None
