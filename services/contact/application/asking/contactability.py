"""When may this person be reached, and by what? Seven days by channel, from all that is known now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.contact.application.asking.shown import cap_json, points, reason
from services.contact.domain.asked import CHANNELS
from services.contact.domain.asking.grid import DAYS, Slot, grid, next_open
from services.contact.domain.asking.media import CHANNEL_MEDIUM
from services.contact.domain.asking.room import Window, caps, windows
from services.contact.domain.facts.asking import Failed, Proposed
from services.contact.domain.history import Lookback
from services.contact.domain.kinds.procedure import ContentRequired, VisitStaff
from services.contact.domain.pack import Pack
from services.contact.domain.permits import failures, reservations, weighed_at
from services.contact.domain.questions import put
from services.contact.domain.subject import Subject
from shared.messaging.published import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What contact is thought of. `channels` none: all; `at`: from when on."""

    at: datetime
    channels: tuple[str, ...] = CHANNELS
    case: str | None = None
    person: str | None = None
    role: str = "debtor"
    collector_role: str = "first_party"
    agency: str | None = None
    creditor: str | None = None
    purpose: str | None = None


def contactability(
    subject: Subject, wanted: Wanted, packs: Sequence[Pack], *, language: str
) -> dict[str, Any]:
    """The grid: one entry a channel and number or address, with slots, what is left in the caps, and counts.

    As if the contact were made in due form: everything a rule requires to be said is said, and as many go on a visit
    as must. Who asks for the real contact is judged on what they say.
    """
    known = Lookback(subject)
    told = known.described_at(wanted.at)
    entries: list[dict[str, Any]] = []
    words: dict[str, Any] = {}
    for proposed in _proposals(subject, wanted, packs):
        question = put(known, proposed, packs, reserved=reservations(known, wanted.at))
        slots = grid(question, packs)
        opens = next_open(slots)
        words |= {
            found.rule: reason(
                Failed(
                    rule=found.rule, waits=found.waits, counted=found.counted, observed=found.observed,
                    limit=found.limit,
                ),
                packs,
                language=language,
            )
            for slot in slots
            for found in slot.findings
        }  # fmt: skip
        entries.append(
            {
                "channel": proposed.channel,
                "contact_point": proposed.point,
                "open_now": slots[0].open,
                "next": None if opens is None else _span(opens),
                "slots": [{**_span(slot), "open": slot.open, "rules": list(slot.rules)} for slot in slots],
                "caps": [cap_json(one) for one in caps(question, packs)],
                "windows": [_window(one) for one in windows(question, packs)],
            }
        )
    return {
        "at": instant(wanted.at),
        "days": DAYS,
        "places": list(told.jurisdictions if told is not None else subject.places),
        "zones": list(told.zones) if told is not None and told.zones else None,
        "language": told.language if told is not None else None,
        "person": wanted.person,
        "channels": entries,
        "reasons": words,
    }


def may(subject: Subject, wanted: Wanted, packs: Sequence[Pack], *, language: str) -> list[dict[str, Any]]:
    """The decision on each channel at `wanted.at`, by all that is known now; nothing is stored and nothing held."""
    return [_weighed(subject, proposed, packs, language) for proposed in _proposals(subject, wanted, packs)]


def _weighed(subject: Subject, proposed: Proposed, packs: Sequence[Pack], language: str) -> dict[str, Any]:
    known = Lookback(subject)
    decision = weighed_at(subject, proposed, packs)
    question = put(known, proposed, packs, reserved=reservations(known, proposed.at))
    return {
        "channel": proposed.channel,
        "contact_point": proposed.point,
        "at": instant(proposed.at),
        "outcome": decision.outcome,
        "until": instant(decision.until) if decision.until else None,
        "valid_until": instant(decision.valid_until) if decision.valid_until else None,
        "reasons": [
            reason(one, packs, until=decision.until, language=language) for one in failures(decision)
        ],
        "warnings": list(decision.warnings),
        "obligations": list(decision.obligations),
        "zones": list(decision.zones),
        "caps": [cap_json(one) for one in caps(question, packs)],
    }


def _proposals(subject: Subject, wanted: Wanted, packs: Sequence[Pack]) -> Iterator[Proposed]:
    said = tuple(
        dict.fromkeys(
            mark
            for pack in packs
            for rule in pack.rule
            if isinstance(rule, ContentRequired)
            for mark in rule.content
        )
    )
    going = max(
        (
            value.people
            for pack in packs
            for rule in pack.rule
            if isinstance(rule, VisitStaff)
            for value in rule.value
        ),
        default=1,
    )
    for channel in wanted.channels:
        found = points(subject, wanted.person, CHANNEL_MEDIUM.get(channel))
        for point in found or (None,):
            yield Proposed(
                at=wanted.at, channel=channel, role=wanted.role, collector_role=wanted.collector_role,
                person=wanted.person, point=point, case=wanted.case, agency=wanted.agency, creditor=wanted.creditor,
                purpose=wanted.purpose, content=said, staff=going if channel == "visit" else None,
            )  # fmt: skip


def _span(slot: Slot) -> dict[str, Any]:
    return {"from": instant(slot.from_), "until": instant(slot.until)}


def _window(one: Window) -> dict[str, Any]:
    return {"kind": one.kind, "days": one.days, "person": one.person, "contact_point": one.point}
