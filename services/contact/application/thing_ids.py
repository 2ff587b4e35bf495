"""Ids of what belongs to a subject (`cpm_…`, `cat_…`, `vst_…`): each carries the subject it is of."""

import re
from uuid import UUID

from shared.eventstore.thing_id import stream_of, thing_of

PERMIT, ATTEMPT, VISIT = "cpm", "cat", "vst"
_SUBJECT = re.compile(r"subject-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_subject(subject_id: str) -> bool:
    """Is it written as a subject's stream is?"""
    return _SUBJECT.fullmatch(subject_id) is not None


def thing_id(prefix: str, subject_id: str, made: UUID) -> str:
    """The id of a thing of a subject; `made` tells it from the others. ValueError for what is no subject's id."""
    return thing_of("subject", prefix, subject_id, made)


def subject_of(prefix: str, thing: str) -> str | None:
    """The subject that a thing of this kind is of, None for what is no such id."""
    return stream_of("subject", prefix, thing)
