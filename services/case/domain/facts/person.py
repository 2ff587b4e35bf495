"""What is known of the debtor, and how the debtor was contacted."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS, ID


class ContactAttempted(Struct, frozen=True, kw_only=True):
    """Somebody tried to reach the debtor, whatever came of it. Recorded always.

    `breach` names the holds in force that forbade it where no `permit` covered it, and the rules of contact it broke.
    """

    attempt_ref: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]
    outcome: Annotated[str, FACTS]
    actor_kind: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    breach: Annotated[tuple[str, ...], FACTS]


class ContactRevised(Struct, frozen=True, kw_only=True):
    """The contact service knows more of an attempt than it did: `revision` (from 2) replaces what was said before.

    `breach` names the rules it broke by what is known now, with the holds that forbade it. `retracted`: there was no
    such attempt after all.
    """

    attempt_ref: Annotated[str, FACTS]
    revision: Annotated[int, FACTS]
    at: Annotated[datetime, FACTS]
    on: Annotated[date, FACTS]
    outcome: Annotated[str, FACTS]
    permit: Annotated[str | None, FACTS]
    breach: Annotated[tuple[str, ...], FACTS]
    retracted: Annotated[bool, FACTS]


class ContactRefused(Struct, frozen=True, kw_only=True):
    """A contact about the case was asked for and not allowed, by these `rules`.

    `refusal` is the decision's id in the contact service; `until`: when it may be asked again, None: never as asked.
    """

    refusal: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    until: Annotated[datetime | None, FACTS]


class CircumstanceRecorded(Struct, frozen=True, kw_only=True):
    """What is known of why the debtor fell behind, can pay or wants to, from `source`."""

    circumstance: Annotated[str, FACTS]
    topic: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    value: Annotated[str, ID]
    source: Annotated[str, ID]
