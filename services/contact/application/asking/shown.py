"""A decision as it is shown: the same whenever it is asked for, whatever was recorded since.

What is left in the caps, and the hash of what went in, are those of the stream up to the decision itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec.structs import replace

from services.contact.domain.asked import CHANNELS
from services.contact.domain.asking.grid import Slot, grid, next_open
from services.contact.domain.asking.media import CHANNEL_MEDIUM
from services.contact.domain.asking.room import CapUse, caps
from services.contact.domain.decide import begun
from services.contact.domain.explaining import explained
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Failed, PackNamed, Proposed
from services.contact.domain.facts.subject import PointEnded, PointRecorded
from services.contact.domain.history import Lookback
from services.contact.domain.pack import Pack
from services.contact.domain.permits import reservations
from services.contact.domain.questions import put
from services.contact.domain.redeciding import redecided
from services.contact.domain.subject import Subject
from services.contact.domain.verdict import ALLOW, DEFER, Finding
from shared.messaging.published import instant

OTHERS = tuple(channel for channel in CHANNELS if channel in ("voice", "sms", "email", "letter"))
"""Channels that are offered in place of the one that was refused."""
OPEN_WITHIN = timedelta(days=1)
"""How long after a deferral's end its slot is followed to its close."""
Decision = ContactPermitted | ContactRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A decision and the subject as it was right after it."""

    subject_id: str
    event: Decision
    after: Subject

    @property
    def allowed(self) -> bool:
        """Was it allowed?"""
        return isinstance(self.event, ContactPermitted)


def permit_of(
    shown: Shown, packs: Sequence[Pack], *, language: str, now: datetime, alternatives: bool = True
) -> dict[str, Any]:
    """The object of surfaces.md 2.6, in the caller's language. `now` only says how long it is still valid.

    `alternatives`: what else may be done instead; costs as much as the decision again.
    """
    event, said = shown.event, shown.event.proposed
    known = Lookback(shown.after)
    return {
        "id": event.permit,
        "outcome": ALLOW if isinstance(event, ContactPermitted) else event.outcome,
        "subject": shown.subject_id,
        "case": said.case,
        "channel": said.channel,
        "contact_point": said.point,
        "person": said.person,
        "role": said.role,
        "purpose": said.purpose,
        "evaluated_at": instant(said.at),
        "local_time_of_subject": _clock(event.zones, said.at),
        "zones": list(event.zones),
        "reasons": [] if isinstance(event, ContactPermitted) else reasons(event, packs, language=language),
        "warnings": list(event.warnings),
        "obligations": list(event.obligations) if isinstance(event, ContactPermitted) else [],
        "next_allowed": _next(shown, packs, known) if alternatives else [],
        "caps_after": [cap_json(one) for one in _caps_after(known, said, packs)],
        "packs": [pack_json(one) for one in event.packs],
        **_validity(event, now),
        "at_dispatch": event.at_dispatch if isinstance(event, ContactRefused) else None,
        "inputs_hash": f"sha256:{inputs_hash(known, event, packs)}",
    }


def _validity(event: Decision, now: datetime) -> dict[str, Any]:
    if isinstance(event, ContactRefused):
        return {"valid_for_s": 0, "valid_until": None, "token": None}
    left = max(0, int((event.valid_until - now).total_seconds()))
    return {"valid_for_s": left, "valid_until": instant(event.valid_until), "token": event.permit}


def _clock(zones: Sequence[str], at: datetime) -> str | None:
    """The time of day there, by the first zone the decision was taken in."""
    try:
        return at.astimezone(ZoneInfo(zones[0])).strftime("%H:%M")
    except (IndexError, ZoneInfoNotFoundError, ValueError, OSError):
        return None


def reasons(event: ContactRefused, packs: Sequence[Pack], *, language: str) -> list[dict[str, Any]]:
    """Every rule that stood against it, in words, with the events it counted, its source and the cure."""
    return [reason(one, packs, until=event.until, language=language) for one in event.failed]


def reason(
    failed: Failed, packs: Sequence[Pack], *, until: datetime | None = None, language: str
) -> dict[str, Any]:
    """One rule in words. A rule of a pack that this release no longer has is named without them."""
    found = Finding(failed.rule, failed.waits, failed.counted, failed.observed, failed.limit)
    try:
        said = explained(found, packs, language=language)
    except StopIteration:
        said = {"rule": failed.rule, "message": None, "cure": None}
    cure: dict[str, Any] = {"kind": "WAIT" if failed.waits else "EVENT"}
    return {
        **said,
        "verdict": "deny",
        "counted": list(failed.counted),
        "observed": failed.observed,
        "limit": failed.limit,
        "cure": cure | ({"until": instant(until)} if failed.waits and until is not None else {}),
    }


def cap_json(one: CapUse) -> dict[str, Any]:
    """A cap as answers show it."""
    return {
        "rule": one.rule, "days": one.days, "limit": one.limit, "used": one.used, "left": one.left,
        "scope": list(one.scope), "counted": list(one.counted),
    }  # fmt: skip


def pack_json(one: PackNamed) -> dict[str, Any]:
    """A pack that took part, as answers show it."""
    return {"id": one.id, "version": one.version, "hash": one.hash, "provisional": one.provisional}


def _caps_after(known: Lookback, said: Proposed, packs: Sequence[Pack]) -> tuple[CapUse, ...]:
    """What is used of the caps once this permit holds its place."""
    return caps(put(known, said, packs, reserved=reservations(known, said.at)), packs)


def inputs_hash(known: Lookback, event: Decision, packs: Sequence[Pack]) -> str:
    """SHA-256, in hex, of all that the decision depended on: the question and the packs by their hashes."""
    others = [one for one in reservations(known, event.proposed.at) if one.id != event.permit]
    question = put(known, event.proposed, packs, reserved=others)
    used = sorted(pack.hash for pack in packs)
    return sha256(msgspec.json.encode((question, used), order="deterministic")).hexdigest()


def _next(shown: Shown, packs: Sequence[Pack], known: Lookback) -> list[dict[str, Any]]:
    """When it may be done, and by which other channel it may be done now; nothing where it was allowed."""
    event = shown.event
    if isinstance(event, ContactPermitted):
        return []
    said, found = event.proposed, []
    if event.outcome == DEFER and event.until is not None:
        question = put(known, replace(said, at=event.until), packs)
        slot = next_open(grid(question, packs, days=OPEN_WITHIN.days))
        found.append(_slot(said.channel, slot, event.until))
    found += [
        {"channel": channel, "from": instant(said.at), "until": None}
        for channel in OTHERS
        if channel != said.channel and _open_now(known, replace(said, channel=channel), packs)
    ]
    return found


def _slot(channel: str, slot: Slot | None, from_: datetime) -> dict[str, Any]:
    until = slot.until if slot is not None and slot.until < from_ + OPEN_WITHIN else None
    return {"channel": channel, "from": instant(from_), "until": instant(until) if until else None}


def _open_now(known: Lookback, said: Proposed, packs: Sequence[Pack]) -> bool:
    point = newest_point(known.subject, said.person, CHANNEL_MEDIUM.get(said.channel))
    if point is None:
        return False
    question = put(known, replace(said, point=point), packs, reserved=reservations(known, said.at))
    return not begun(question, packs).failing(said.at)


def points(subject: Subject, person: str | None, medium: str | None) -> list[str]:
    """The person's points of a medium that are in use, the newest first."""
    gone = {(one.person, one.point) for _, one in subject.of(PointEnded)}
    known = Lookback(subject)
    told = [
        one.point
        for _, one in subject.of(PointRecorded)
        if one.medium == medium
        and one.person == person
        and (one.person, one.point) not in gone
        and (one.person, one.point) not in known.misdirected
    ]
    return list(dict.fromkeys(reversed(told)))


def newest_point(subject: Subject, person: str | None, medium: str | None) -> str | None:
    """The person's newest point of a medium, None without one."""
    return next(iter(points(subject, person, medium)), None)


@dataclass(frozen=True, slots=True)
class Again:
    """A decision taken again: by what was known then, and by what is known now.

    `identical`: taken again on what was known then it comes to what is stored.
    """

    identical: bool
    then: dict[str, Any]
    now: dict[str, Any]


def again(shown: Shown, before: Subject, latest: Subject, packs: Sequence[Pack]) -> Again:
    """The decision taken again at its own instant. `before`: the subject before it; `latest`: as it is now."""
    taken = redecided(shown.event, before, latest, packs)
    return Again(taken.same, _outcome(taken.then), _outcome(taken.now))


def _outcome(decision: Any) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "rules": list(decision.rules),
        "until": instant(decision.until) if decision.until else None,
    }
