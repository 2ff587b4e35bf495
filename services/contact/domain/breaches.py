"""Which attempts of ours broke which rules, by all that is known now; and what that adds to what is on record.

The permit is one thing, the law another: an attempt that no permit covered broke NO-PERMIT, and whatever rules stood
against it at its instant besides. An attempt under a permit breaks a rule when a fact that came late shows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from services.contact.domain.facts import standing
from services.contact.domain.facts.asking import Failed, Proposed
from services.contact.domain.facts.attempt import BreachWithdrawn, ContactBreached
from services.contact.domain.history import Lookback
from services.contact.domain.kinds.procedure import ContentForbidden, ContentRequired
from services.contact.domain.kinds.standing import Party
from services.contact.domain.outcomes import ANSWERED, WRONG_PARTY
from services.contact.domain.pack import Pack
from services.contact.domain.permits import named, spending
from services.contact.domain.questions import judge
from services.contact.domain.subject import HISTORY, Contact, Permit, Subject
from services.contact.domain.verdict import Decision, Finding

NO_PERMIT = "NO-PERMIT"
"""No permit that was valid covered the attempt."""
AT_ONCE, LATER = "AT_ONCE", "LATER"
SPOKEN = frozenset({"voice", "visit"})
DISCLOSES = frozenset({"discloses_debt", "states_debt"})
SOMEBODY = "third_party"
"""The role of a stranger."""


def rejudged(
    known: Lookback,
    packs: Sequence[Pack],
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    before: Mapping[str, Contact] | None = None,
) -> Iterator[ContactBreached | BreachWithdrawn]:
    """What must be recorded so that the breaches on record are those known now, of attempts from `since` up to `until`.

    Both None: all of them. `before`: the contacts that were on record when those breaches were. An attempt
    that was retracted broke nothing.
    """
    spent, subject = spending(known), known.subject
    for contact in known.contacts:
        if (since is None or contact.at >= since) and (until is None or contact.at <= until):
            first = before is not None and contact.id not in before
            yield from _difference(known, contact, spent, packs, now, AT_ONCE if first else LATER)
    for attempt, (revision, rules) in subject.breaches.items():
        gone = subject.contacts.get(attempt)
        if gone is not None and gone.retracted and rules:
            yield BreachWithdrawn(attempt=attempt, revision=revision + 1, at=now)


def found_in(subject: Subject, packs: Sequence[Pack]) -> dict[str, tuple[str, ...]]:
    """attempt -> the rules it broke, by all that is known: every breach, and nothing else."""
    known = Lookback(subject)
    spent = spending(known)
    found = {one.id: _broken(known, one, spent, packs)[1] for one in known.contacts}
    return {attempt: tuple(one.rule for one in failed) for attempt, failed in found.items() if failed}


def _difference(
    known: Lookback, contact: Contact, spent: dict[str, str], packs: Sequence[Pack], now: datetime, found: str
) -> Iterator[ContactBreached | BreachWithdrawn]:
    decision, failed = _broken(known, contact, spent, packs)
    recorded = known.subject.breaches.get(contact.id)
    revision, rules = recorded if recorded is not None else (0, ())
    if tuple(one.rule for one in failed) == rules:
        return
    if not failed:
        yield BreachWithdrawn(attempt=contact.id, revision=revision + 1, at=now)
        return
    yield ContactBreached(
        attempt=contact.id,
        revision=revision + 1,
        at=now,
        found=found,
        failed=failed,
        packs=named(decision) if decision is not None else (),
    )


def _broken(
    known: Lookback, contact: Contact, spent: dict[str, str], packs: Sequence[Pack]
) -> tuple[Decision | None, tuple[Failed, ...]]:
    """The rules an attempt broke, each once, in the packs' order; what came to us, or before go-live, breaks none."""
    if contact.started.direction != "out" or contact.started.origin == HISTORY:
        return None, ()
    permit = known.subject.permits.get(contact.started.permit or "")
    covered = permit if permit is not None and spent.get(permit.id) == contact.id else None
    decision, findings = _against(known, contact, covered, packs)
    if covered is None:
        findings = (Finding(NO_PERMIT, waits=False), *findings)
    failed = {one.rule: one for one in reversed(findings)}
    return decision, tuple(
        Failed(rule=one.rule, waits=one.waits, counted=one.counted, observed=one.observed, limit=one.limit)
        for one in reversed(failed.values())
    )


def _against(
    known: Lookback, contact: Contact, permit: Permit | None, packs: Sequence[Pack]
) -> tuple[Decision, tuple[Finding, ...]]:
    proposed = made_as(contact, permit)
    said = contact.outcome.said if contact.outcome is not None else ()
    identity = contact.outcome.identity if contact.outcome is not None else None
    decision = judge(known, contact, proposed, packs, said=said, identity=identity)
    findings = decision.findings
    if findings and permit is None:
        findings = _less_what_was_agreed(known, contact, proposed, findings, packs)
    findings = tuple(one for one in findings if not _unknown_content(contact, one, packs))
    told = _told_to_another(known, contact, proposed)
    if told is not None:
        other = judge(known, contact, told, packs, said=said, identity=identity)
        kinds = _of_kind(packs, (ContentForbidden, Party))
        findings = (*findings, *(one for one in other.findings if one.rule in kinds))
    return decision, findings


def made_as(contact: Contact, permit: Permit | None) -> Proposed:
    """The attempt as a proposal; what its report leaves open is as its permit says."""
    made = contact.started
    proposed = Proposed(
        at=made.at, channel=made.channel, role=made.role, collector_role=made.collector_role,
        person=made.person, point=made.point, case=made.case, debts=made.debts, creditor=made.creditor,
        agency=made.agency, purpose=made.purpose, place=made.place, content=made.content, staff=made.staff,
        reply=made.reply,
    )  # fmt: skip
    if permit is None:
        return proposed
    asked = permit.proposed
    return replace(
        proposed, role=asked.role, collector_role=asked.collector_role, case=made.case or asked.case,
        debts=made.debts or asked.debts, creditor=made.creditor or asked.creditor,
        agency=made.agency or asked.agency, purpose=made.purpose or asked.purpose,
        place=made.place or asked.place, content=made.content or asked.content,
        staff=asked.staff if made.staff is None else made.staff, reply=made.reply or asked.reply,
        override=asked.override, exception=asked.exception, workplace=asked.workplace,
    )  # fmt: skip


def _less_what_was_agreed(
    known: Lookback,
    contact: Contact,
    proposed: Proposed,
    findings: tuple[Finding, ...],
    packs: Sequence[Pack],
) -> tuple[Finding, ...]:
    """Without the rules that an agreement on file lets through, though the report did not name it."""
    kinds = {one.kind for _, one in known.subject.of(standing.AgreementFiled)} | {"agreed_visit"}
    for kind in sorted(kinds):
        if not known.on_file(kind, proposed.person, proposed.at):
            continue
        still = judge(known, contact, replace(proposed, exception=kind), packs).rules
        findings = tuple(one for one in findings if one.rule in still)
    return findings


def _unknown_content(contact: Contact, found: Finding, packs: Sequence[Pack]) -> bool:
    """Spoken words are known only as far as they were told: what nobody told about is not what nobody said."""
    if contact.started.channel not in SPOKEN or found.rule not in _of_kind(packs, (ContentRequired,)):
        return False
    told = contact.outcome
    return told is None or told.outcome not in ANSWERED or not told.said


def _told_to_another(known: Lookback, contact: Contact, proposed: Proposed) -> Proposed | None:
    """Who else learnt of the debt, as a contact with them; None: nobody, as far as is known."""
    told = contact.outcome
    said = frozenset(told.said) if told is not None else frozenset()
    if contact.started.channel not in SPOKEN:
        said |= frozenset(proposed.content)
    if not said & DISCLOSES:
        return None
    elsewhere = (proposed.person, proposed.point or "") in known.misdirected
    other = told is not None and told.outcome in ("conversation_third_party", WRONG_PARTY)
    reached = told.person if told is not None and told.person != proposed.person else None
    if not (elsewhere or other or reached):
        return None
    return replace(proposed, person=reached or f"at {proposed.point}", role=SOMEBODY, purpose=None)


def _of_kind(packs: Sequence[Pack], kinds: tuple[type, ...]) -> frozenset[str]:
    return frozenset(rule.id for pack in packs for rule in pack.rule if isinstance(rule, kinds))
