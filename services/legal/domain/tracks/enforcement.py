"""How enforcement of a title goes (执行; 民事诉讼法 235 to 269 of 2023).

    APPLIED ► ACCEPTED ► NOTICE_SERVED ► ASSET_SEARCH ► SEIZED ► APPRAISED ► AUCTION ► DISTRIBUTED ► SATISFIED
       └► NOT_ACCEPTED                                                └► TERMINATED_FOR_NOW ⇄ RESUMED | CLOSED

Applied for on a title whose time to perform is over, within two years (art. 250). What is seized is at most what is
owed, and never what the debtor and their dependants need to live (art. 253 to 255). Ended for now (终本), it is resumed
whenever property is found, without a time limit (art. 265).
"""

from types import MappingProxyType
from typing import Any

from services.legal.domain.clocks.reading import EXPIRED
from services.legal.domain.deadlines.title_clock import debts_of, read_title
from services.legal.domain.facts import enforcement as e
from services.legal.domain.forbidden import LawForbids
from services.legal.domain.tracks.machine import (
    COURT_PAPER,
    STAYS,
    Asked,
    Machine,
    Move,
    Proved,
)
from services.legal.domain.tracks.titles import title_of
from shared.kernel.money import Money
from shared.kernel.refusal import Refused

KIND = "ENFORCEMENT"
APPLIED, ACCEPTED, NOT_ACCEPTED, NOTICE_SERVED = "APPLIED", "ACCEPTED", "NOT_ACCEPTED", "NOTICE_SERVED"
ASSET_SEARCH, SEIZED, APPRAISED, AUCTION = "ASSET_SEARCH", "SEIZED", "APPRAISED", "AUCTION"
DISTRIBUTED, SATISFIED, CLOSED = "DISTRIBUTED", "SATISFIED", "CLOSED"
TERMINATED_FOR_NOW, RESUMED = "TERMINATED_FOR_NOW", "RESUMED"
LIVING_NECESSITY = "LIVING_NECESSITY"
ASSETS = ("BANK_DEPOSIT", "INCOME", "MOVABLE", "REAL_ESTATE", "EQUITY", "OTHER", LIVING_NECESSITY)
SOLD, UNSOLD = "SOLD", "UNSOLD"
WITHDRAWN = "WITHDRAWN"
CLOSINGS = (WITHDRAWN, "SETTLED", "DEBTOR_DECEASED_NO_ESTATE", "TITLE_SET_ASIDE")
_EARLY = frozenset({ACCEPTED, NOTICE_SERVED, ASSET_SEARCH, RESUMED})
_ACTIVE = _EARLY | {SEIZED, APPRAISED, AUCTION, DISTRIBUTED}


class EnforcementWordUnknown(Refused):
    """A word of the step is none of its list. Context: `field`, and `known`: those there are."""

    code = "enforcement-word-unknown"
    title_en = "That is none of the words a step of enforcement may use"
    title_zh = "该字段取值不在执行步骤允许的列表中"


class EnforcementNeedsTitle(LawForbids):
    """Only a title is enforced: a judgment, mediation, award or payment order in force, of a track of this matter.

    `title` names that track, or the mediation that a court has confirmed.
    """

    code = "enforcement-needs-title"
    title_en = "There is no such title to enforce"
    title_zh = "没有可供执行的生效法律文书"
    source = "民事诉讼法 247, 248, 227, 206"


class EnforcementTooEarly(LawForbids):
    """The debtor still has time to perform what the title says. Apply once that is over."""

    code = "enforcement-too-early"
    title_en = "The time to perform is not over"
    title_zh = "履行期限尚未届满"
    source = "民事诉讼法 247"


class EnforcementExpired(LawForbids):
    """The two years to apply for enforcement of the title are over, by every proof on record that restarts them.

    A proof that is missing is recorded first; or a second person lets it through, where the law pack allows that.
    """

    code = "enforcement-expired"
    title_en = "The time to apply for enforcement has run out"
    title_zh = "申请执行时效已届满"
    source = "民事诉讼法 250"


class EnforcementUnderWay(Refused):
    """The title is being enforced already. Resume or end that enforcement. Context: `track`."""

    code = "enforcement-under-way"
    title_en = "The title is being enforced already"
    title_zh = "该法律文书正在执行中"


class LivingNecessities(LawForbids):
    """What the debtor and their dependants need to live is left to them, whatever is owed."""

    code = "living-necessities"
    title_en = "Living necessities are not seized"
    title_zh = "不得执行被执行人及其所扶养家属的生活必需费用和生活必需品"
    source = "民事诉讼法 254, 255"


class SeizureOverObligation(LawForbids):
    """What is seized in all is at most what is owed under the title and not yet paid out. Release something first."""

    code = "seizure-over-obligation"
    title_en = "The seizures go beyond what is owed"
    title_zh = "查封、扣押、冻结超出应履行义务的范围"
    source = "民事诉讼法 253"


class AssetNotSeized(Refused):
    """The asset named was not seized in this enforcement, or was released or sold since."""

    code = "asset-not-seized"
    title_en = "The asset is not seized"
    title_zh = "该财产未处于查封、扣押、冻结状态"


class SeizureEndsBefore(Refused):
    """A seizure ends no earlier than it begins."""

    code = "seizure-ends-before"
    title_en = "The seizure ends before it begins"
    title_zh = "查封、扣押、冻结的届满日早于开始日"


class AuctionUnclear(Refused):
    """An auction in which something was sold names its price, one in which nothing was names none; rounds go up by one.

    Context: `round`, the one that is next.
    """

    code = "auction-unclear"
    title_en = "The auction's round, outcome and price do not fit"
    title_zh = "拍卖轮次、结果与价款不一致"


class DistributionUnclear(Refused):
    """Proceeds are distributed by the court's order: give its SHA-256 as `document`. What came to us is at most all."""

    code = "distribution-unclear"
    title_en = "Proceeds are distributed by the court's order"
    title_zh = "执行款须依法院分配方案分配"


def seized(before: tuple[Any, ...]) -> dict[str, e.AssetSeized]:
    """What is seized now, by asset, in the order in which it was."""
    found: dict[str, e.AssetSeized] = {}
    for step in before:
        match step:
            case e.AssetSeized():
                found[step.asset] = step
            case e.AssetReleased() | e.AuctionHeld(outcome="SOLD"):
                found.pop(step.asset, None)
    return found


# -- guards


def _applied(asked: Asked) -> None:
    step, title = asked.step, title_of(asked.matter, asked.step.title)
    if title is None:
        raise EnforcementNeedsTitle
    for other in asked.matter.all(e.EnforcementApplied):
        if other.title == step.title and _goes_on(asked.matter.steps(other.track)):
            raise EnforcementUnderWay(track=other.track)
    if step.on <= title.perform_until:
        raise EnforcementTooEarly
    if step.override is not None:
        return  # that it covers this step was checked before (stepping)
    found = read_title(title, asked.matter, asked.claims, asked.ground, as_of=step.on)
    if found is not None and found.state == EXPIRED:
        raise EnforcementExpired


def _goes_on(steps: tuple[Any, ...]) -> bool:
    status = MACHINE.status(steps)
    return status is not None and (status not in MACHINE.ends or status == TERMINATED_FOR_NOW)


def _seized(asked: Asked) -> None:
    step = asked.step
    _known("kind", step.kind, ASSETS)
    if step.kind == LIVING_NECESSITY:
        raise LivingNecessities
    if step.until < step.on:
        raise SeizureEndsBefore
    total: Money = step.amount
    for asset, one in seized(asked.before).items():
        if asset != step.asset:  # said again, the later word about the asset counts
            total = total + one.amount
    for done in asked.before:
        if isinstance(done, e.ProceedsDistributed):
            total = total + done.to_us
    if total > asked.before[0].amount:
        raise SeizureOverObligation


def _about_seized(asked: Asked) -> None:
    if asked.step.asset not in seized(asked.before):
        raise AssetNotSeized


def _auctioned(asked: Asked) -> None:
    _about_seized(asked)
    step = asked.step
    _known("outcome", step.outcome, (SOLD, UNSOLD))
    held = [one for one in asked.before if isinstance(one, e.AuctionHeld) and one.asset == step.asset]
    if step.round != len(held) + 1 or (step.outcome == SOLD) != (step.price is not None):
        raise AuctionUnclear(round=len(held) + 1)


def _distributed(asked: Asked) -> None:
    if asked.step.document is None or asked.step.to_us > asked.step.amount:
        raise DistributionUnclear


def _closed(asked: Asked) -> None:
    _known("reason", asked.step.reason, CLOSINGS)


def _known(field: str, said: str, known: tuple[str, ...]) -> None:
    if said not in known:
        raise EnforcementWordUnknown(field=field, known=known)


def _begins(asked: Asked) -> Proved:
    return _proved(asked, "enforcement_applied")


def _not_accepted(asked: Asked) -> Proved:
    return _proved(asked, "procedure_not_accepted")


def _ends(asked: Asked) -> Proved:
    """An application taken back counts for nothing: of two readings the earlier end is planned on."""
    return _proved(asked, "procedure_withdrawn" if asked.step.reason == WITHDRAWN else "procedure_ended")


def _proved(asked: Asked, kind: str) -> Proved:
    """About the debts of the title."""
    first = asked.before[0] if asked.before else asked.step
    debts = debts_of(asked.matter, first.title)
    return Proved(kind=kind, evidence=COURT_PAPER, debts=debts, thing=asked.track)


def _from_early(to: str) -> tuple[Move, Move]:
    """To `to` at first, and no way back later."""
    return ((_EARLY, to), (_ACTIVE - _EARLY, STAYS))


MACHINE = Machine(
    kind=KIND,
    begins=e.EnforcementApplied,
    first=APPLIED,
    moves=MappingProxyType(
        {
            e.EnforcementAccepted: (frozenset({APPLIED}), ACCEPTED),
            e.EnforcementNotAccepted: (frozenset({APPLIED}), NOT_ACCEPTED),
            e.EnforcementNoticeServed: (
                (frozenset({ACCEPTED}), NOTICE_SERVED),
                (_ACTIVE - {ACCEPTED}, STAYS),
            ),
            e.AssetsSearched: _from_early(ASSET_SEARCH),
            e.AssetSeized: (
                (_EARLY | {DISTRIBUTED}, SEIZED),
                (frozenset({SEIZED, APPRAISED, AUCTION}), STAYS),
            ),
            e.AssetReleased: (_ACTIVE | {TERMINATED_FOR_NOW}, STAYS),
            e.AssetAppraised: (
                (frozenset({SEIZED, RESUMED, DISTRIBUTED}), APPRAISED),
                (frozenset({APPRAISED, AUCTION}), STAYS),
            ),
            e.AuctionHeld: (frozenset({SEIZED, APPRAISED, AUCTION, DISTRIBUTED, RESUMED}), AUCTION),
            e.ProceedsDistributed: (_ACTIVE, DISTRIBUTED),
            e.EnforcementSatisfied: (_ACTIVE, SATISFIED),
            e.EnforcementTerminatedForNow: (_ACTIVE, TERMINATED_FOR_NOW),
            e.EnforcementResumed: (frozenset({TERMINATED_FOR_NOW}), RESUMED),
            e.EnforcementClosed: (_ACTIVE | {APPLIED, TERMINATED_FOR_NOW}, CLOSED),
        }
    ),
    ends=frozenset({NOT_ACCEPTED, SATISFIED, TERMINATED_FOR_NOW, CLOSED}),
    proved=MappingProxyType(
        {
            e.EnforcementApplied: _begins,
            e.EnforcementNotAccepted: _not_accepted,
            e.EnforcementClosed: _ends,
        }
    ),
    guards=MappingProxyType(
        {
            e.EnforcementApplied: _applied,
            e.AssetSeized: _seized,
            e.AssetReleased: _about_seized,
            e.AssetAppraised: _about_seized,
            e.AuctionHeld: _auctioned,
            e.ProceedsDistributed: _distributed,
            e.EnforcementClosed: _closed,
        }
    ),
)
