"""What a subject's facts mean for the rules: when what stands begins and ends, and the past as the packs read it.

A fact that ends another gives it an end (`until`), so that an earlier instant still finds it standing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import inf

from services.contact.domain import derived
from services.contact.domain.asked import Past
from services.contact.domain.facts import standing, subject, visit
from services.contact.domain.outcomes import RESERVED
from services.contact.domain.subject import Contact, Person, Subject

ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)
"""From when a number that is not a person's never was: 12 CFR 1006 Supp. I cmt 14(b)(2)(i)-3."""
VISIT_AROUND = timedelta(hours=2)
"""How far from the agreed hour a visit still is the one that was agreed."""
ATTORNEYS = frozenset({"attorney", "lawyer"})
DEBTOR = "debtor"


class Lookback:
    """One subject, read for decisions. Made for one state, so that many contacts can be judged on it."""

    def __init__(self, known: Subject) -> None:
        self.subject = known

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """Every contact that was made, in order.

        Of one instant: those under permits first, as these were given, each in the knowledge of those before it; then
        by their ids, which do not depend on when they were reported.
        """
        made = (one for one in self.subject.contacts.values() if not one.retracted)
        return tuple(sorted(made, key=self._order))

    def _order(self, one: Contact) -> tuple[datetime, float, str]:
        permit = self.subject.permits.get(one.started.permit or "")
        return one.at, inf if permit is None else permit.number, one.id

    @cached_property
    def misdirected(self) -> dict[tuple[Person, str], datetime]:
        """(person, point) that do not belong together -> since when we know."""
        return derived.misdirected(self.subject)

    @cached_property
    def derived(self) -> tuple[derived.Stands, ...]:
        """The flags that contacts raise."""
        return tuple(derived.flags(self.subject, self.contacts))

    def without(self, permit: str) -> "Lookback":
        """The same without contacts that were made under a permit."""
        kept = {ref: one for ref, one in self.subject.contacts.items() if one.started.permit != permit}
        return Lookback(replace(self.subject, contacts=kept))

    # -- whose contact it is

    def described_at(self, at: datetime) -> subject.SubjectDescribed | None:
        """The description that holds at an instant; before the first one, the first."""
        told = sorted((one for _, one in self.subject.of(subject.SubjectDescribed)), key=lambda one: one.at)
        held = [one for one in told if one.at <= at]
        return held[-1] if held else (told[0] if told else None)

    def role_at(self, person: Person, at: datetime) -> str | None:
        """The recorded role of a person at an instant, before the first one that; None: none is recorded."""
        if person is None:
            return DEBTOR
        roles = sorted(self._roles.get(person, ()))
        held = [role for since, role in roles if since <= at]
        return held[-1] if held else next((role for _, role in roles if role is not None), None)

    @cached_property
    def _roles(self) -> dict[str, list[tuple[datetime, str | None]]]:
        found: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
        for _, one in self.subject.of(subject.PersonLinked):
            found[one.person].append((one.at, one.role))
        for _, acts in self.subject.of(standing.RepresentativeAppointed):
            found[acts.person].append((acts.at, acts.role))
        for _, gone in self.subject.of(subject.PersonUnlinked):
            found[gone.person].append((gone.at, None))
        return found

    def zones_of_points(self, person: Person) -> tuple[str, ...]:
        """Zones that a person's numbers and addresses hint at: they widen what is plausible, never narrow it."""
        told = (one for _, one in self.subject.of(subject.PointRecorded) if one.person == person)
        return tuple(
            sorted({one.zone for one in told if one.zone and (person, one.point) not in self.misdirected})
        )

    def works_at(self, point: str | None) -> bool:
        """Is the address an employer's?"""
        return any(one.point == point and one.workplace for _, one in self.subject.of(subject.PointRecorded))

    def debts_of(self, case: str | None, at: datetime) -> tuple[str, ...]:
        """The debts a contact is about that names none: those of its case, or of every case open then."""
        held: dict[str, tuple[str, ...]] = {}
        closed: dict[str, datetime] = {}
        for _, one in sorted(self.subject.of(subject.CaseLinked), key=lambda pair: pair[1].at):
            if one.at <= at or one.case not in held:
                held[one.case] = one.debts
        for _, gone in self.subject.of(subject.CaseUnlinked):
            if gone.at <= at:
                closed[gone.case] = max(gone.at, closed.get(gone.case, gone.at))
        if case is not None and case in held:
            return held[case]
        opened = {one.case: one.at for _, one in self.subject.of(subject.CaseLinked) if one.at <= at}
        still = [one for one in opened if one not in closed or closed[one] < opened[one]]
        return tuple(sorted({debt for one in still for debt in held[one]}))

    def on_file(self, kind: str, person: Person, at: datetime) -> bool:
        """Does an agreement of this kind stand with this person?"""
        ended = {one.agreement: one.at for _, one in self.subject.of(standing.AgreementEnded)}
        for _, one in self.subject.of(standing.AgreementFiled):
            ends = min(one.until or datetime.max.replace(tzinfo=UTC), ended.get(one.agreement, _NEVER))
            if one.kind == kind and one.person == person and one.at <= at < ends:
                return True
        return kind == "agreed_visit" and any(self._visit_agreed(told, person, at) for told in self._visits)

    @property
    def _visits(self) -> Iterable[tuple[visit.VisitEvent, ...]]:
        return self.subject.visits.values()

    def _visit_agreed(self, told: Iterable[visit.VisitEvent], person: Person, at: datetime) -> bool:
        agreed = [one for one in told if isinstance(one, visit.VisitAgreed)]
        off = [one.at for one in told if isinstance(one, visit.VisitCancelled) and one.at <= at]
        return (
            bool(agreed)
            and not off
            and agreed[-1].person == person
            and agreed[-1].at <= at
            and abs(agreed[-1].on - at) <= VISIT_AROUND
        )

    # -- what stands

    @cached_property
    def standing(self) -> tuple[Past, ...]:
        """All that stands or stood, save mandates, which are an agency's own."""
        return (
            *self._consents(), *self._optouts(), *self._times(), *self._flags(), *self._attorneys(),
            *self._ended_purposes(), *self._numbers(),
        )  # fmt: skip

    def _consents(self) -> Iterator[Past]:
        becomes = {"CALLS": "prior_consent", "SMS": "sms_consent", "EMAIL": "email_basis"}
        channels = {"CALLS": "voice", "SMS": "sms", "EMAIL": "email"}
        for number, given in self.subject.of(standing.ConsentGiven):
            yield Past(
                t=given.at, ev=becomes.get(given.kind, given.kind.lower()), ref=given.consent or _ref(number),
                person=given.person, address=given.point, debts=given.debts, basis=given.basis,
                until=given.until, only=given.only,
            )  # fmt: skip
        for number, gone in self.subject.of(standing.ConsentRevoked):
            yield Past(
                t=gone.at, ev="consent_revoked", ref=_ref(number), person=gone.person, address=gone.point,
                debts=gone.debts, channel=channels.get(gone.kind),
            )  # fmt: skip

    def _optouts(self) -> Iterator[Past]:
        for number, one in self.subject.of(standing.MediumOptedOut):
            yield Past(
                t=one.at,
                ev="optout",
                ref=_ref(number),
                person=one.person,
                channel=one.channel,
                address=one.point,
            )

    def _times(self) -> Iterator[Past]:
        for number, one in self.subject.of(standing.InconvenientTimeDeclared):
            yield Past(
                t=one.at, ev="inconvenient", ref=_ref(number), person=one.person, days=one.days,
                from_=one.from_, to=one.to, place=one.place, channel=one.channel, until=one.until,
            )  # fmt: skip

    def _numbers(self) -> Iterator[Past]:
        for person, point in self.misdirected:
            yield Past(t=ALWAYS, ev="number_disproved", ref=point, person=person, address=point)
        for number, one in self.subject.of(subject.ReassignmentChecked):
            yield Past(t=one.at, ev="rnd_check", ref=_ref(number), person=one.person, address=one.point)

    def _flags(self) -> Iterator[Past]:
        lifts = [one for _, one in self.subject.of(standing.FlagLifted)]
        raised = [
            (_ref(number), one.flag, one.person, one.debts, one.at, one.until, one.cause)
            for number, one in self.subject.of(standing.FlagRaised)
        ]
        raised += [
            (one.cause, one.flag, one.person, (), one.at, one.until, one.cause) for one in self.derived
        ]
        for ref, flag, person, debts, at, until, cause in raised:
            for debt in debts or (None,):
                ends = [
                    lift.at
                    for lift in lifts
                    if lift.flag == flag
                    and lift.person == person
                    and lift.at >= at
                    and lift.cause in (None, cause)
                    and (not lift.debts or debt in lift.debts)
                ]
                yield Past(
                    t=at, ev="flag_set", ref=ref, flag=flag, person=person,
                    debts=() if debt is None else (debt,), until=_first(until, *ends),
                )  # fmt: skip

    def _attorneys(self) -> Iterator[Past]:
        gone = [one for _, one in self.subject.of(standing.RepresentativeDismissed)]
        for number, acts in self.subject.of(standing.RepresentativeAppointed):
            if acts.role not in ATTORNEYS:
                continue
            for debt in acts.debts or (None,):
                ends = [
                    one.at
                    for one in gone
                    if one.person == acts.person
                    and one.at >= acts.at
                    and (not one.debts or debt in one.debts)
                ]
                yield Past(
                    t=acts.at, ev="flag_set", ref=_ref(number), flag="attorney_represented",
                    debts=() if debt is None else (debt,), until=_first(None, *ends),
                )  # fmt: skip

    def _ended_purposes(self) -> Iterator[Past]:
        """A debt that is in no open case any more: contact about it has no purpose (PIPL 47)."""
        turns: dict[str | None, list[tuple[datetime, int, str]]] = defaultdict(list)
        debts: dict[str, set[str]] = defaultdict(set)
        for _, one in self.subject.of(subject.CaseLinked):
            debts[one.case] |= set(one.debts)
        for (kind, step), case, at in self._case_turns():
            about: list[str | None] = [*sorted(debts[case])]
            for debt in about or [None]:
                turns[debt].append((at, step, f"{kind}|{case}"))
        for debt, told in turns.items():
            yield from _purposeless(debt, sorted(told))

    def _case_turns(self) -> Iterator[tuple[tuple[str, int], str, datetime]]:
        for _, one in self.subject.of(subject.CaseLinked):
            yield ("open", 1), one.case, one.at
        for _, gone in self.subject.of(subject.CaseUnlinked):
            yield ("closed", 0), gone.case, gone.at

    def mandates(self, agency: str | None) -> Iterator[Past]:
        """The mandates of the agency that asks; one that does not say who it is has none."""
        ends = [one for _, one in self.subject.of(standing.MandateEnded)]
        for number, given in self.subject.of(standing.MandateRecorded):
            if given.agency != agency:
                continue
            over = [
                one.at
                for one in ends
                if one.agency == agency
                and one.at >= given.at
                and (one.creditor is None or one.creditor == given.creditor)
            ]
            yield Past(
                t=given.at,
                ev="mandate",
                ref=_ref(number),
                creditor=given.creditor,
                until=_first(given.until, *over),
            )


_NEVER = datetime.max.replace(tzinfo=UTC)


def _ref(number: int) -> str:
    """How an explanation names a fact that has no id of its own: by its place in the subject's stream."""
    return f"v{number}"


def _first(*ends: datetime | None) -> datetime | None:
    return min((one for one in ends if one is not None), default=None)


def _purposeless(debt: str | None, turns: list[tuple[datetime, int, str]]) -> Iterator[Past]:
    opened: set[str] = set()
    since: tuple[datetime, str] | None = None
    for at, step, told in turns:
        case = told.partition("|")[2]
        if step:
            opened.add(case)
            if since is not None:
                yield _purpose_ended(debt, since, at)
                since = None
            continue
        opened.discard(case)
        if not opened and since is None:
            since = at, case
    if since is not None:
        yield _purpose_ended(debt, since, None)


def _purpose_ended(debt: str | None, since: tuple[datetime, str], until: datetime | None) -> Past:
    return Past(
        t=since[0], ev="flag_set", ref=since[1], flag="purpose_ended",
        debts=() if debt is None else (debt,), until=until,
    )  # fmt: skip


EVENT_OF = {"voice": "call", "ringless_voicemail": "call"}


def as_past(contact: Contact, *, pending: bool) -> Past:
    """A contact as the rules read it. `pending`: a call whose outcome nobody told yet holds a place in every cap."""
    started, said = contact.started, contact.outcome
    ev = EVENT_OF.get(started.channel, started.channel)
    outcome = said.outcome if said is not None else None
    if outcome is None and pending and ev == "call" and started.direction == "out":
        outcome = RESERVED
    return Past(
        t=started.at, ev=ev, ref=started.attempt, direction=started.direction, channel=started.channel,
        outcome=outcome, debts=started.debts, discussed=said.discussed if said is not None else None,
        person=started.person, address=started.point, place=started.place, creditor=started.creditor,
    )  # fmt: skip
