"""What can be asked about a case beside its money: holds, care, who collects, contact, the sweep."""

from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct

from services.case.domain.legal.commands import HearLegal
from services.case.domain.staffing.keeping_commands import KeepingCommand
from services.case.domain.treatment.treating import Treating
from shared.kernel.money import Money
from shared.kernel.parts import Parts


class AssignCase(Struct, frozen=True, gc=False, kw_only=True):
    """Give the case to a collector. `run`: the run that shares it out, which saw it with `seen` (None: nobody)."""

    ref: str
    on: date
    collector: str
    reason: str
    run: str | None = None
    seen: str | None = None


class SkipCase(Struct, frozen=True, gc=False, kw_only=True):
    """The collector who was handed the case from `queue` at `at` passes it by."""

    ref: str
    on: date
    at: datetime
    queue: str
    collector: str
    reason: str


class PlaceHold(Struct, frozen=True, gc=False, kw_only=True):
    """Stop collecting, for an interval: from `on` up to, not including, `until` (None: until lifted)."""

    ref: str
    kind: str
    on: date
    until: date | None
    reason: str
    stops_interest: bool


class LiftHold(Struct, frozen=True, gc=False, kw_only=True):
    """The hold ends on `on`."""

    hold: str
    on: date
    reason: str


class ClaimHardship(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor claims hardship: a short protective hold at once."""

    ref: str
    cause: str
    on: date


class GrantRelief(Struct, frozen=True, gc=False, kw_only=True):
    """Grant relief after a claim, up to, not including, `until`. `ageing` is FREEZE or RUN."""

    relief: str
    on: date
    until: date
    measures: tuple[str, ...]
    ageing: str
    by: str


class ExtendRelief(Struct, frozen=True, gc=False, kw_only=True):
    """A relief that runs is given a later end, up to, not including, `until`."""

    ref: str
    relief: str
    on: date
    until: date
    by: str


class DeclineRelief(Struct, frozen=True, gc=False, kw_only=True):
    """Decline a claim."""

    relief: str
    on: date
    reason: str
    by: str


class EndRelief(Struct, frozen=True, gc=False, kw_only=True):
    """End a granted relief before its day."""

    relief: str
    on: date
    reason: str


class RaiseDispute(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor disputes the debt or a part of it; `amount` None: all of it."""

    ref: str
    scope: str
    amount: Money | None
    on: date


class AcknowledgeDispute(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor is told that the dispute arrived."""

    dispute: str
    on: date
    by: str


class ReopenDispute(Struct, frozen=True, gc=False, kw_only=True):
    """A decided dispute is opened again as `ref`: `material` refers to what is new."""

    ref: str
    dispute: str
    on: date
    material: str


class ResolveDispute(Struct, frozen=True, gc=False, kw_only=True):
    """Decide a dispute. `outcome`: UPHELD, PARTLY_UPHELD, REJECTED, DUPLICATE, WITHDRAWN.

    `adjustment` is taken off what `account` owes; `first` names the earlier dispute of a duplicate.
    """

    dispute: str
    on: date
    outcome: str
    adjustment: Parts | None
    account: str | None
    first: str | None
    by: str


class LogComplaint(Struct, frozen=True, gc=False, kw_only=True):
    """A complaint arrived; `attempts` names the contact attempts it is about."""

    ref: str
    kind: str
    on: date
    attempts: tuple[str, ...]


class AnswerComplaint(Struct, frozen=True, gc=False, kw_only=True):
    """Answer a complaint; `finding`: BREACH or NO_BREACH."""

    complaint: str
    on: date
    finding: str
    redress: Money | None
    by: str


class EscalateComplaint(Struct, frozen=True, gc=False, kw_only=True):
    """The complaint went to an ombudsman."""

    complaint: str
    on: date
    to: str


class PlaceWithAgency(Struct, frozen=True, gc=False, kw_only=True):
    """Place the case with an agency, up to, not including, `until`."""

    ref: str
    agency: str
    on: date
    until: date
    evaluated_on: date


class RecallPlacement(Struct, frozen=True, gc=False, kw_only=True):
    """Recall the case from its agency: its contact ends on `on`."""

    placement: str
    on: date
    reason: str


class ConfirmRecall(Struct, frozen=True, gc=False, kw_only=True):
    """The agency's return file confirms the recall."""

    placement: str
    on: date


class ReferToLegal(Struct, frozen=True, gc=False, kw_only=True):
    """Hand the case to the legal service."""

    ref: str
    on: date
    reason: str
    by: str


class EndLegalReferral(Struct, frozen=True, gc=False, kw_only=True):
    """Legal has finished, or gives the case back."""

    referral: str
    on: date
    outcome: str


class CloseCase(Struct, frozen=True, gc=False, kw_only=True):
    """Close the case for one of the reasons a person may give."""

    on: date
    reason: str


class ReopenCase(Struct, frozen=True, gc=False, kw_only=True):
    """Open a closed case again."""

    on: date
    reason: str


class ReportDeath(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor is said to have died; `confirmed` by a certificate."""

    ref: str
    on: date
    confirmed: bool


class RecordIncapacity(Struct, frozen=True, gc=False, kw_only=True):
    """The debtor lost legal capacity."""

    ref: str
    on: date


class RetractReport(Struct, frozen=True, gc=False, kw_only=True):
    """A report of death or incapacity was wrong, or no longer holds."""

    report: str
    on: date
    reason: str


class RecordAttempt(Struct, frozen=True, gc=False, kw_only=True):
    """A contact attempt happened, whoever made it. Always recorded."""

    attempt_ref: str
    at: datetime
    on: date
    channel: str
    outcome: str
    actor_kind: str
    permit: str | None
    rules: tuple[str, ...] = ()
    """The rules that it broke, as the contact service found."""


class ReviseAttempt(Struct, frozen=True, gc=False, kw_only=True):
    """The contact service says more of an attempt than it did. Always recorded."""

    attempt_ref: str
    revision: int
    at: datetime
    on: date
    outcome: str
    permit: str | None
    rules: tuple[str, ...]
    retracted: bool


class RecordRefusal(Struct, frozen=True, gc=False, kw_only=True):
    """The contact service did not allow a contact about the case. Always recorded."""

    refusal: str
    at: datetime
    on: date
    channel: str
    rules: tuple[str, ...]
    until: datetime | None


class RecordCircumstance(Struct, frozen=True, gc=False, kw_only=True):
    """What is known of the debtor: `topic` REASON, ABILITY or WILLINGNESS, with where it comes from."""

    ref: str
    topic: str
    value: str
    source: str
    on: date


class TakeStep(Struct, frozen=True, gc=False, kw_only=True):
    """A step of the treatment strategy was taken."""

    step: str
    on: date
    by: str


class SkipStep(Struct, frozen=True, gc=False, kw_only=True):
    """A step of the treatment strategy is passed by, for a reason of the closed list."""

    step: str
    on: date
    reason: str
    by: str


class Sweep(Struct, frozen=True, kw_only=True):
    """Judge the case as of a day: what fell due, lapsed or ended. Safe twice or late.

    `treating`: what its segment and its steps are decided by as well; None: they are left alone.
    """

    on: date
    treating: Treating | None = None


CareCommand: TypeAlias = (
    AssignCase
    | SkipCase
    | PlaceHold
    | LiftHold
    | ClaimHardship
    | GrantRelief
    | ExtendRelief
    | DeclineRelief
    | EndRelief
    | RaiseDispute
    | AcknowledgeDispute
    | ReopenDispute
    | ResolveDispute
    | LogComplaint
    | AnswerComplaint
    | EscalateComplaint
    | PlaceWithAgency
    | RecallPlacement
    | ConfirmRecall
    | ReferToLegal
    | EndLegalReferral
    | CloseCase
    | ReopenCase
    | ReportDeath
    | RecordIncapacity
    | RetractReport
    | RecordAttempt
    | ReviseAttempt
    | RecordRefusal
    | RecordCircumstance
    | TakeStep
    | SkipStep
    | Sweep
    | KeepingCommand
    | HearLegal
)
