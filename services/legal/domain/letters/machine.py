"""How a letter goes, from the request to the answer (domain.md 4.3, LawyerLetter).

    REQUESTED ► DRAFTED ⇄ RETURNED
                DRAFTED ► APPROVED ► SIGNED ► DISPATCHING ► DISPATCHED ► DELIVERED ► ANSWERED | DEADLINE_PASSED ► CLOSED
                                       ▲  DISPATCH_REFUSED ┘    └► UNDELIVERABLE ► DISPATCHING …

Nothing leaves in a firm's name that the firm has not signed, and nothing is signed that a second person has not
approved: each of them says which bytes (`sha256`) it saw. On an expired claim only a text that says so goes out.
"""

from types import MappingProxyType

from services.legal.domain.facts import letter as f
from services.legal.domain.letters import kinds
from services.legal.domain.letters.firm import require_same_placement, require_signer, require_some_firm
from services.legal.domain.limitation.reading import expired
from services.legal.domain.tracks.machine import STAYS, Asked, Machine, Proved
from shared.kernel.four_eyes import second_person
from shared.kernel.refusal import Refused

KIND = "LETTER"
REQUESTED, DRAFTED, RETURNED, APPROVED, SIGNED = "REQUESTED", "DRAFTED", "RETURNED", "APPROVED", "SIGNED"
DISPATCHING, DISPATCHED, DISPATCH_REFUSED = "DISPATCHING", "DISPATCHED", "DISPATCH_REFUSED"
DELIVERED, UNDELIVERABLE, ANSWERED, DEADLINE_PASSED = (
    "DELIVERED", "UNDELIVERABLE", "ANSWERED", "DEADLINE_PASSED",
)  # fmt: skip
WITHDRAWN, CLOSED = "WITHDRAWN", "CLOSED"
_READY = frozenset({SIGNED, UNDELIVERABLE, DISPATCH_REFUSED})


class LetterTextChanged(Refused):
    """What was approved or signed is not the letter as it is drafted now: it has another hash. Read it once more.

    The PDF is at `GET /v1/legal-matters/{id}/letters/{letter}/pdf`; its hash is the one to send.
    """

    code = "letter-text-changed"
    title_en = "The letter is not the one that was drafted last"
    title_zh = "该律师函不是最近一次起草的文本"


class LetterAlreadyOut(Refused):
    """The letter has left: it can be answered, or closed, but neither changed nor withdrawn any more."""

    code = "letter-already-out"
    title_en = "The letter has been dispatched before"
    title_zh = "该律师函已发出"


class LetterWordUnknown(Refused):
    """A word of the step is none of its list. Context: `field`, and `known`: those there are."""

    code = "letter-word-unknown"
    title_en = "That is none of the words a letter's step may use"
    title_zh = "该字段取值不在允许的列表中"


class AnswerStillOpen(Refused):
    """The day until which an answer is awaited is not over. Context: `answer_until`."""

    code = "letter-answer-still-open"
    title_en = "There is still time to answer the letter"
    title_zh = "律师函的答复期限尚未届满"


class LetterSaysExpired(Refused):
    """The text says that the limitation period has expired, and it has not: what a letter says is true.

    Draft it by another template. `GET /v1/cases/{id}/limitation` shows the periods.
    """

    code = "letter-says-expired"
    title_en = "The letter says that the claim has expired, and it has not"
    title_zh = "函件称时效已届满，但该债权时效尚未届满"


def draft_of(asked: Asked) -> f.LetterDrafted:
    """The draft that counts. Only asked where the machine has let the step through, so there is one."""
    found = asked.done(f.LetterDrafted)
    assert isinstance(found, f.LetterDrafted), "no step after the draft comes before it"
    return found


def _drafted(asked: Asked) -> None:
    require_some_firm(asked.matter, asked.step.on)
    _known("kind", asked.step.kind, kinds.KINDS)
    _expired_or_not(asked, asked.step)


def _expired_or_not(asked: Asked, draft: f.LetterDrafted) -> None:
    """A text that says that the claim has expired is for those that have. Raises LetterSaysExpired."""
    if draft.kind != kinds.EXPIRED_NOTICE:
        return
    over = {one.debt for one in expired(
        asked.claims, asked.ground.law, draft.debts, as_of=asked.step.on, persons=(_to(asked),)
    )}  # fmt: skip
    if not over or not over.issuperset(draft.debts):
        raise LetterSaysExpired


def _approved(asked: Asked) -> None:
    draft = draft_of(asked)
    if asked.step.sha256 != draft.sha256:
        raise LetterTextChanged
    second_person(draft.by, asked.step.by)


def _signed(asked: Asked) -> None:
    _expired_or_not(asked, draft_of(asked))
    if asked.step.sha256 != draft_of(asked).sha256:
        raise LetterTextChanged
    require_signer(asked.matter, asked.step)


def _dispatch(asked: Asked) -> None:
    _known("channel", asked.step.channel, kinds.CHANNELS)
    signed = asked.done(f.LetterSigned)
    if not isinstance(signed, f.LetterSigned) or signed.sha256 != draft_of(asked).sha256:
        raise LetterTextChanged
    if asked.done(f.LetterDispatchBegun) is None or MACHINE.status(asked.before) != DISPATCHING:
        require_same_placement(asked.matter, signed, asked.step.on)


def _not_out(asked: Asked) -> None:
    if asked.done(f.LetterDispatched) is not None:
        raise LetterAlreadyOut


def _delivered(asked: Asked) -> None:
    _known("proof", asked.step.proof, kinds.PROOF_KINDS)


def _answered(asked: Asked) -> None:
    _known("answer", asked.step.answer, kinds.ANSWERS)


def _deadline_passed(asked: Asked) -> None:
    delivered = asked.done(f.LetterDelivered)
    if isinstance(delivered, f.LetterDelivered) and asked.step.on <= delivered.answer_until:
        raise AnswerStillOpen(answer_until=delivered.answer_until)


def _known(field: str, said: str, known: tuple[str, ...]) -> None:
    if said not in known:
        raise LetterWordUnknown(field=field, known=known)


def _presses(asked: Asked) -> bool:
    """Does the letter demand, or threaten to sue?"""
    draft = asked.step if isinstance(asked.step, f.LetterDrafted) else draft_of(asked)
    return draft.kind in kinds.PRESSES


def _presses_by_hand(asked: Asked) -> bool:
    """What contact has posted is on record whatever the day brings: it was judged when it was begun."""
    return asked.step.message is None and _presses(asked)


def _delivery_proves(asked: Asked) -> Proved | None:
    draft, step = draft_of(asked), asked.step
    kind = kinds.PROVES.get(draft.kind)
    if kind is None:
        return None
    sent = asked.done(f.LetterDispatched)
    channel = sent.channel if isinstance(sent, f.LetterDispatched) else "letter"
    return Proved(
        kind=kind, evidence=step.proof, debts=draft.debts, person=_to(asked),
        medium=kinds.MEDIUM_OF[channel], document=step.document or draft.sha256,
    )  # fmt: skip


def _answer_proves(asked: Asked) -> Proved | None:
    if asked.step.answer not in kinds.CONSENTS:
        return None
    evidence = kinds.ANSWER_ON_PAPER if asked.step.document is not None else kinds.ANSWER_NOTED
    return Proved(
        kind=kinds.CONSENT, evidence=evidence, debts=draft_of(asked).debts, person=_to(asked),
        document=asked.step.document,
    )  # fmt: skip


def _to(asked: Asked) -> str | None:
    requested = asked.done(f.LetterRequested)
    return requested.person if isinstance(requested, f.LetterRequested) else None


MACHINE = Machine(
    kind=KIND,
    begins=f.LetterRequested,
    first=REQUESTED,
    moves=MappingProxyType({
        f.LetterDrafted: (frozenset({REQUESTED, DRAFTED, RETURNED}), DRAFTED),
        f.LetterReturned: (frozenset({DRAFTED, APPROVED, SIGNED, DISPATCH_REFUSED}), RETURNED),
        f.LetterApproved: (frozenset({DRAFTED}), APPROVED),
        f.LetterSigned: (frozenset({APPROVED}), SIGNED),
        f.LetterDispatchBegun: (_READY, DISPATCHING),
        f.LetterDispatched: (_READY | {DISPATCHING}, DISPATCHED),
        f.LetterDispatchRefused: (frozenset({DISPATCHING}), DISPATCH_REFUSED),
        f.LetterDelivered: (
            (frozenset({DISPATCHED, UNDELIVERABLE, DELIVERED}), DELIVERED), (frozenset({ANSWERED}), STAYS),
        ),
        f.LetterUndeliverable: (frozenset({DISPATCHED}), UNDELIVERABLE),
        f.LetterAnswered: (
            frozenset({DISPATCHED, UNDELIVERABLE, DELIVERED, DEADLINE_PASSED, ANSWERED}), ANSWERED,
        ),
        f.LetterDeadlinePassed: (frozenset({DELIVERED}), DEADLINE_PASSED),
        f.LetterWithdrawn: (
            frozenset({REQUESTED, DRAFTED, RETURNED, APPROVED, SIGNED, DISPATCH_REFUSED}), WITHDRAWN,
        ),
        f.LetterClosed: (
            frozenset({DISPATCHED, UNDELIVERABLE, DELIVERED, ANSWERED, DEADLINE_PASSED, DISPATCH_REFUSED}), CLOSED,
        ),
    }),
    ends=frozenset({ANSWERED, DEADLINE_PASSED, WITHDRAWN, CLOSED}),
    by_time=frozenset({f.LetterDeadlinePassed}),
    guards=MappingProxyType({
        f.LetterDrafted: _drafted,
        f.LetterReturned: _not_out,
        f.LetterApproved: _approved,
        f.LetterSigned: _signed,
        f.LetterDispatchBegun: _dispatch,
        f.LetterDispatched: _dispatch,
        f.LetterDelivered: _delivered,
        f.LetterAnswered: _answered,
        f.LetterDeadlinePassed: _deadline_passed,
        f.LetterWithdrawn: _not_out,
    }),
    proved=MappingProxyType({f.LetterDelivered: _delivery_proves, f.LetterAnswered: _answer_proves}),
    presses=MappingProxyType({
        f.LetterDrafted: _presses,
        f.LetterSigned: _presses,
        f.LetterDispatchBegun: _presses,
        f.LetterDispatched: _presses_by_hand,
    }),
)  # fmt: skip
"""The letter's machine."""
