"""Ids of what belongs to a case (`prm_…`): each carries the case it is in (shared/eventstore/thing_id.py)."""

from uuid import UUID

from shared.eventstore.thing_id import stream_of, thing_of


def thing_id(prefix: str, case_id: str, made: UUID) -> str:
    """The id of a thing of a case; `made` tells it from the others. Raises ValueError for what is no case's id."""
    return thing_of("case", prefix, case_id, made)


def case_of(prefix: str, thing: str) -> str | None:
    """The case that a thing of this kind is in, None for what is no such id."""
    return stream_of("case", prefix, thing)
