"""The shapes of figures over HTTP."""

from typing import Any

from pydantic import Field

from services.case.api.wire import Amount
from shared.http.wire import PageLinks, Wire


class Count(Wire):
    """A number of things or days."""

    count: int


class Both(Wire):
    """A text in both languages."""

    en: str
    zh: str = Field(alias="zh-CN")


class Note(Wire):
    """What a reader has to know to read the figures rightly."""

    code: str = Field(examples=["NOT_OVER"])
    en: str
    zh: str = Field(alias="zh-CN")


class FigureShown(Wire):
    """One figure: what stands above and below its line, and the value; null where nothing stands below."""

    measure: str = Field(examples=["by_count"])
    label: Both
    row: str | None = Field(description="A bucket, or a month of opening, in figures that have rows.")
    cell: str | None = Field(description="Where to, or at which age in months; or a kind of cost.")
    group: str | None = Field(
        description="The team, stage, collector or channel; null where nobody is known."
    )
    currency: str | None
    numerator: Amount | Count
    denominator: Amount | Count
    per: int = Field(description="The value is for so many of the things below the line.", examples=[1])
    value: str | None = Field(description="A decimal with six places, half to even.", examples=["0.833333"])
    counted: int = Field(description="How many things were counted.")
    of_history: int = Field(description="How many of them are from before go-live.")


class KpiSaid(Wire):
    """What was asked, and by what formula and rules it was counted."""

    kpi: str = Field(examples=["promise-kept"])
    title: Both
    formula: Both
    rules: list[str] = Field(examples=[["value-date/1"]])
    as_of: str
    known_at: str | None
    from_: str = Field(alias="from")
    to: str
    by: str | None


class KpiReport(KpiSaid):
    """A KPI on two clocks."""

    items: list[FigureShown]
    notes: list[Note]


class ThingShown(Wire):
    """One counted thing: what it adds above and below the line."""

    measure: str
    row: str | None
    cell: str | None
    group: str | None
    case: str | None = Field(description="Null for an account that never was in a case.")
    thing: str | None = Field(description="The account, payment, promise, attempt, complaint or cost.")
    on: str
    numerator: Amount | Count
    denominator: Amount | Count


class ThingPage(Wire):
    """A page of counted things, by case."""

    items: list[ThingShown]
    page: PageLinks


class Sides(Wire):
    """What stands above and below the line, and the value."""

    numerator: Amount | Count
    denominator: Amount | Count
    value: str | None


class Moved(Wire):
    """A figure as it was known, and as it is known later; null where there was nothing to count."""

    measure: str
    row: str | None
    cell: str | None
    group: str | None
    currency: str | None
    before: Sides | None
    after: Sides | None
    difference: str | None = Field(description="After less before; null where either has no value.")


class CauseShown(Wire):
    """An event that was recorded between the two times."""

    stream: str
    version: int
    type: str = Field(examples=["case.PaymentReturned"])
    effective_on: str
    recorded_at: str


class Changed(Wire):
    """A counted thing before and after, and the events of its case, account or cost learnt in between."""

    measure: str
    row: str | None
    cell: str | None
    group: str | None
    case: str | None
    thing: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    because: list[CauseShown]


class Restated(Wire):
    """How much of a measure was restated: changes above the line, by what stood there before."""

    measure: str
    currency: str | None
    value: str | None


class BridgeReport(KpiSaid):
    """A KPI as it was known at one time and at another, and what lies between: at most 200 changes are listed."""

    and_known_at: str
    items: list[Moved]
    restated: list[Restated]
    changes: list[Changed]
    changes_in_all: int


class TargetShown(Wire):
    """A team's target for a month and where it stands."""

    team: str
    month: str
    revision: int
    target: Amount
    recovered: Amount = Field(description="Cleared cash of the month so far of the cases that the team held.")
    reached: str | None = Field(description="Recovered by target.")
    expected: Amount | None = Field(description="By working days so far; null: the calendar is missing.")
    ahead: Amount | None = Field(description="Recovered less expected; below zero: behind.")


class TargetReport(Wire):
    """Every team's target for a month."""

    month: str
    as_of: str
    known_at: str | None
    rule: str
    working_days: int | None
    working_days_over: int | None
    calendar_missing: int | None = Field(description="The year whose working days nobody has announced.")
    items: list[TargetShown]
