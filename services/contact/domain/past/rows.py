"""Contacts, consents and opt-outs of before go-live, whatever system knew of them; and what each means here.

A `number` is a number or address in clear; it is looked up by its HMAC and kept nowhere. `origin`: whose word it is.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from services.contact.domain import commands as c
from services.contact.domain.asked import CHANNELS
from services.contact.domain.asking.media import CHANNEL_MEDIUM
from services.contact.domain.outcomes import OUTCOMES
from services.contact.domain.point_form import normal
from services.contact.domain.subject import HISTORY


class PastAttempt(Struct, frozen=True, gc=False, kw_only=True):
    """Somebody tried to reach the debtor, or the debtor us (`by` DEBTOR)."""

    ref: str
    at: datetime
    channel: str
    outcome: str
    by: str
    number: str | None
    origin: str


class PastConsent(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor consented to `kind` (CALLS, SMS, EMAIL), for a number or address or at all; perhaps until a day."""

    ref: str
    at: datetime
    kind: str
    number: str | None
    until: datetime | None
    revoked_at: datetime | None
    origin: str


class PastOptOut(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor asked not to be reached by a channel, or at a number or address."""

    ref: str
    at: datetime
    channel: str | None
    number: str | None
    origin: str


PastRow: TypeAlias = PastAttempt | PastConsent | PastOptOut
CHANNEL_UNKNOWN, NUMBER_UNREADABLE, CONSENT_UNKNOWN, NOTHING_NAMED, DATES_CROSSED = (
    "channel-unknown", "number-unreadable", "consent-unknown", "nothing-named", "date-order",
)  # fmt: skip
CONSENTS = {"CALLS": "phone", "SMS": "phone", "EMAIL": "email"}
BY_DEBTOR = "DEBTOR"
THIRD_PARTIES = frozenset({"AGENCY", "AGENT", "LAW_FIRM"})
_CHANNELS = {"CALL": "voice", "PHONE": "voice", "TELEPHONE": "voice", "WECHAT": "im", "MAIL": "letter"}
_OUTCOMES = {
    "RIGHT_PARTY": "conversation", "THIRD_PARTY": "conversation_third_party", "WRONG_PARTY": "conversation_wrong_party",
    "WRONG_NUMBER": "conversation_wrong_party", "NO_ANSWER": "ring_no_answer", "HUNG_UP": "answered_hung_up",
    "OUT_OF_SERVICE": "not_in_service", "VOICEMAIL": "voicemail_full_message",
}  # fmt: skip
"""Words of earlier systems for what came of a call; one that is none of these counts as if anything had come of it."""


def unfit(row: PastRow, *, region: str) -> tuple[str, str] | None:
    """Why the row says nothing that can be kept, and of which field; None where it does.

    `region`: whose numbers may come without a country code.
    """
    match row:
        case PastAttempt() if _channel(row.channel) is None:
            return CHANNEL_UNKNOWN, "channel"
        case PastConsent() if row.kind not in CONSENTS:
            return CONSENT_UNKNOWN, "kind"
        case PastConsent() if row.revoked_at is not None and row.revoked_at < row.at:
            return DATES_CROSSED, "revoked_on"
        case PastOptOut() if row.channel is None and row.number is None:
            return NOTHING_NAMED, "channel"
        case PastOptOut() if row.channel is not None and _channel(row.channel) is None:
            return CHANNEL_UNKNOWN, "channel"
    if row.number is not None and _spelt(row, region) is None:
        return NUMBER_UNREADABLE, "number"
    return None


def meant(
    row: PastRow, *, region: str, point: Callable[[str, str], str], attempt: Callable[[str, str], str]
) -> tuple[c.ContactCommand, ...]:
    """The commands that a fit row is, in order. `point`: medium, value -> id; `attempt`: source, reference -> id."""
    spelt = _spelt(row, region)
    at = None if spelt is None else point(_medium(row), spelt)
    match row:
        case PastAttempt():
            return (_attempt(row, at, attempt),)
        case PastConsent():
            given = c.GiveConsent(
                consent=f"past-{row.origin}-{row.kind}-{int(row.at.timestamp())}", kind=row.kind, point=at,
                until=row.until, origin=HISTORY, at=row.at,
            )  # fmt: skip
            if row.revoked_at is None:
                return (given,)
            return given, c.RevokeConsent(kind=row.kind, point=at, origin=HISTORY, at=row.revoked_at)
        case PastOptOut():
            channel = None if row.channel is None else _channel(row.channel)
            return (c.OptOut(channel=channel, point=at, origin=HISTORY, at=row.at),)


def _attempt(row: PastAttempt, point: str | None, attempt: Callable[[str, str], str]) -> c.ReportAttempt:
    source = f"{HISTORY}_{row.origin}"
    outcome = _outcome(row.outcome)
    return c.ReportAttempt(
        attempt=attempt(source, row.ref), source=source, source_ref=row.ref, at=row.at, origin=HISTORY,
        channel=_channel(row.channel) or row.channel, direction="in" if row.by == BY_DEBTOR else "out", point=point,
        collector_role="third_party" if row.by in THIRD_PARTIES else "first_party",
        outcome=None if outcome is None else c.Outcome(outcome=outcome, at=row.at),
    )  # fmt: skip


def _channel(said: str) -> str | None:
    found = _CHANNELS.get(said, said.lower())
    return found if found in CHANNELS else None


def _outcome(said: str) -> str | None:
    found = _OUTCOMES.get(said, said.lower())
    return found if found in OUTCOMES else None


def _medium(row: PastRow) -> str:
    if isinstance(row, PastConsent):
        return CONSENTS.get(row.kind, "phone")
    channel = None if row.channel is None else _channel(row.channel)
    if channel is not None and channel in CHANNEL_MEDIUM:
        return CHANNEL_MEDIUM[channel]
    return "email" if "@" in (row.number or "") else "phone"


def _spelt(row: PastRow, region: str) -> str | None:
    return None if row.number is None else normal(_medium(row), row.number, region=region)
