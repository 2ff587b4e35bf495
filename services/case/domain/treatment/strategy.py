"""A treatment strategy: which segment a case is in, and which dated steps its segment takes. Data, never code.

Rules are asked in order and the first that holds counts; the default takes all others, so that every case is in
exactly one segment. A part of the cases may be drawn to try a challenger's steps; the draw follows from the seed and
the case's id alone, so whoever has both draws the same.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.case.domain.treatment.condition import OF_ACCOUNTS, Condition, Inputs, all_met, day_thresholds
from services.case.domain.treatment.signs import WarningRules
from shared.kernel.policy import PolicyVersion
from shared.kernel.refusal import Refused

REMIND, CALL, LETTER, REVIEW = "REMIND", "CALL", "LETTER", "REVIEW"
OFFER_PLAN, PLACE_WITH_AGENCY, REFER_TO_LEGAL = "OFFER_PLAN", "PLACE_WITH_AGENCY", "REFER_TO_LEGAL"
ACTS = (REMIND, CALL, LETTER, REVIEW, OFFER_PLAN, PLACE_WITH_AGENCY, REFER_TO_LEGAL)
CONTACTS = frozenset({REMIND, CALL, LETTER})
"""Acts that reach out to the debtor: each names its channel."""
FROM_STAGE, FROM_CASE, FROM_SEGMENT = "stage", "case", "segment"
ANCHORS = (FROM_STAGE, FROM_CASE, FROM_SEGMENT)
HOLD, DISPUTE, PROMISE, PLAN, SETTLEMENT, MODE, NOTHING_OWED = (
    "HOLD", "DISPUTE", "PROMISE", "PLAN", "SETTLEMENT", "MODE", "NOTHING_OWED",
)  # fmt: skip
EXCLUSIONS = (HOLD, DISPUTE, PROMISE, PLAN, SETTLEMENT, MODE, NOTHING_OWED)
AT_STAGE_CHANGE, AT_ONCE = "STAGE_CHANGE", "AT_ONCE"
ADOPTIONS = (AT_STAGE_CHANGE, AT_ONCE)
CHAMPION, CHALLENGER = "CHAMPION", "CHALLENGER"
DEFAULT_RULE = "default"
DRAWS = 10_000


class StrategyVersionChanged(Refused):
    """A version once proposed never changes: decisions that name it are explained by it. Give the new content a number.

    Context: strategy.
    """

    code = "strategy-version-changed"
    title_en = "This version exists with other content"
    title_zh = "该策略版本已存在且内容不同"


class StrategyVersionsOverlap(Refused):
    """Versions follow one another: a later number begins on a later day, so that one version is in force on any day.

    Context: newest, effective_from (of the newest). Give the version a higher number and a later day.
    """

    code = "strategy-versions-overlap"
    title_en = "The version does not follow the newest one"
    title_zh = "该策略版本与最新版本的生效期重叠"


class StrategyBeginsTooEarly(Refused):
    """A day that was swept was decided by the strategy in force then; no later version may begin on it or before.

    Context: earliest, the first day a new version can begin.
    """

    code = "strategy-begins-too-early"
    title_en = "The version would begin on a day that was decided already"
    title_zh = "该版本的生效日已完成日终处理"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step: `day` days after its anchor, and `within` so many days from then on (0: on that day alone)."""

    name: str
    day: int
    anchor: str
    within: int
    act: str
    channel: str | None
    template: str | None
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment and its steps; `challenger` steps are taken by the cases drawn for it, None where nobody is."""

    name: str
    steps: tuple[Step, ...]
    challenger: tuple[Step, ...] | None

    def steps_of(self, arm: str) -> tuple[Step, ...]:
        """The steps of an arm, in order of day."""
        steps = self.challenger if arm == CHALLENGER and self.challenger is not None else self.steps
        return tuple(sorted(steps, key=lambda one: (one.day, one.name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where all conditions hold, the case is in the segment."""

    name: str
    segment: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Of ten thousand draws, those below `challenger_bps` go to the challenger, where a segment has one."""

    seed: str
    challenger_bps: int

    def draw(self, case_id: str) -> int:
        """A case's draw, 0 to 9,999: the first 8 bytes of SHA-256 of `seed|case_id`, big-endian, modulo 10,000."""
        digest = hashlib.sha256(f"{self.seed}|{case_id}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % DRAWS


@dataclass(frozen=True, slots=True)
class Choice:
    """Which segment a case is in, by which rule of which version, and which arm it was drawn for."""

    strategy: str
    segment: str
    rule: str
    arm: str
    draw: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One version of a strategy. `content` is the SHA-256, in hex, of its canonical JSON, which is `document`.

    `adopt`: cases that go by an older version take this one up when their stage changes, or at once.
    """

    version: PolicyVersion
    content: str
    document: str
    adopt: str
    excluded_by: frozenset[str]
    rules: tuple[Rule, ...]
    default: str
    segments: tuple[Segment, ...]
    split: Split
    warning: WarningRules

    def segment(self, name: str) -> Segment | None:
        """The segment of that name."""
        return next((one for one in self.segments if one.name == name), None)

    def choose(self, inputs: Inputs, case_id: str) -> Choice:
        """The one segment a case with these inputs is in."""
        rule = next((one for one in self.rules if all_met(one.when, inputs)), None)
        name = self.default if rule is None else rule.segment
        draw, segment = self.split.draw(case_id), self.segment(name)
        tried = segment is not None and segment.challenger is not None and draw < self.split.challenger_bps
        arm = CHALLENGER if tried else CHAMPION
        return Choice(self.version.id, name, DEFAULT_RULE if rule is None else rule.name, arm, draw)

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition of every rule."""
        return (one for rule in self.rules for one in rule.when)

    @property
    def thresholds(self) -> frozenset[int]:
        """The days past due at which a case may come into another segment."""
        return day_thresholds(self.conditions)

    @property
    def asks_accounts(self) -> bool:
        """Does a rule look at what only the accounts' own streams tell?"""
        return any(one.field in OF_ACCOUNTS for one in self.conditions)


class StrategyBook:
    """The versions of a tenant, in force one after the other."""

    def __init__(self, strategies: tuple[Strategy, ...] = ()) -> None:
        self.strategies = tuple(sorted(strategies, key=lambda one: one.version.effective_from))

    def in_force(self, on: date) -> Strategy | None:
        """The version in force on a day, None before the first."""
        found = None
        for one in self.strategies:
            found = one if one.version.effective_from <= on else found
        return found

    def named(self, version: str) -> Strategy | None:
        """The version of that id."""
        return next((one for one in self.strategies if one.version.id == version), None)

    @property
    def fingerprint(self) -> str:
        """Changes with every version: what was noted under another is out of date."""
        told = "|".join(f"{one.version.id} {one.content}" for one in self.strategies)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def begins_after(self, day: date) -> Iterator[date]:
        """The days after this one on which a version begins."""
        return (one.version.effective_from for one in self.strategies if one.version.effective_from > day)

    @property
    def asks_accounts(self) -> bool:
        """Does a rule of any version look at the accounts' own streams?"""
        return any(one.asks_accounts for one in self.strategies)


NO_STRATEGIES = StrategyBook()
