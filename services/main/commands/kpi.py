"""`quittance report kpi`: a figure on two clocks, the things behind it, how it was restated; as a table or a file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from services.main.arguments import day, moment
from services.main.commands.report import KnownAt
from services.main.commands.report import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.case.domain.figures.asked import Asked
    from services.case.projections.figures.bridge import Bridge
    from services.case.projections.figures.questions import Answer
    from services.case.wiring import CaseService
    from shared.eventstore.projection.view import View

T = TypeVar("T")
THINGS_SHOWN = 50
AndKnownAt = Annotated[
    str | None,
    typer.Option("--and-known-at", metavar="T", help="A later time: what changed in between, and why."),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="The period's first day  [default: that of its month]"),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="DATE", help="The period's last day  [default: the day asked about]"),
]
By = Annotated[
    str | None, typer.Option("--by", metavar="WHAT", help="Break down by team, stage, collector or channel.")
]
WithinDays = Annotated[int, typer.Option("--within-days", help="A cure comes within so many days.")]
StayDays = Annotated[int, typer.Option("--stay-days", help="A cure lasts so many days.")]
WithoutHistory = Annotated[
    bool, typer.Option("--without-history", help="Leave out what is from before go-live.")
]
Drill = Annotated[bool, typer.Option("--drill", help="The things that were counted, instead of the figures.")]
OfMeasure = Annotated[
    str | None, typer.Option("--measure", metavar="CODE", help="With --drill: those of one measure.")
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write them to a CSV file as well.")]
Parquet = Annotated[
    Path | None, typer.Option("--parquet", metavar="FILE", help="Write them to a Parquet file as well.")
]
_HEADINGS = "measure row cell group numerator denominator value", "口径 行 列 分组 分子 分母 值"


@command(
    app,
    "kpi",
    "quittance report kpi recovery --as-of 2005-09-30",
    "quittance report kpi roll --from 2005-09-01 --as-of 2005-09-30 --json",
    "quittance report kpi promise-kept --as-of 2026-03-31 --by collector --csv kept.csv",
    "quittance report kpi promise-kept --as-of 2026-03-31 --known-at 2026-03-20 --and-known-at 2026-03-31",
    "quittance report kpi overdue --as-of 2005-09-30 --drill --parquet overdue.parquet",
)
def kpi(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="roll, cure, contact, promise, promise-kept, recovery, liquidation, days, complaints, cost, overdue",
        ),
    ],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about, to its end.")],
    known_at: KnownAt = None,
    and_known_at: AndKnownAt = None,
    from_: From = None,
    to: To = None,
    by: By = None,
    within_days: WithinDays = 30,
    stay_days: StayDays = 30,
    without_history: WithoutHistory = False,
    drill: Drill = False,
    measure: OfMeasure = None,
    csv: Csv = None,
    parquet: Parquet = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """A figure with what stands above and below its line, on both clocks; null, not 0, where nothing stands below.

    docs/explanation/figures.md says how each is counted. With --and-known-at the same figure at two times of knowing,
    and the events that lie between.
    """
    session = Session.begin(store=store, as_json=json)
    asked = _asked(name, as_of=as_of, from_=from_, to=to, by=by, within=within_days, stay=stay_days)
    asked = replace(asked, history=not without_history)
    if and_known_at is not None:
        if drill or csv or parquet:
            raise WrongUsage(
                en="--and-known-at compares two answers; it goes with none of --drill, --csv, --parquet",
                zh="--and-known-at 用于比较两个结果，不能与 --drill、--csv、--parquet 同用",
            )
        _tell_bridge(session, _bridge(session, name, asked, known_at, and_known_at))
        return
    found = _answer(session, name, asked, known_at, things=drill)
    if drill:
        _tell_things(session, found, measure, csv=csv, parquet=parquet)
    else:
        _tell_figures(session, found, csv=csv, parquet=parquet)


def _asked(
    name: str, *, as_of: str, from_: str | None, to: str | None, by: str | None, within: int, stay: int
) -> "Asked":
    """The question in the terms of the rules. Raises WrongUsage, KpiUnknown, BreakdownRefused."""
    from services.case.domain.figures import catalogue
    from services.case.domain.figures.asked import Asked, begins

    chosen = catalogue.kpi(name)
    if by is not None and by not in catalogue.DIMENSIONS:
        raise WrongUsage(
            en=f"--by takes one of {', '.join(catalogue.DIMENSIONS)}",
            zh=f"--by 应为以下之一：{'、'.join(catalogue.DIMENSIONS)}",
        )
    chosen.broken_down(by)
    if not (0 <= within <= 366 and 0 <= stay <= 366):
        raise WrongUsage(
            en="--within-days and --stay-days are 0 to 366",
            zh="--within-days 与 --stay-days 应在 0 至 366 之间",
        )
    on = day(as_of, option="--as-of")
    last = on if to is None else day(to, option="--to")
    first = (
        begins(name, last, within_days=within, stay_days=stay)
        if from_ is None
        else day(from_, option="--from")
    )
    if last > on or first > last:
        raise WrongUsage(
            en="the period must begin before it ends, and end by --as-of",
            zh="期间的开始不能晚于结束，结束不能晚于 --as-of",
        )
    return Asked(as_of=on, from_=first, to=last, by=by, within_days=within, stay_days=stay)


def ask(session: Session, question: "Callable[[CaseService, Connection], T]", views: "tuple[View, ...]") -> T:
    """The views' answer, up to the head; says on standard error if they had to leave streams out."""

    async def work(case: "CaseService") -> tuple[T, int]:
        found = await case.projections.ask(lambda connection: question(case, connection), *views)
        return found, sum([len(await case.projections.parked(view)) for view in views])

    answer, parked = session.with_case(work)
    if parked:
        session.console.note(
            f"not complete: {parked} streams could not be applied; see `quittance parked ls`",
            f"结果不完整：有 {parked} 条流无法处理；请查看 `quittance parked ls`",
        )
    return answer


def _answer(session: Session, name: str, asked: "Asked", known_at: str | None, *, things: bool) -> "Answer":
    from services.case.projections.figures import questions

    def question(case: "CaseService", connection: "Connection") -> "Answer":
        known = moment(known_at, option="--known-at", zone=case.zone)
        return questions.answer(connection, name, replace(asked, known_at=known), things=things)

    return ask(session, question, questions.views(name, asked.by))


def _bridge(session: Session, name: str, asked: "Asked", known_at: str | None, later: str) -> "Bridge":
    from services.case.projections.figures import bridge, questions

    def question(case: "CaseService", connection: "Connection") -> "Bridge":
        zone = case.zone
        first = moment(known_at or asked.as_of.isoformat(), option="--known-at", zone=zone)
        second = moment(later, option="--and-known-at", zone=zone)
        assert first is not None, "a day has an end"
        assert second is not None, "a time is given"
        if second < first:
            raise WrongUsage(
                en="--and-known-at must not be before --known-at", zh="--and-known-at 不能早于 --known-at"
            )
        was = questions.answer(connection, name, replace(asked, known_at=first), things=True)
        now = questions.answer(connection, name, replace(asked, known_at=second), things=True)
        return bridge.bridge(connection, was, now)

    return ask(session, question, questions.views(name, asked.by))


def _tell_figures(session: Session, found: "Answer", *, csv: Path | None, parquet: Path | None) -> None:
    from services.case.projections.figures import shown

    document, console = shown.document(found), session.console
    _write(console, shown.FIGURE_COLUMNS, list(shown.figure_rows(found)), csv=csv, parquet=parquet)
    if console.as_json:
        console.answer(document)
        return
    kpi_, language = found.kpi, "zh-CN" if console.chinese else "en"
    first, last = document["from"], document["to"]
    console.tell(f"{kpi_.title_en}, {first} to {last}", f"{kpi_.title_zh}，{first} 至 {last}")
    console.tell(kpi_.formula_en, kpi_.formula_zh)
    if not found.figures:
        console.tell("nothing to count in the period", "期内无可计数据")
    else:
        headings = console.pick(*_HEADINGS).split()
        rows = [
            (
                one["label"][language], one["row"] or "", one["cell"] or "", one["group"] or "",
                _side(one["numerator"]), _side(one["denominator"]), _value(figure),
            )
            for one, figure in zip(document["items"], found.figures, strict=True)
        ]  # fmt: skip
        console.table(headings, rows, right=(4, 5, 6))
    for note in document["notes"]:
        console.note(note["en"], note["zh-CN"])


def _side(side: dict[str, Any]) -> str:
    return f"{side['amount']} {side['currency']}" if "amount" in side else f"{side['count']:,}"


def _value(figure: Any) -> str:
    """As people read it: parts of a whole in per cent, days and amounts as they are."""
    from services.case.domain.figures.measure import decimal

    if figure.value is None:
        return "-"
    like = figure.measure.above in (figure.measure.below, "connects", "cases") and figure.measure.per == 1
    alike = like or (figure.measure.above, figure.measure.how) == ("promises", "ratio")
    return f"{decimal(figure.value * 100, 1)} %" if alike else decimal(figure.value, 2)


def _tell_things(
    session: Session, found: "Answer", measure: str | None, *, csv: Path | None, parquet: Path | None
) -> None:
    from services.case.projections.figures import shown

    console, by_code = session.console, found.kpi.by_code
    if measure is not None and measure not in by_code:
        raise WrongUsage(
            en=f"--measure takes one of {', '.join(by_code)}",
            zh=f"--measure 应为以下之一：{'、'.join(by_code)}",
        )
    items = shown.drill(found, measure=measure)
    _write(console, shown.ITEM_COLUMNS, list(shown.item_rows(found, items)), csv=csv, parquet=parquet)
    if console.as_json:
        things = [shown.thing(one, by_code[one.measure]) for one in items]
        console.answer(shown.said(found) | {"items": things})
        return
    headings = console.pick(
        "measure case thing on numerator denominator", "口径 案件 对象 日期 分子 分母"
    ).split()
    rows = []
    for one in items[:THINGS_SHOWN]:
        said = shown.thing(one, by_code[one.measure])
        rows.append(
            (
                one.measure,
                one.case_id or "-",
                one.thing or "-",
                one.on,
                _side(said["numerator"]),
                _side(said["denominator"]),
            )
        )
    console.table(headings, rows, right=(4, 5))
    if len(items) > THINGS_SHOWN:
        console.note(
            f"the first {THINGS_SHOWN} of {len(items):,}; all with --json, --csv or --parquet",
            f"仅显示 {len(items):,} 项中的前 {THINGS_SHOWN} 项；全部请用 --json、--csv 或 --parquet",
        )


def _tell_bridge(session: Session, found: "Bridge") -> None:
    from services.case.projections.figures import bridge

    document, console = bridge.document(found), session.console
    if console.as_json:
        console.answer(document)
        return
    console.tell(
        f"{found.before.kpi.title_en}: as known at {document['known_at']}, and at {document['and_known_at']}",
        f"{found.before.kpi.title_zh}：{document['known_at']} 所知，与 {document['and_known_at']} 所知",
    )
    headings = console.pick(
        "measure row cell group before after difference", "口径 行 列 分组 此前 此后 差额"
    ).split()
    rows = [
        (
            one["measure"], one["row"] or "", one["cell"] or "", one["group"] or "",
            _before_or_after(one["before"]), _before_or_after(one["after"]), one["difference"] or "-",
        )
        for one in document["items"]
    ]  # fmt: skip
    console.table(headings, rows, right=(4, 5, 6))
    for change in document["changes"]:
        causes = ", ".join(
            f"{cause['type'].partition('.')[2]} {cause['effective_on']}" for cause in change["because"]
        )
        console.say(
            f"  {change['measure']}  {change['case'] or '-'}  {change['thing'] or '-'}  {causes or '-'}"
        )
    left = document["changes_in_all"] - len(document["changes"])
    if left:
        console.note(f"and {left:,} more changes", f"另有 {left:,} 项变动")


def _before_or_after(side: dict[str, Any] | None) -> str:
    return "-" if side is None else str(side["value"] or "-")


def _write(
    console: Console, columns: Any, rows: list[Any], *, csv: Path | None, parquet: Path | None
) -> None:
    """The files that are asked for."""
    from services.case.adapters.figures import table_file

    for path, write in ((csv, table_file.to_csv), (parquet, table_file.to_parquet)):
        if path is not None:
            count = write(path, columns, rows)
            console.note(f"{count:,} rows written to {path}", f"已写入 {count:,} 行：{path}")


def month(text: str) -> date:
    """A month as YYYY-MM, by its first day. Raises WrongUsage."""
    try:
        if len(text) != len("2005-09"):
            raise ValueError
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise WrongUsage(
            en="--month takes a month as YYYY-MM, such as 2005-09",
            zh="--month 应为 YYYY-MM 格式，例如 2005-09",
        ) from None
