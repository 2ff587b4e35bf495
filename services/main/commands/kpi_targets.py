"""`quittance report targets`: what each team is to recover in a month, and where it stands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day, moment
from services.main.commands.kpi import ask, month
from services.main.commands.report import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.case.projections.figures.standing import Standings
    from services.case.wiring import CaseService


@command(
    app,
    "targets",
    "quittance report targets --month 2026-03",
    "quittance report targets --month 2026-03 --as-of 2026-03-12 --json",
)
def targets(
    month_: Annotated[str, typer.Option("--month", metavar="MONTH", help="The month, YYYY-MM.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Where they stood then  [default: today]")
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            "--known-at", metavar="T", help="What we knew then: a date or a time. All unless given."
        ),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Recovery targets by team, with what came in so far and what should have, by working days.

    Cash counts for the team of who held the case on the value date. Where the year's working days are not announced
    nothing is expected: that is said, not guessed.
    """
    from services.case.projections.figures import standing

    session, first = Session.begin(store=store, as_json=json), month(month_)
    asked = None if as_of is None else day(as_of, option="--as-of")

    def question(case: "CaseService", connection: "Connection") -> "Standings":
        known = moment(known_at, option="--known-at", zone=case.zone)
        return standing.standing(connection, first, standing.asked_of(asked or case.decisions.today, known))

    _tell(session.console, standing.document(ask(session, question, standing.VIEWS)))


def _tell(console: Console, found: dict[str, Any]) -> None:
    if console.as_json:
        console.answer(found)
        return
    if found["calendar_missing"] is not None:
        console.note(
            f"no working days are known for {found['calendar_missing']} (not announced): nothing is expected yet",
            f"{found['calendar_missing']} 年工作日安排未公布或不在日历内，无法计算应达进度",
        )
    if not found["items"]:
        console.tell("no targets are set for the month", "该月未设定目标")
        return
    headings = console.pick(
        "team target recovered reached expected ahead", "团队 目标 已回款 完成率 应达 超前"
    ).split()
    rows = [
        (
            one["team"], _amount(one["target"]), _amount(one["recovered"]), one["reached"],
            _amount(one["expected"]), _amount(one["ahead"]),
        )
        for one in found["items"]
    ]  # fmt: skip
    console.table(headings, rows, right=(1, 2, 3, 4, 5))


def _amount(amount: dict[str, str] | None) -> str:
    return "-" if amount is None else f"{amount['amount']} {amount['currency']}"
