"""A subject and a proposed contact, put as the question that the packs answer."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from services.contact.domain.asked import Debtor, Past, Proposal, Question
from services.contact.domain.decide import decide
from services.contact.domain.facts.asking import Proposed
from services.contact.domain.history import DEBTOR, EVENT_OF, Lookback, as_past
from services.contact.domain.kinds.counting import Limit, Rest
from services.contact.domain.outcomes import RESERVED
from services.contact.domain.pack import Pack
from services.contact.domain.subject import Contact, Permit
from services.contact.domain.verdict import DENY, Decision, Finding

POINT_MISDIRECTED = "POINT-MISDIRECTED"
"""Technical: the number or address is known to be somebody else's."""
_A_DAY_MORE = timedelta(days=2)


def weigh(
    known: Lookback, proposed: Proposed, packs: Sequence[Pack], *, reserved: Iterable[Permit] = ()
) -> Decision:
    """What the packs say of a contact that is proposed for `proposed.at`; `reserved`: permits that hold a place."""
    decision = decide(put(known, proposed, packs, reserved=reserved), packs)
    since = known.misdirected.get((proposed.person, proposed.point or ""))
    if since is None or since > proposed.at:
        return decision
    return _denied(decision, Finding(POINT_MISDIRECTED, waits=False, counted=(proposed.point or "",)))


def put(
    known: Lookback, proposed: Proposed, packs: Sequence[Pack], *, reserved: Iterable[Permit] = ()
) -> Question:
    """The question that a proposed contact is, with all that is known and the permits that hold a place."""
    past = (as_past(one, pending=True) for one in _counting(known, proposed, packs, before=None))
    return _question(known, proposed, (*past, *(held(one) for one in reserved)))


def _denied(decision: Decision, found: Finding) -> Decision:
    return Decision(
        outcome=DENY, findings=(*decision.findings, found), warnings=decision.warnings,
        packs=decision.packs, zones=decision.zones,
    )  # fmt: skip


def judge(
    known: Lookback,
    contact: Contact,
    proposed: Proposed,
    packs: Sequence[Pack],
    *,
    said: tuple[str, ...] = (),
    identity: str | None = None,
) -> Decision:
    """What the packs say, by all that is known now, of a contact that was made. `proposed`: what it was."""
    past = tuple(as_past(one, pending=False) for one in _counting(known, proposed, packs, before=contact))
    decision = decide(_question(known, proposed, past, said=said, identity=identity), packs)
    since = known.misdirected.get((proposed.person, proposed.point or ""))
    if since is None or since > proposed.at or _told_by(contact, since):
        return decision
    return _denied(decision, Finding(POINT_MISDIRECTED, waits=False, counted=(proposed.point or "",)))


def _told_by(contact: Contact, since: datetime) -> bool:
    """Is it this very call by which the number was found to be another's?"""
    return contact.outcome is not None and contact.outcome.at == since == contact.at


def held(permit: Permit) -> Past:
    """A permit's reservation: it counts in every cap until it expires."""
    asked = permit.proposed
    return Past(
        t=asked.at, ev=EVENT_OF.get(asked.channel, asked.channel), ref=permit.id, channel=asked.channel,
        outcome=RESERVED, debts=asked.debts, person=asked.person, address=asked.point, creditor=asked.creditor,
        until=permit.valid_until,
    )  # fmt: skip


def _counting(
    known: Lookback, proposed: Proposed, packs: Sequence[Pack], *, before: Contact | None
) -> Iterator[Contact]:
    """The contacts that can count: made before, and not too long ago for any rule."""
    since = proposed.at - window(packs)
    for one in known.contacts:
        if before is not None and one.id == before.id:
            return
        started = one.started
        if (
            one.at > since
            or started.direction == "in"
            or (started.person and started.person == proposed.person)
        ):
            yield one


def window(packs: Sequence[Pack]) -> timedelta:
    """How far back the longest window in which the packs count contacts reaches."""
    hashes = tuple(pack.hash for pack in packs)
    found = _WINDOWS.get(hashes)
    if found is None:
        counting = (
            v for pack in packs for rule in pack.rule for v in rule.value if isinstance(v, Limit | Rest)
        )
        _WINDOWS[hashes] = found = (
            timedelta(days=max((value.days for value in counting), default=0)) + _A_DAY_MORE
        )
    return found


_WINDOWS: dict[tuple[str, ...], timedelta] = {}
"""By the hashes of the packs."""


def _question(
    known: Lookback,
    proposed: Proposed,
    past: tuple[Past, ...],
    *,
    said: tuple[str, ...] = (),
    identity: str | None = None,
) -> Question:
    at, person = proposed.at, proposed.person
    told = known.described_at(at)
    zones = told.zones if told is not None else None
    if zones is not None:
        zones = tuple(dict.fromkeys((*zones, *known.zones_of_points(person))))
    exception = proposed.exception
    if exception is not None and not known.on_file(exception, person, at):
        exception = None
    return Question(
        debtor=Debtor(
            id=DEBTOR,
            jurisdictions=told.jurisdictions if told is not None else known.subject.places,
            zones=zones,
            debt_group=dict(told.debt_groups) if told is not None else {},
        ),
        proposal=Proposal(
            at=at, channel=proposed.channel, role=known.role_at(person, at) or proposed.role,
            debts=proposed.debts or known.debts_of(proposed.case, at), person=person, address=proposed.point,
            purpose=proposed.purpose, place=proposed.place,
            content=tuple(dict.fromkeys((*proposed.content, *said))), staff=proposed.staff, reply=proposed.reply,
            override=proposed.override, exception=exception,
            employer_address=proposed.workplace or known.works_at(proposed.point), creditor=proposed.creditor,
            said=said, identity=identity,
        ),
        collector_role=proposed.collector_role,
        history=(*known.standing, *known.mandates(proposed.agency), *past),
    )  # fmt: skip
