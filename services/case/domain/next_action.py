"""What to do next about a case, best first, each with why, and with what stands in its way.

A pure function of the picture of a day and the facts behind it: nothing here is stored, and nothing is done by it.
Commands decide anew; an action that is shown as free may be refused a moment later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.case.domain import (
    attempts,
    chargeoff,
    complaint,
    dispute,
    mode,
    promise,
    relief,
    settlement,
    waiver,
)
from services.case.domain import events as e
from services.case.domain.case_facts import CaseFacts
from services.case.domain.judge import Picture
from services.case.domain.legal.near import deadlines
from services.case.domain.legal.steps import LIMITATION
from services.case.domain.policy import CasePolicy
from services.case.domain.treatment.said import OpenStep
from shared.kernel.money import Money

RIGHT_PARTY = "RIGHT_PARTY"
PLAN_BLOCKS = frozenset({"DISPUTE", "PLAN", "MORATORIUM", "BANKRUPTCY", "DECEASED", "INCAPABLE", "FRAUD"})
"""Holds in which no plan and no settlement is offered; hardship is not one of them, a plan may be its relief."""

Value = int | str | date | Money


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, by a code with its values; the words for it are the reader's."""

    code: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in the way: `kind` HOLD, MODE or RULE; `until` (exclusive): when it ends, where that is known."""

    kind: str
    code: str
    ref: str | None
    until: date | None


@dataclass(frozen=True, slots=True)
class NextAction:
    """One thing that could be done next; `about` names the promise, dispute or the like that it is about."""

    action: str
    points: int
    why: tuple[Why, ...]
    blocked_by: tuple[Block, ...]
    about: str | None


def next_actions(
    facts: CaseFacts, now: Picture, policy: CasePolicy, steps: Sequence[OpenStep] = ()
) -> tuple[NextAction, ...]:
    """Everything that could be done next as of the picture's day: what is free first, then by points.

    `steps`: those of the treatment strategy that are due.

    Order: free before blocked, more points before fewer, then by name and what it is about.
    """
    known = facts.until(now.as_of)
    found = [*_care(now, policy), *_decisions(known, now, policy), *_handling(now, policy)]
    found += _legal(known, now, policy)
    if now.ended is None:
        found += [*_proofs(now, policy), *_collecting(known, now, policy), *_steps(now, policy, steps)]
    return tuple(
        sorted(found, key=lambda one: (bool(one.blocked_by), -one.points, one.action, one.about or ""))
    )


def _free(
    policy: CasePolicy, action: str, *why: Why, about: str | None = None, due: date | None = None, as_of: date
) -> NextAction:
    """An action that nothing blocks; the nearer its day, the more it weighs."""
    points = policy.actions.points[action]
    if due is not None:
        left = (due - as_of).days
        points += max(policy.actions.due_soon_days - left, 0) * policy.actions.per_day_sooner
    return NextAction(action, points, why, (), about)


def _due(due: date, as_of: date) -> Why:
    late = (as_of - due).days
    return Why("LATE", {"due": due, "days": late}) if late > 0 else Why("DUE", {"due": due, "days": -late})


def _care(now: Picture, policy: CasePolicy) -> Iterator[NextAction]:
    """What the debtor is owed: answers, decisions and reviews."""
    as_of = now.as_of
    for ref, about in now.complaints.items():
        if about.status != complaint.ANSWERED and about.until is None:
            yield _free(
                policy, "ANSWER_COMPLAINT", Why("COMPLAINT", {"kind": about.kind}), _due(about.answer_by, as_of),
                about=ref, due=about.answer_by, as_of=as_of,
            )  # fmt: skip
    for ref, raised in now.disputes.items():
        if raised.status == dispute.OPEN:
            yield _free(
                policy, "ANSWER_DISPUTE", Why("DISPUTE", {"scope": raised.scope}), _due(raised.answer_by, as_of),
                about=ref, due=raised.answer_by, as_of=as_of,
            )  # fmt: skip
    for ref, one in now.reliefs.items():
        if one.status in (relief.CLAIMED, relief.UNANSWERED):
            yield _free(
                policy, "ASSESS_HARDSHIP", Why("PROTECTED_UNTIL", {"until": one.until}),
                about=ref, due=one.until, as_of=as_of,
            )  # fmt: skip
        elif one.status == relief.GRANTED:
            review_from = one.until - timedelta(days=policy.actions.relief_review_days)
            if as_of >= review_from:
                why = Why("RELIEF_ENDS", {"until": one.until})
                yield _free(policy, "REVIEW_RELIEF", why, about=ref, due=one.until, as_of=as_of)


def _decisions(facts: CaseFacts, now: Picture, policy: CasePolicy) -> Iterator[NextAction]:
    """What waits for a second person, and a death that is only said."""
    as_of, second = now.as_of, Why("SECOND_PERSON", {})
    for ref, offer in now.settlements.items():
        if offer.status == settlement.PROPOSED:
            why = Why("OFFERED", {"amount": offer.amount, "owed": offer.owed})
            yield _free(policy, "DECIDE_SETTLEMENT", why, second, about=ref, due=offer.pay_by, as_of=as_of)
    for ref, asked in now.waivers.items():
        if asked.status == waiver.PROPOSED:
            why = Why("WAIVER_ASKED", {"amount": asked.amounts.total})
            yield _free(policy, "DECIDE_WAIVER", why, second, about=ref, as_of=as_of)
    for ref in chargeoff.awaiting(facts):
        yield _free(policy, "DECIDE_WRITE_OFF", second, about=ref, as_of=as_of)
    if any(facts.all(e.DeathConfirmed)):
        return
    for held in now.holds.values():
        if held.kind == "DECEASED" and held.source:
            why = Why("DEATH_SAID", {"on": held.from_})
            yield _free(policy, "CONFIRM_DEATH", why, about=held.source, as_of=as_of)


def _handling(now: Picture, policy: CasePolicy) -> Iterator[NextAction]:
    """Cases with an agency that must not be there, and recalls nobody has confirmed."""
    stops = sorted(mode.BLOCK_PLACEMENT & now.hold_kinds)
    for ref, placed in now.placements.items():
        if placed.status == mode.LIVE and stops:
            whys = [Why("NOT_WITH_AN_AGENCY", {"hold": kind}) for kind in stops]
            yield _free(policy, "RECALL_PLACEMENT", *whys, about=ref, as_of=now.as_of)
        elif placed.status == mode.RECALLED:
            why = Why("RECALLED", {"on": placed.until})
            yield _free(policy, "CONFIRM_RECALL", why, about=ref, as_of=now.as_of)


def _legal(facts: CaseFacts, now: Picture, policy: CasePolicy) -> Iterator[NextAction]:
    """What the legal service said runs out soon: the limitation of a debt, a deadline of a matter."""
    for told in deadlines(facts, as_of=now.as_of):
        near = told.what == LIMITATION
        if told.due_on is None or (near and now.ended is not None):
            continue
        due, code = told.due_on, told.code or ""
        why = (
            Why("LIMITATION_ENDS", {"due": due})
            if near
            else Why("DEADLINE_ENDS", {"deadline": code, "due": due})
        )
        yield _free(policy, "MEET_LEGAL_DEADLINE", why, about=told.thing, due=due, as_of=now.as_of)


def _proofs(now: Picture, policy: CasePolicy) -> Iterator[NextAction]:
    """Payments somebody says were made: the day of a promise has come, or a dispute says so."""
    for ref, given in now.promises.items():
        if given.status == promise.ACTIVE and given.due <= now.as_of:
            why = Why("PROMISE_DAY_CAME", {"due": given.due, "judged_on": given.judged_on})
            yield _free(policy, "RECORD_PAYMENT_PROOF", why, about=ref, due=given.judged_on, as_of=now.as_of)
    for ref, raised in now.disputes.items():
        if raised.status == dispute.OPEN and raised.scope == "PAYMENT_NOT_CREDITED":
            why = Why("SAYS_PAID", {})
            yield _free(policy, "RECORD_PAYMENT_PROOF", why, about=ref, due=raised.answer_by, as_of=now.as_of)


def _collecting(facts: CaseFacts, now: Picture, policy: CasePolicy) -> Iterator[NextAction]:
    """What brings money; each with all that stands in its way."""
    order = policy.actions
    late = Why("LATE_BY", {"stage": now.stage, "days": now.days_past_due, "arrears": now.arrears})
    points, whys = order.points["CALL"], [late]
    broken = sum(one.status == promise.BROKEN for one in now.promises.values())
    tried = attempts.known(facts)
    if broken:
        points += order.broken_promise
        whys.append(Why("BROKEN_PROMISES", {"count": broken}))
    if tried and all(one.outcome != RIGHT_PARTY for one in tried):
        points += order.never_reached
        whys.append(Why("NEVER_REACHED", {"attempts": len(tried)}))
    ours, owes, word = _ours(now), _owes(now), _word(now)
    held = _held(now, policy.queue.working_holds)
    yield NextAction("CALL", points, tuple(whys), (*ours, *held, *word, *owes), None)
    yield NextAction(
        "TAKE_PROMISE", order.points["TAKE_PROMISE"], (late,), (*ours, *held, *word, *owes), None
    )
    plan = _held(now, only=PLAN_BLOCKS)
    agreed = _agreed(now)
    yield NextAction("OFFER_PLAN", order.points["OFFER_PLAN"], (late,), (*ours, *plan, *agreed, *owes), None)
    for action, stages, blocks in (
        ("OFFER_SETTLEMENT", order.settlement_stages, (*ours, *plan, *_offered(now), *owes)),
        ("PLACE_WITH_AGENCY", order.agency_stages, (*ours, *_held(now, only=mode.BLOCK_PLACEMENT), *owes)),
        ("REFER_TO_LEGAL", order.legal_stages, (*ours, *_held(now, only=mode.BLOCK_REFERRAL), *owes)),
    ):
        if now.stage in stages:
            yield NextAction(action, order.points[action], (late,), blocks, None)


def _steps(now: Picture, policy: CasePolicy, steps: Sequence[OpenStep]) -> Iterator[NextAction]:
    """What the strategy asks for, each with all that stands in its way; the fewer days are left, the more it weighs."""
    blocks = (*_ours(now), *_held(now, policy.queue.working_holds), *_word(now), *_owes(now))
    for one in steps:
        why = Why("STEP_DUE", {"act": one.said.act, "step": one.ref, "until": one.said.until})
        free = _free(policy, "TAKE_STEP", why, about=one.ref, due=one.said.until, as_of=now.as_of)
        yield replace(free, blocked_by=blocks)


def _held(
    now: Picture, working: frozenset[str] = frozenset(), *, only: frozenset[str] | None = None
) -> tuple[Block, ...]:
    """The holds in force that stop it; a dispute of a part leaves the rest to be collected."""
    found = []
    for ref, one in sorted(now.holds.items()):
        stops = one.kind in only if only is not None else one.kind not in working
        raised = now.disputes.get(one.source)
        part = raised is not None and raised.amount is not None
        # Handing over asks for no open dispute at all; a call may be about the rest.
        if stops and not (part and only is None):
            found.append(Block("HOLD", one.kind, ref, one.until))
    return tuple(found)


def _ours(now: Picture) -> tuple[Block, ...]:
    """Somebody else collects."""
    if now.mode == mode.INTERNAL:
        return ()
    placed = [now.placements[ref].until for ref in now.mode_because if ref in now.placements]
    [ref, *_] = now.mode_because or (None,)
    return (Block("MODE", now.mode, ref, max(placed, default=None)),)


def _owes(now: Picture) -> tuple[Block, ...]:
    return () if now.arrears.minor > 0 else (Block("RULE", "NOTHING_OWED", None, None),)


def _word(now: Picture) -> tuple[Block, ...]:
    """The debtor's word is out: wait for its day."""
    open_ = [
        Block("RULE", "PROMISE_OPEN", ref, one.judged_on)
        for ref, one in sorted(now.promises.items())
        if one.status == promise.ACTIVE
    ]
    return (*open_, *_agreed(now))


def _agreed(now: Picture) -> tuple[Block, ...]:
    return tuple(
        Block("RULE", "SETTLEMENT_AGREED", ref, one.pay_by)
        for ref, one in sorted(now.settlements.items())
        if one.status == settlement.APPROVED
    )


def _offered(now: Picture) -> tuple[Block, ...]:
    return tuple(
        Block("RULE", "SETTLEMENT_OPEN", ref, one.pay_by)
        for ref, one in sorted(now.settlements.items())
        if one.status in (settlement.PROPOSED, settlement.APPROVED)
    )
