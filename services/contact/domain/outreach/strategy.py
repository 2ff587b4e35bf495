"""An outreach strategy: the dated steps of each stage, by channel. Data, never code; versions follow one another.

A stage goes by the version in force on the day it was entered, to its end: a new version takes over with the next
stage, so no step is ever taken by two versions.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, time
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from shared.kernel.policy import PolicyVersion
from shared.kernel.refusal import Refused

STAGES = ("M0", "M1", "M2", "M3", "M4+")
FROM_STAGE, FROM_DUE = "stage", "due"
CONSENT = "CONSENT"
PAID, PROMISED = "PAID", "PROMISED"
WAITS = "WAIT"
VOICE = "voice"
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+){0,9}$", max_length=60)]


class OutreachStrategyChanged(Refused):
    """A version once proposed never changes: what was done by it is explained by it. Give the new content a number.

    Context: strategy.
    """

    code = "outreach-strategy-changed"
    title_en = "This version exists with other content"
    title_zh = "该触达策略版本已存在且内容不同"


class OutreachStrategiesOverlap(Refused):
    """Versions follow one another: a later number begins on a later day, so that one version is in force on any day.

    Context: newest, effective_from (of the newest).
    """

    code = "outreach-strategies-overlap"
    title_en = "The version does not follow the newest one"
    title_zh = "该触达策略版本与最新版本的生效期重叠"


class OutreachStrategyBeginsTooEarly(Refused):
    """Steps of today may have been taken already: a new version begins tomorrow at the earliest.

    Context: earliest, the first day a new version can begin.
    """

    code = "outreach-strategy-begins-too-early"
    title_en = "A new version begins tomorrow at the earliest"
    title_zh = "新版本最早自明日起生效"


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From a time of day up to and not including another, by the clock of the strategy's zone."""

    from_: time = field(name="from")
    to: time


WHOLE_DAY = Window(from_=time(0, 0), to=time.max)


class Repeat(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many times in all, every so many days."""

    times: Annotated[int, Meta(ge=2, le=30)]
    every: Annotated[int, Meta(ge=1, le=180)]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step: `day` days after its anchor (before a due date: negative), to be taken `within` so many days from then.

    A message is sent from `template`, a call is made by the scripts of `situation`. `unless`: skipped where the debtor
    has paid or promised since. `deferred`: whether a contact that may be made later waits for that, or is skipped.
    """

    name: Name
    channel: Literal["sms", "email", "letter", "voice"]
    template: Name | None = None
    situation: Annotated[str, Meta(pattern=r"^[a-z]+(_[a-z]+){0,9}$", max_length=60)] | None = None
    anchor: Literal["stage", "due"] = field(name="from")
    day: Annotated[int, Meta(ge=-90, le=3_660)]
    within: Annotated[int, Meta(ge=0, le=90)] = 0
    window: Window = WHOLE_DAY
    needs: tuple[Literal["POINT", "CONSENT"], ...] = ("POINT",)
    unless: tuple[Literal["PAID", "PROMISED"], ...] = ()
    deferred: Literal["WAIT", "SKIP"] = "WAIT"
    repeat: Repeat | None = None

    @property
    def times(self) -> int:
        """How often it is taken at most in a stage."""
        return 1 if self.repeat is None else self.repeat.times

    @property
    def every(self) -> int:
        """Days from one time to the next."""
        return 0 if self.repeat is None else self.repeat.every


class StageSteps(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done in a stage."""

    stage: Literal["M0", "M1", "M2", "M3", "M4+"]
    steps: tuple[Step, ...] = ()


class Written(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A strategy's file. `promised`: what is sent while a promise is open, before it falls due."""

    version: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*/[1-9][0-9]{0,5}$", max_length=60)]
    effective_from: date
    zone: str
    stages: tuple[StageSteps, ...]
    promised: tuple[Step, ...] = ()


class Strategy(Struct, frozen=True, kw_only=True):
    """One version. `content` is the SHA-256, in hex, of its canonical JSON, which is `document`."""

    version: PolicyVersion
    content: str
    document: str
    written: Written

    @property
    def zone(self) -> str:
        """The zone in which its days and hours are read."""
        return self.written.zone

    def steps_of(self, stage: str) -> tuple[Step, ...]:
        """The steps of a stage."""
        return next((one.steps for one in self.written.stages if one.stage == stage), ())


class StrategyBook:
    """The versions of a tenant, in force one after the other."""

    def __init__(self, strategies: Iterable[Strategy] = ()) -> None:
        self.strategies = tuple(sorted(strategies, key=lambda one: one.version.effective_from))

    def for_day(self, on: date) -> Strategy | None:
        """The version in force on a day; before the first, the first; None where there is none at all."""
        found = None
        for one in self.strategies:
            found = one if found is None or one.version.effective_from <= on else found
        return found

    @property
    def fingerprint(self) -> str:
        """Changes with every version: what was worked out under another is worked out again."""
        told = "|".join(f"{one.version.id} {one.content}" for one in self.strategies)
        return hashlib.sha256(told.encode()).hexdigest()[:16]
