"""Whose contact it is: places and zones, persons about the debtor, the ways to reach them, cases that are open.

Facts are pseudonymous: `person` is `prs_…` (None: the debtor), `point` is `cpt_…`, both HMACs; references and
addresses themselves lie in sections that can be forgotten.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.contact.domain.facts.sections import PERSON_CONTACT, PERSON_ID
from shared.kernel.section import CONTACT, FACTS, ID


class SubjectDescribed(Struct, frozen=True, kw_only=True):
    """Every place (`CN`, `US-MA`) and every zone the debtor may plausibly be in; `zones` None: unknown.

    The newest description counts whole. `debt_groups`: pairs of a debt and the group it counts with.
    """

    at: Annotated[datetime, FACTS]
    jurisdictions: Annotated[tuple[str, ...], FACTS]
    zones: Annotated[tuple[str, ...] | None, FACTS]
    debt_groups: Annotated[tuple[tuple[str, str], ...], FACTS]
    language: Annotated[str | None, FACTS]
    source: Annotated[str, FACTS]
    debtor_ref: Annotated[str, ID]


class CaseLinked(Struct, frozen=True, kw_only=True):
    """A case about the debtor is open: the case service said so. `debts`: streams of the accounts in it."""

    at: Annotated[datetime, FACTS]
    case: Annotated[str, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    stage: Annotated[str | None, FACTS]


class CaseUnlinked(Struct, frozen=True, kw_only=True):
    """The case is closed: the purpose of contact about it has ended."""

    at: Annotated[datetime, FACTS]
    case: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]


class PersonLinked(Struct, frozen=True, kw_only=True):
    """Somebody else who has to do with the debt: `role` as the packs name it (joint_debtor, guarantor, attorney …)."""

    at: Annotated[datetime, FACTS]
    person: Annotated[str, FACTS]
    role: Annotated[str, FACTS]
    source: Annotated[str, FACTS]
    person_ref: Annotated[str, PERSON_ID]


class PersonUnlinked(Struct, frozen=True, kw_only=True):
    """The person no longer has that role."""

    at: Annotated[datetime, FACTS]
    person: Annotated[str, FACTS]
    reason: Annotated[str, FACTS]


class PointRecorded(Struct, frozen=True, kw_only=True):
    """A way to reach a person. `point` is an HMAC of medium and normalised value, so the same number is the same point.

    `medium`: phone, email, post, im. `workplace`: the address is the employer's.
    """

    at: Annotated[datetime, FACTS]
    point: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    medium: Annotated[str, FACTS]
    zone: Annotated[str | None, FACTS]
    source: Annotated[str, FACTS]
    workplace: Annotated[bool, FACTS]
    value: Annotated[str, PERSON_CONTACT]


class PointEnded(Struct, frozen=True, kw_only=True):
    """The way to reach the person is no longer used: DROPPED, REPLACED, DEAD."""

    at: Annotated[datetime, FACTS]
    point: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    reason: Annotated[str, FACTS]


class PointFoundMisdirected(Struct, frozen=True, kw_only=True):
    """The number or address never was this person's, or no longer is: contacts to it did not reach them.

    12 CFR 1006 Supp. I cmt 14(b)(2)(i)-3; it holds for the past as well, from the moment it is known.
    """

    at: Annotated[datetime, FACTS]
    point: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    source: Annotated[str, FACTS]


class ReassignmentChecked(Struct, frozen=True, kw_only=True):
    """It was checked that the number still belongs to the person (二次放号; 12 CFR 1006.6(d)(5))."""

    at: Annotated[datetime, FACTS]
    point: Annotated[str, FACTS]
    person: Annotated[str | None, FACTS]
    source: Annotated[str, FACTS]


class AccountNamed(Struct, frozen=True, kw_only=True):
    """How an account's reference ends, so that a message can say which one it is about."""

    at: Annotated[datetime, FACTS]
    account: Annotated[str, FACTS]
    source: Annotated[str, FACTS]
    tail: Annotated[str, CONTACT]


SubjectEvent: TypeAlias = (
    SubjectDescribed
    | CaseLinked
    | CaseUnlinked
    | PersonLinked
    | PersonUnlinked
    | PointRecorded
    | PointEnded
    | PointFoundMisdirected
    | ReassignmentChecked
    | AccountNamed
)
