"""Ids of what belongs to a subject (`cpm_…`, `cat_…`, `vst_…`): each carries the subject it is of.

The prefix, the 32 hex digits of the subject's uuid, and 16 hex digits by which the things of one subject differ.
"""

import re
from uuid import UUID

SUBJECT_PREFIX = "subject-"
PERMIT, ATTEMPT, VISIT = "cpm", "cat", "vst"
_FORM = re.compile(r"([a-z]{3})_([0-9a-f]{32})[0-9a-f]{16}")
_SUBJECT = re.compile(r"subject-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_subject(subject_id: str) -> bool:
    """Is it written as a subject's stream is?"""
    return _SUBJECT.fullmatch(subject_id) is not None


def thing_id(prefix: str, subject_id: str, made: UUID) -> str:
    """The id of a thing of a subject; `made` tells it from the others."""
    return f"{prefix}_{UUID(subject_id.removeprefix(SUBJECT_PREFIX)).hex}{made.hex[-16:]}"


def subject_of(prefix: str, thing: str) -> str | None:
    """The subject that a thing of this kind is of, None for what is no such id."""
    found = _FORM.fullmatch(thing)
    return f"{SUBJECT_PREFIX}{UUID(hex=found[2])}" if found is not None and found[1] == prefix else None
