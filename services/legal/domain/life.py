"""How a matter begins, ends, and goes on; and what is said once of a deadline that comes near."""

from services.legal.domain import commands as c
from services.legal.domain.facts import matter as m
from services.legal.domain.facts.proofs import MatterLinked, ProofRestored, ProofRetracted
from services.legal.domain.known import Known
from services.legal.domain.led import NOTHING, Led
from services.legal.domain.refusals import CaseUnheard, MatterAlreadyOpen, MatterHasTracks, MatterNotClosed
from services.legal.domain.tracks.all_tracks import LETTER, kind_of, status_of, under_way

OUTCOMES = (
    "PAID", "SETTLED", "PERFORMED", "SATISFIED", "WITHDRAWN", "LOST", "NOT_WORTH_IT", "RECALLED", "ENTERED_IN_ERROR",
)  # fmt: skip
ENDS_TRACKS = frozenset({"RECALLED", "ENTERED_IN_ERROR"})
"""Outcomes that end what is under way with the matter."""
LEGAL = "LEGAL"
"""The source of what a step of ours proves."""
FALLS = {"ENTERED_IN_ERROR": "MATTER_ENTERED_IN_ERROR", "RECALLED": "MATTER_RECALLED"}
"""Outcome -> why what the proceedings under way proved does not stand any more, until the matter goes on."""
REOPENINGS = ("PAYMENT_RETURNED", "SETTLEMENT_BROKEN", "ASSETS_FOUND", "CLOSED_IN_ERROR")


def opened(known: Known, command: c.OpenMatter) -> Led:
    """A matter begins, one at a time for a case. Raises CaseUnheard (by hand), MatterAlreadyOpen, LegalDayAhead."""
    event = command.opened
    if known.matter.version:
        return NOTHING
    known.happened(event.on)
    if event.referral is None and not known.claims.debts:
        raise CaseUnheard
    _alone(known)
    return Led(matter=(event,), proofs={event.case: (MatterLinked(matter=event.matter, on=event.on),)})


def _alone(known: Known) -> None:
    """Raises MatterAlreadyOpen where another matter of the case goes on."""
    for other in known.others:
        if other.opened is not None and other.closed is None:
            raise MatterAlreadyOpen(matter=other.opened.matter)


def closed(known: Known, command: c.CloseMatter) -> Led:
    """The matter ends; a letter that waits for its answer does not keep it open. Raises MatterHasTracks.

    What is under way falls with a matter that was entered in error, whose proceedings never were, or that is recalled,
    so that nobody here will hear how they end. Else they would hold limitation for ever: the earlier end is planned on
    until the matter goes on. A letter that went out did go out.
    """
    begun = known.open()
    known.happened(command.on)
    if command.outcome not in ENDS_TRACKS and (still := proceedings(known)):
        raise MatterHasTracks(tracks=still)
    event = m.MatterClosed(matter=begun.matter, outcome=command.outcome, on=command.on, by=command.by)
    gone = _unproved(known, command) if command.outcome in FALLS else ()
    return Led(matter=(event,), proofs={begun.case: gone} if gone else {})


def _unproved(known: Known, command: c.CloseMatter) -> tuple[ProofRetracted, ...]:
    """What the proceedings under way proved."""
    steps = {one.step for track in proceedings(known) for one in known.matter.steps(track)}
    stream = known.claims.of_case
    return tuple(
        ProofRetracted(proof=proof, on=command.on, reason=FALLS[command.outcome], by=command.by)
        for proof, one in stream.proofs.items()
        if one.source == LEGAL and one.source_ref in steps and proof not in stream.retracted
    )


def proceedings(known: Known) -> tuple[str, ...]:
    """The tracks that keep the matter open: proceedings with something to come that do not merely rest."""
    found = []
    for track in under_way(known.matter):
        machine = kind_of(known.matter, track)
        if machine.kind != LETTER and status_of(known.matter, track) not in machine.rests:
            found.append(track)
    return tuple(found)


def reopened(known: Known, command: c.ReopenMatter) -> Led:
    """The matter goes on. Raises MatterNotClosed, MatterAlreadyOpen.

    That the case is linked to it is said again: two matters that reopen at once meet on the case's stream of proofs.
    What its proceedings proved stands again, where it fell with the matter.
    """
    begun = known.opened
    if known.matter.closed is None:
        raise MatterNotClosed
    known.happened(command.on)
    _alone(known)
    event = m.MatterReopened(matter=begun.matter, reason=command.reason, on=command.on, by=command.by)
    linked = MatterLinked(matter=begun.matter, on=command.on)
    return Led(matter=(event,), proofs={begun.case: (linked, *_proved_again(known, command))})


def _proved_again(known: Known, command: c.ReopenMatter) -> tuple[ProofRestored, ...]:
    stream, matter = known.claims.of_case, known.opened.matter
    return tuple(
        ProofRestored(proof=proof, on=command.on, reason=command.reason, by=command.by)
        for proof, gone in stream.retracted.items()
        if gone.reason in FALLS.values() and stream.proofs[proof].matter == matter
    )


def turned(known: Known, command: c.HearOfCase) -> Led:
    """What became of the case, once; a matter that is closed hears of it as well: it may have to be reopened."""
    known.opened  # noqa: B018 (raises for a matter that never was)
    said = {one.source_ref for one in known.matter.all(m.CaseTurned)}
    return NOTHING if command.turned.source_ref in said else Led(matter=(command.turned,))


def warned(known: Known, command: c.WarnOfDeadline) -> Led:
    """Said once of each end and threshold, and not of a matter that is closed."""
    near = command.near
    known.opened  # noqa: B018 (raises for a matter that never was)
    same = (near.deadline, near.thing, near.begun_by, near.within, near.raw_on, near.expires_on)
    said = {
        (one.deadline, one.thing, one.begun_by, one.within, one.raw_on, one.expires_on)
        for one in known.matter.all(m.DeadlineNear)
    }
    if known.matter.closed is not None or same in said:
        return NOTHING
    return Led(matter=(near,))
