"""Lists of the legal service as they are answered."""

from typing import Any

from pydantic import Field

from services.legal.api.acting import CASE, DEBT, MATTER, OF_A_THING, ref
from services.legal.api.matters.wire import SumShown
from services.legal.domain.deadlines.deadline import STATES, WHOSE
from shared.http.wire import PageLinks, Wire


class FallsDue(Wire):
    """A deadline as of a day. `raw_on`: its last day before rest days; `day`: by which to plan."""

    name: str
    day: str
    raw_on: str
    expires_on: str | None = Field(
        description="Null: working days of that year are not announced, or it stands."
    )
    state: str = Field(json_schema_extra={"enum": list(STATES)})
    whose: str = Field(json_schema_extra={"enum": list(WHOSE)})
    thing: str = Field(description="The track, letter or mediation it belongs to.")
    person: str | None = Field(description="Whose it is; null: the debtor's, or everybody's.")
    begun_by: str = Field(description="The step from which it counts.")
    done_by: str | None = Field(description="The step that met it, or by which its passing is on record.")
    clock: str | None = Field(description="Of the law pack; null: the step itself named the day.")
    article: str | None
    confidence: str | None = Field(description="How sure the source of the clock is.")


class BoardTrack(Wire):
    """A track as its last step leaves it."""

    id: str
    kind: str
    status: str
    ended: bool
    begun_on: str
    last_step: str
    last_on: str


class BoardMatter(Wire):
    """A matter on the board. `age_days`: since it was opened, until it was closed."""

    id: str
    case: str | None = Field(description="Null: its facts were erased.")
    status: str = Field(description="OPEN or CLOSED.")
    opened_on: str
    age_days: int
    reason: str | None
    referral: str | None
    closed_on: str | None
    outcome: str | None
    firm: str | None
    owed: SumShown | None = Field(description="As the referral said it.")
    tracks: list[BoardTrack]
    next_deadline: FallsDue | None = Field(description="The first that can still be met.")
    overdue: int = Field(description="How many are over that nobody met.")
    law: str = Field(
        description="The law pack that its deadlines are derived by.", examples=["cn.law/2026.1.0"]
    )
    version: int


class MatterBoard(Wire):
    """A page of the board."""

    as_of: str
    items: list[BoardMatter]
    page: PageLinks


class DiaryEntry(FallsDue):
    """Something that falls due."""

    title: str = Field(description="In the reader's language.")
    matter: str
    case: str | None
    track_kind: str | None
    law: str


class CourtDiary(Wire):
    """A page of the diary, by day."""

    as_of: str
    items: list[DiaryEntry]
    page: PageLinks


class WeakestLink(Wire):
    """The poorest proof on which the period stands, and where it would end without."""

    proof: str | None
    kind: str
    on: str
    evidence: str | None
    better: str | None = Field(description="What would prove it better, a code.")
    raw_without: str | None


class LimitationRisk(Wire):
    """A debt that expires soon against one person. `day`: the last day to plan by."""

    case: str
    debt: str
    person: str | None = Field(description="Null: the debtor.")
    role: str
    period: str
    clock: str
    state: str = Field(description="RUNNING, WAIVED, or CALENDAR_MISSING: then `raw_on` is the day.")
    day: str
    raw_on: str
    expires_on: str | None
    days_left: int
    owed: SumShown | None = Field(description="Null: nobody told the legal service how much it is.")
    owed_as_of: str | None
    weakest: WeakestLink | None
    law: str


class RiskTotal(Wire):
    """How much expires within so many days: each debt once, whoever owes it."""

    within: int
    debts: int
    debts_of_unknown_balance: int
    owed: list[SumShown]


class LimitationRisks(Wire):
    """A page of what expires, soonest first; `totals` are of all of it."""

    as_of: str
    totals: list[RiskTotal]
    items: list[LimitationRisk]
    page: PageLinks


class CostSum(Wire):
    """Costs of a matter or a firm in one currency, by who bears them."""

    matter: str | None
    firm: str | None = Field(description="Null by firm: paid to no firm.")
    case: str | None
    costs: int
    total: SumShown
    lender: SumShown
    debtor: SumShown
    other_side: SumShown


class CostSums(Wire):
    """A page of costs."""

    as_of: str
    items: list[CostSum]
    page: PageLinks


class LegalTimelineEntry(Wire):
    """Something that happened, in words; `facts` null: it was erased."""

    version: int
    position: int
    type: str
    effective_at: str
    recorded_at: str
    actor: str
    policy: str | None
    title: str
    text: str
    facts: dict[str, Any] | None


class LegalTimeline(Wire):
    """A page of a timeline, oldest first."""

    items: list[LegalTimelineEntry]
    page: PageLinks


_SUM = {"amount": "1234.50", "currency": "CNY"}
_NONE = {"amount": "0.00", "currency": "CNY"}
DUE_EXAMPLE: dict[str, Any] = {
    "name": "APPEAL", "day": "2026-12-07", "raw_on": "2026-12-05", "expires_on": "2026-12-07", "state": "RUNNING",
    "whose": "ANYBODY", "thing": ref("trk"), "person": None, "begun_by": ref("stp"), "done_by": None,
    "clock": "appeal_judgment", "article": "民事诉讼法 171, 85", "confidence": "verified",
}  # fmt: skip
LAW = "cn.law/2026.1.0"
MATTER_EXAMPLE: dict[str, Any] = {
    "id": MATTER, "case": CASE, "status": "OPEN", "opened_on": "2026-11-01", "age_days": 21,
    "reason": "BROKEN_PROMISES", "referral": None, "closed_on": None, "outcome": None, "firm": "FIRM-1",
    "owed": _SUM,
    "tracks": [
        {
            "id": ref("trk"), "kind": "SUIT", "status": "APPEAL_PERIOD", "ended": False, "begun_on": "2026-11-02",
            "last_step": "JUDGMENT_SERVED", "last_on": "2026-11-20",
        }
    ],
    "next_deadline": DUE_EXAMPLE, "overdue": 0, "law": LAW, "version": 17,
}  # fmt: skip
DIARY_EXAMPLE: dict[str, Any] = {
    **DUE_EXAMPLE, "title": "appeal against the judgment", "matter": MATTER, "case": CASE, "track_kind": "SUIT",
    "law": LAW,
}  # fmt: skip
RISK_EXAMPLE: dict[str, Any] = {
    "case": CASE, "debt": DEBT, "person": None, "role": "DEBTOR", "period": "LIMITATION", "clock": "limitation",
    "state": "RUNNING", "day": "2027-02-01", "raw_on": "2027-01-30", "expires_on": "2027-02-01", "days_left": 71,
    "owed": _SUM, "owed_as_of": "2026-11-01",
    "weakest": {
        "proof": f"prf_{OF_A_THING}", "kind": "demand_delivered", "on": "2024-01-30", "evidence": "CARRIER",
        "better": "REGISTERED_LETTER", "raw_without": "2026-03-01",
    },
    "law": LAW,
}  # fmt: skip
TOTAL_EXAMPLE: dict[str, Any] = {
    "within": 90, "debts": 1, "debts_of_unknown_balance": 0, "owed": [_SUM],
}  # fmt: skip
COST_EXAMPLE: dict[str, Any] = {
    "matter": MATTER, "firm": None, "case": CASE, "costs": 2, "total": _SUM, "lender": _NONE, "debtor": _SUM,
    "other_side": _NONE,
}  # fmt: skip
ENTRY_EXAMPLE: dict[str, Any] = {
    "version": 3, "position": 4711, "type": "legal.SuitFiled", "effective_at": "2026-11-19T16:00:00.000000Z",
    "recorded_at": "2026-11-20T02:15:00.000000Z", "actor": "user:lin", "policy": LAW, "title": "Suit filed",
    "text": "Filed on 2026-11-20 over 1234.50 CNY. Limitation restarts.", "facts": {"on": "2026-11-20"},
}  # fmt: skip
