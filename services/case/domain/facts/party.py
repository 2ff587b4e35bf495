"""Who people are and how they are reached: facts of a party's stream, sealed under the party's own key.

The role of the subject is `party` on every field that points to a person: the debtor's own key, a guarantor's own key.
"""

from datetime import date
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import InSection

PARTY_FACTS = InSection("facts", subject="party")
PARTY_ID = InSection("id", subject="party")
PARTY_CONTACT = InSection("contact", subject="party")


class PartyRegistered(Struct, frozen=True, kw_only=True):
    """A person or organisation came into the book."""

    kind: Annotated[str, PARTY_FACTS]
    on: Annotated[date, PARTY_FACTS]
    language: Annotated[str | None, PARTY_FACTS]
    identity_kind: Annotated[str | None, PARTY_FACTS]
    party_ref: Annotated[str, PARTY_ID]
    name: Annotated[str, PARTY_ID]
    identity_no: Annotated[str | None, PARTY_ID]
    birth_on: Annotated[date | None, PARTY_ID]


class IdentityCorrected(Struct, frozen=True, kw_only=True):
    """The lender says otherwise who the party is: all of it as of `on`; `revision` counts from 1."""

    kind: Annotated[str, PARTY_FACTS]
    on: Annotated[date, PARTY_FACTS]
    revision: Annotated[int, PARTY_FACTS]
    language: Annotated[str | None, PARTY_FACTS]
    identity_kind: Annotated[str | None, PARTY_FACTS]
    name: Annotated[str, PARTY_ID]
    identity_no: Annotated[str | None, PARTY_ID]
    birth_on: Annotated[date | None, PARTY_ID]


class ContactPointAdded(Struct, frozen=True, kw_only=True):
    """A way to reach the party. `point` is derived from party, medium, label and value by HMAC, so it says nothing.

    `label` tells the points of one medium apart; a new value under a label ends the one before.
    """

    point: Annotated[str, PARTY_FACTS]
    medium: Annotated[str, PARTY_FACTS]
    label: Annotated[str, PARTY_FACTS]
    source: Annotated[str, PARTY_FACTS]
    zone: Annotated[str | None, PARTY_FACTS]
    on: Annotated[date, PARTY_FACTS]
    value: Annotated[str, PARTY_CONTACT]


class ContactPointEnded(Struct, frozen=True, kw_only=True):
    """The way to reach the party is no longer in the book: `REPLACED` by a newer value, or `DROPPED`."""

    point: Annotated[str, PARTY_FACTS]
    reason: Annotated[str, PARTY_FACTS]
    on: Annotated[date, PARTY_FACTS]


PartyEvent: TypeAlias = PartyRegistered | IdentityCorrected | ContactPointAdded | ContactPointEnded
