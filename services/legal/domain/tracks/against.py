"""Whom a proceeding is against, as the matter's parties stand now."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.legal.domain.matter import Matter
from services.legal.domain.parties import parties
from services.legal.domain.tracks.machine import Asked, against
from shared.kernel.refusal import Refused


class PersonNotAgainst(Refused):
    """The step names somebody whom the proceeding is not against. Leave `person` out for the debtor.

    Whom it is against was said when the track began; `GET /v1/legal-matters/{id}` lists the parties.
    """

    code = "person-not-against"
    title_en = "The proceeding is not against that person"
    title_zh = "该程序的相对方不包括此人"


def persons_behind(matter: Matter, named: tuple[str, ...]) -> tuple[str | None, ...]:
    """The persons of these parties, None for the debtor; parties dropped since are left out. None named: the debtor."""
    known = parties(matter)
    found = tuple(dict.fromkeys(known[party].person for party in named if party in known))
    return found if named else (None,)


def persons(matter: Matter, track: str) -> tuple[str | None, ...]:
    """Those a track that has begun is against."""
    return persons_behind(matter, against(matter, track))


def is_against(asked: Asked) -> None:
    """Raises PersonNotAgainst where the step is about somebody else."""
    if asked.step.person not in persons(asked.matter, asked.track):
        raise PersonNotAgainst


def since(steps: tuple[Any, ...], kind: type) -> tuple[Any, ...]:
    """The steps after the newest of a type; all where there is none."""
    at = max((n for n, one in enumerate(steps) if isinstance(one, kind)), default=-1)
    return steps[at + 1 :]


def first_day(steps: tuple[Any, ...], kind: type[Any]) -> Mapping[str | None, date]:
    """person -> the first day of a step of this type about them."""
    found: dict[str | None, date] = {}
    for one in steps:
        if isinstance(one, kind):
            found[one.person] = min(found.get(one.person, one.on), one.on)
    return found
