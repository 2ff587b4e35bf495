"""How an answer is shown: the same document over HTTP, on the command line and in files."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from services.case.domain.figures.measure import Figure, Item, Measure, amount
from services.case.domain.figures.rules import ATTRIBUTION
from services.case.projections.figures.questions import Answer
from shared.kernel import money
from shared.messaging.published import instant

ANY = object()
Document = dict[str, Any]


def said(answer: Answer) -> Document:
    """What was asked, with the formula in both languages, and by what rules it was counted."""
    kpi, asked = answer.kpi, answer.asked
    return {
        "kpi": kpi.name,
        "title": {"en": kpi.title_en, "zh-CN": kpi.title_zh},
        "formula": {"en": kpi.formula_en, "zh-CN": kpi.formula_zh},
        "rules": [*kpi.rules, *([ATTRIBUTION] if asked.by else [])],
        "as_of": asked.as_of.isoformat(),
        "known_at": instant(asked.known_at) if asked.known_at else None,
        "from": asked.from_.isoformat(),
        "to": asked.to.isoformat(),
        "by": asked.by,
    }


def document(answer: Answer) -> Document:
    """`report kpi NAME --json`, and GET /v1/reports/kpi/{name}."""
    return said(answer) | {"items": [figure(one) for one in answer.figures], "notes": list(_notes(answer))}


def figure(one: Figure) -> Document:
    """One figure: never a float, and null where nothing stands below the line."""
    measure = one.measure
    return {
        "measure": measure.code,
        "label": {"en": measure.en, "zh-CN": measure.zh},
        "row": one.row or None,
        "cell": one.cell or None,
        "group": one.group,
        "currency": one.currency or None,
        "numerator": amount(one.above, measure.above, one.currency),
        "denominator": amount(one.below, measure.below, one.currency),
        "per": measure.per,
        "value": one.decimal(),
        "counted": one.things,
        "of_history": one.of_history,
    }


def sort_key(one: Item) -> tuple[str, str, str, str, str, str, str]:
    """The order of the counted things, which pages go by."""
    return one.case_id, one.thing, one.measure, one.row, one.cell, one.on.isoformat(), one.group or ""


def drill(
    answer: Answer,
    *,
    measure: str | None = None,
    row: str | None = None,
    cell: str | None = None,
    group: Any = ANY,
    currency: str | None = None,
) -> list[Item]:
    """The things behind the figures, or behind some of them, in the order of `sort_key`."""
    found = [
        one
        for one in answer.items
        if (measure is None or one.measure == measure)
        and (row is None or one.row == row)
        and (cell is None or one.cell == cell)
        and (group is ANY or one.group == group)
        and (currency is None or one.currency == currency)
    ]
    return sorted(found, key=sort_key)


def thing(one: Item, measure: Measure) -> Document:
    """One counted thing: what it adds above and below the line."""
    return {
        "measure": one.measure,
        "row": one.row or None,
        "cell": one.cell or None,
        "group": one.group,
        "case": one.case_id or None,
        "thing": one.thing or None,
        "on": one.on.isoformat(),
        "numerator": amount(one.above, measure.above, one.currency),
        "denominator": amount(one.below, measure.below, one.currency),
    }


def _notes(answer: Answer) -> Iterator[Document]:
    """What a reader has to know to read the figures rightly."""
    asked, kpi = answer.asked, answer.kpi
    if kpi.name == "cure":
        over = asked.opening + timedelta(days=asked.within_days + asked.stay_days)
        if over > asked.as_of:
            yield _note(
                "NOT_OVER",
                f"Not complete before {over}: a cure that has not lasted yet is not counted as one.",
                f"{over} 之前数据不完整：尚未满足保持期的恢复不计入。",
            )
    if old := sum(one.of_history for one in answer.figures):
        yield _note(
            "HISTORY",
            f"{old} counted things are from before go-live; without them: history=exclude.",
            f"其中 {old} 项来自上线前历史；可用 history=exclude 排除。",
        )
    if kpi.name == "cost" and not answer.figures:
        yield _note("NO_COSTS", "No costs are booked in the period.", "期内未登记成本。")


def _note(code: str, en: str, zh: str) -> Document:
    return {"code": code, "en": en, "zh-CN": zh}


Column = tuple[str, str]
"""Name, and type: text, whole (64 bits), sum (whole, of any size), decimal (six places), date."""
FIGURE_COLUMNS: Sequence[Column] = (
    ("kpi", "text"), ("measure", "text"), ("row", "text"), ("cell", "text"), ("group", "text"),
    ("as_of", "date"), ("known_at", "text"), ("period_from", "date"), ("period_to", "date"),
    ("numerator", "sum"), ("numerator_unit", "text"), ("denominator", "sum"), ("denominator_unit", "text"),
    ("currency", "text"), ("minor_digits", "whole"), ("per", "whole"), ("value", "decimal"),
    ("counted", "whole"), ("of_history", "whole"),
)  # fmt: skip
ITEM_COLUMNS: Sequence[Column] = (
    ("kpi", "text"), ("measure", "text"), ("row", "text"), ("cell", "text"), ("group", "text"), ("case", "text"),
    ("thing", "text"), ("on", "date"), ("numerator", "sum"), ("numerator_unit", "text"), ("denominator", "sum"),
    ("denominator_unit", "text"), ("currency", "text"), ("minor_digits", "whole"),
)  # fmt: skip


def figure_rows(answer: Answer) -> Iterator[tuple[Any, ...]]:
    """The figures as rows of FIGURE_COLUMNS: money in minor units beside its currency and its places."""
    asked = answer.asked
    known = instant(asked.known_at) if asked.known_at else None
    for one in answer.figures:
        measure = one.measure
        yield (
            answer.kpi.name, measure.code, one.row or None, one.cell or None, one.group, asked.as_of, known,
            asked.from_, asked.to, one.above, measure.above, one.below, measure.below, one.currency or None,
            _places(one.currency), measure.per, one.decimal(), one.things, one.of_history,
        )  # fmt: skip


def item_rows(answer: Answer, items: Iterable[Item]) -> Iterator[tuple[Any, ...]]:
    """Counted things as rows of ITEM_COLUMNS."""
    by_code = answer.kpi.by_code
    for one in items:
        measure = by_code[one.measure]
        yield (
            answer.kpi.name, one.measure, one.row or None, one.cell or None, one.group, one.case_id or None,
            one.thing or None, one.on, one.above, measure.above, one.below, measure.below, one.currency or None,
            _places(one.currency),
        )  # fmt: skip


def _places(currency: str) -> int | None:
    return money.digits(currency) if currency else None
