"""A lawyer's letter, from the request to the answer: no letter in a firm's name without its signature (SIGNED).

`track` is the letter's id (`ltr_…`), `step` the id of the step. The PDF is not stored: it is made again, the same
bytes, from what LetterDrafted holds, and `sha256` proves it.
"""

from datetime import date, datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from services.legal.domain.facts.sections import PARTY_CONTACT, PARTY_ID
from shared.kernel.parts import Parts
from shared.kernel.section import FACTS, ID, STAFF


class LetterRequested(Struct, frozen=True, kw_only=True):
    """A letter is wanted to `person` (None: the debtor), in `language`, from `template`."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    person: Annotated[str | None, FACTS]
    role: Annotated[str, FACTS]
    template: Annotated[str, FACTS]
    language: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class LetterDrafted(Struct, frozen=True, kw_only=True):
    """Drafted from version `template_version`: sums as known `as_of`, an answer is wanted in `answer_days`.

    `kind` is the template's (domain/letters/kinds.py): what the letter does at law. `sha256` (hex) is of the PDF,
    `content` of the template's text; `limitation` the state of the claims then (EXPIRED needs the text that says so).
    `subject`: the debtor as contact names them. The words that were set lie in `values`, the lines behind the window
    in `recipient`. Drafted anew, the later counts.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    kind: Annotated[str, FACTS]
    template: Annotated[str, FACTS]
    template_version: Annotated[int, FACTS]
    content: Annotated[str, FACTS]
    language: Annotated[str, FACTS]
    as_of: Annotated[date, FACTS]
    subject: Annotated[str, FACTS]
    debts: Annotated[tuple[str, ...], FACTS]
    claimed: Annotated[Parts, FACTS]
    limitation: Annotated[str, FACTS]
    answer_days: Annotated[int, FACTS]
    sha256: Annotated[str, FACTS]
    pages: Annotated[int, FACTS]
    values: Annotated[tuple[tuple[str, str], ...], PARTY_ID]
    recipient: Annotated[tuple[str, ...], PARTY_CONTACT]
    by: Annotated[str, STAFF]


class LetterReturned(Struct, frozen=True, kw_only=True):
    """The reviewer wants it changed: `reason` a code, the words in `remark`."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    remark: Annotated[str | None, ID]
    by: Annotated[str, STAFF]


class LetterApproved(Struct, frozen=True, kw_only=True):
    """Somebody else than the drafter approved the draft with this `sha256`."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    sha256: Annotated[str, FACTS]
    by: Annotated[str, STAFF]


class LetterSigned(Struct, frozen=True, kw_only=True):
    """The firm that has the matter signed the draft with this `sha256`.

    `seal` is the signature's own hash (hex).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    placement: Annotated[str, FACTS]
    firm: Annotated[str, FACTS]
    sha256: Annotated[str, FACTS]
    seal: Annotated[str, FACTS]
    lawyer: Annotated[str, STAFF]


class LetterDispatchBegun(Struct, frozen=True, kw_only=True):
    """The contact service is about to be asked to post it: on record first.

    Whoever finds it so asks again under this step's id, which posts once. `try_no` from 1.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]
    try_no: Annotated[int, FACTS]


class LetterDispatched(Struct, frozen=True, kw_only=True):
    """It was given to the contact service, which posts it under its own permit: `message` is its message (`cat_…`).

    `channel` letter or email; `try_no` from 1. `carrier_no`: where a person posted it by hand.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]
    try_no: Annotated[int, FACTS]
    message: Annotated[str | None, FACTS]
    permit: Annotated[str | None, FACTS]
    carrier_no: Annotated[str | None, ID]


class LetterDispatchRefused(Struct, frozen=True, kw_only=True):
    """The contact service refused to send it: by these rules, until `until` (None: as asked never)."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    channel: Annotated[str, FACTS]
    try_no: Annotated[int, FACTS]
    permit: Annotated[str, FACTS]
    rules: Annotated[tuple[str, ...], FACTS]
    until: Annotated[datetime | None, FACTS]


class LetterDelivered(Struct, frozen=True, kw_only=True):
    """It arrived: `proof` SIGNED, HOUSEHOLD_ADULT, CARRIER, DATA_REACHED or DATA_SHOULD_HAVE_REACHED.

    A delivered demand restarts limitation (Civil Code art. 195(1), limitation provisions art. 8): the proof of it has
    this step's digits under `prf_`. `document`: SHA-256 (hex) of the paper that proves it.
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    proof: Annotated[str, FACTS]
    message: Annotated[str | None, FACTS]
    document: Annotated[str | None, FACTS]
    answer_until: Annotated[date, FACTS]


class LetterUndeliverable(Struct, frozen=True, kw_only=True):
    """It came back, or cannot be delivered: `reason` a code. It may be dispatched again."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]
    message: Annotated[str | None, FACTS]


class LetterAnswered(Struct, frozen=True, kw_only=True):
    """An answer came: `answer` PAYS, ASKS_FOR_TIME, DISPUTES, REFUSES, OTHER.

    To ask for time is to agree (art. 195(2)).
    """

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    answer: Annotated[str, FACTS]
    document: Annotated[str | None, FACTS]


class LetterDeadlinePassed(Struct, frozen=True, kw_only=True):
    """No answer came in time. Recorded by the passing of time."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    answer_until: Annotated[date, FACTS]


class LetterWithdrawn(Struct, frozen=True, kw_only=True):
    """Given up before it was dispatched."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


class LetterClosed(Struct, frozen=True, kw_only=True):
    """Nothing more is expected of it."""

    track: Annotated[str, FACTS]
    step: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    reason: Annotated[str, FACTS]


LetterStep: TypeAlias = (
    LetterRequested
    | LetterDrafted
    | LetterReturned
    | LetterApproved
    | LetterSigned
    | LetterDispatchBegun
    | LetterDispatched
    | LetterDispatchRefused
    | LetterDelivered
    | LetterUndeliverable
    | LetterAnswered
    | LetterDeadlinePassed
    | LetterWithdrawn
    | LetterClosed
)
EVENTS: tuple[type[Struct], ...] = (
    LetterRequested, LetterDrafted, LetterReturned, LetterApproved, LetterSigned, LetterDispatchBegun,
    LetterDispatched, LetterDispatchRefused, LetterDelivered, LetterUndeliverable, LetterAnswered, LetterDeadlinePassed,
    LetterWithdrawn, LetterClosed,
)  # fmt: skip
