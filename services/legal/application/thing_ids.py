"""Ids of what belongs to a matter, made and read (domain/thing_ids.py lists their prefixes)."""

import re
from uuid import UUID

from services.legal.domain.thing_ids import MATTER
from shared.eventstore.thing_id import stream_of, thing_of

_ABOUT = re.compile(r"(case|account)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_about(text: str) -> bool:
    """Is it written as a case's or an account's stream is?"""
    return _ABOUT.fullmatch(text) is not None


def thing_id(prefix: str, matter: str, made: UUID) -> str:
    """The id of a thing of a matter; `made` tells it from the others. ValueError for what is no matter's id."""
    return thing_of(MATTER, prefix, matter, made)


def matter_of(prefix: str, thing: str) -> str | None:
    """The matter that a thing of this kind is of, None for what is no such id."""
    return stream_of(MATTER, prefix, thing)
