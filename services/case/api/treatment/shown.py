"""The shapes of answers about segments, strategies and steps."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from services.case.api.acting import CASE
from services.case.api.wire import Amount
from services.case.domain.treatment.condition import REACHES
from services.case.projections.treatment import segments
from shared.http.wire import PageLinks, Wire


class SegmentShown(Wire):
    """Open cases in one segment by one version and arm."""

    segment: str
    strategy: str
    arm: str = Field(description="CHAMPION or CHALLENGER.")
    cases: int


class StepsDue(Wire):
    """Steps that are due."""

    act: str
    who: str
    steps: int


class SegmentList(Wire):
    """Every open case is in one segment, or in none while nothing was decided of it."""

    as_of: str
    known_at: str | None
    open: int
    undecided: int
    items: list[SegmentShown]
    steps_due: list[StepsDue] = Field(description="As of now, whatever day was asked about.")


class Member(Wire):
    """A case of a segment, and the decision that put it there."""

    case: str
    segment: str | None
    rule: str | None
    strategy: str | None
    arm: str | None
    stage: str | None = Field(description="The stage it was in when that was decided.")
    decided_on: str | None

    @classmethod
    def of(cls, row: segments.Member) -> "Member":
        """From the view's row."""
        on = row.decided_on.isoformat() if row.decided_on else None
        told = row._asdict() | {"decided_on": on}
        return cls(case=told.pop("case_id"), **told)


class MemberPage(Wire):
    """A page of a segment's cases."""

    items: list[Member]
    page: PageLinks


class StepShown(Wire):
    """A step that is due, from `due` to `until`, both included."""

    case: str
    step: str
    act: str
    channel: str | None
    template: str | None
    who: str
    planned: str
    due: str
    until: str
    segment: str | None


class StepPage(Wire):
    """A page of the steps that are due."""

    items: list[StepShown]
    page: PageLinks


class InputsShown(Wire):
    """What rules look at. Null: not known. What is known of the debtor as a person is null once erased."""

    stage: str
    days_past_due: int
    arrears: Amount
    products: list[str]
    broken_promises: int
    reached: str = Field(json_schema_extra={"enum": list(REACHES)})
    episode: int
    first_payment_default: bool | None
    reason: str | None
    ability: str | None
    willingness: str | None


class DecidedShown(Wire):
    """A decision on record, with what it was taken on."""

    segment: str
    rule: str
    strategy: str
    arm: str
    draw: int = Field(description="0 to 9999, from the strategy's seed and the case's id alone.")
    as_of: str
    inputs: InputsShown


class PinnedShown(Wire):
    """What the case goes by."""

    strategy: str
    segment: str
    arm: str
    stage: str
    visit: int
    as_of: str
    stage_from: str
    because: str


class PassedOver(Wire):
    """A rule that was asked before, and what of it did not hold."""

    rule: str
    not_met: list[str]


class NowShown(Wire):
    """What the rules say of the facts as they are known."""

    segment: str
    rule: str
    strategy: str
    arm: str
    draw: int
    inputs: InputsShown
    passed_over: list[PassedOver]


class CaseStepShown(Wire):
    """A step of the case: on record, or still to come (PLANNED)."""

    step: str
    status: str = Field(description="PLANNED, DUE, TAKEN, SKIPPED or WITHDRAWN.")
    act: str | None
    channel: str | None
    template: str | None
    who: str | None
    planned: str | None
    due: str | None
    until: str | None
    on: str | None = Field(description="The day of what was said last.")
    reason: str | None
    because: str | None = Field(description="The attempt, offer or placement that took it.")


class CaseStrategy(Wire):
    """A case's treatment: `decided` and `pinned` as recorded for the day, `now` as the rules have it."""

    id: str
    as_of: str
    known_at: str | None
    version: int = Field(description="The newest event of the case that counts.")
    decided: DecidedShown | None
    pinned: PinnedShown | None
    now: NowShown | None = Field(description="Null where the case is over, or no strategy is in force.")
    same: bool | None = Field(
        description="Whether the record and the rules agree; the next sweep settles it."
    )
    steps: list[CaseStepShown]


_INPUTS: dict[str, Any] = {
    "stage": "M2", "days_past_due": 40, "arrears": {"amount": "1234.50", "currency": "CNY"}, "products": ["CARD"],
    "broken_promises": 0, "reached": "TRIED", "episode": 1, "first_payment_default": None, "reason": None,
    "ability": None, "willingness": None,
}  # fmt: skip
_CHOICE: dict[str, Any] = {
    "segment": "M2-STANDARD", "rule": "m2", "strategy": "cn-retail-treatment/1", "arm": "CHAMPION", "draw": 4711,
    "inputs": _INPUTS,
}  # fmt: skip
CASE_EXAMPLE: dict[str, Any] = {
    "id": CASE, "as_of": "2026-11-22", "known_at": None, "version": 17,
    "decided": _CHOICE | {"as_of": "2026-11-20"},
    "pinned": {
        "strategy": "cn-retail-treatment/1", "segment": "M2-STANDARD", "arm": "CHAMPION", "stage": "M2", "visit": 2,
        "as_of": "2026-11-20", "stage_from": "2026-11-19", "because": "STAGE",
    },
    "now": _CHOICE | {"passed_over": [{"rule": "m1", "not_met": ["stage"]}]},
    "same": True,
    "steps": [
        {
            "step": "2.first-call", "status": "DUE", "act": "CALL", "channel": "CALL", "template": "m2-call",
            "who": "COLLECTOR", "planned": "2026-11-20", "due": "2026-11-20", "until": "2026-11-23",
            "on": "2026-11-20", "reason": None, "because": None,
        }
    ],
}  # fmt: skip


def segments_shown(
    counted: Sequence[segments.SegmentCount], steps: Sequence[tuple[str, str, int]]
) -> dict[str, Any]:
    """The members of a list of segments."""
    decided = [one for one in counted if one.segment is not None]
    return {
        "open": sum(one.cases for one in counted),
        "undecided": sum(one.cases for one in counted if one.segment is None),
        "items": [one._asdict() for one in decided],
        "steps_due": [{"act": act, "who": who, "steps": count} for act, who, count in steps],
    }


def step_shown(row: segments.StepRow) -> StepShown:
    """A due step as a list shows it."""
    return StepShown(
        case=row.case_id,
        step=row.step,
        act=row.act,
        channel=row.channel,
        template=row.template,
        who=row.who,
        planned=row.planned.isoformat(),
        due=row.due.isoformat(),
        until=row.until.isoformat(),
        segment=row.segment,
    )
