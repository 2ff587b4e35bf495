"""Ids of what belongs to a stream (`prm_…` of a case, `cpm_…` of a subject): each carries the stream it is of.

A prefix, the 32 hex digits of the stream's uuid, and 16 hex digits by which the things of one stream differ. So an
address needs no look-up, and nothing is said but the stream's id, which whoever made the thing knew.
"""

import re
from uuid import UUID

_FORM = re.compile(r"([a-z]{3})_([0-9a-f]{32})[0-9a-f]{16}")


def thing_of(category: str, prefix: str, stream: str, made: UUID) -> str:
    """The id of a thing of a stream of this category; `made` tells it from the others. ValueError for another."""
    return f"{prefix}_{UUID(stream.removeprefix(f'{category}-')).hex}{made.hex[-16:]}"


def stream_of(category: str, prefix: str, thing: str) -> str | None:
    """The stream of this category that a thing of this kind is of, None for what is no such id."""
    found = _FORM.fullmatch(thing)
    return f"{category}-{UUID(hex=found[2])}" if found is not None and found[1] == prefix else None
