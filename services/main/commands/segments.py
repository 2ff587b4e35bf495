"""`quittance report segments`: how many open cases are in which segment, on two clocks."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day, moment
from services.main.commands.report import KnownAt
from services.main.commands.report import app as app
from services.main.options import Json, Store, command
from services.main.session import Session

if TYPE_CHECKING:
    from services.case.wiring import CaseService


@command(
    app,
    "segments",
    "quittance report segments --as-of 2026-11-21",
    "quittance report segments --as-of 2026-11-21 --known-at 2026-11-22T09:00:00+08:00 --json",
)
def segments(
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about, to its end.")],
    known_at: KnownAt = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Open cases by segment as the record has it for the day, those undecided included; and the steps that are due now.

    Segments are decided by the daily sweep; a case of which nothing was decided is counted as such.
    """
    session, on = Session.begin(store=store, as_json=json), day(as_of, option="--as-of")

    async def work(case: "CaseService") -> dict[str, Any]:
        from services.case.api.treatment.shown import segments_shown
        from services.case.projections.treatment import segments as view

        known = moment(known_at, option="--known-at", zone=case.zone)
        await case.projections.catch_up(view.VIEW)
        counted = await case.ask(lambda connection: view.counts(connection, as_of=on, known_at=known))
        return {"as_of": on.isoformat()} | segments_shown(counted, await case.ask(view.step_counts))

    said, console = session.with_case(work), session.console
    if json:
        console.answer(said)
        return
    rows = [(one["segment"], one["strategy"], one["arm"], f"{one['cases']:,}") for one in said["items"]]
    console.table(
        console.pick("segment strategy arm cases", "客群 策略 分组 案件数").split(), rows, right=(3,)
    )
    console.tell(
        f"{said['open']:,} open cases as of {on}, {said['undecided']:,} not decided yet",
        f"截至 {on} 未结案件 {said['open']:,} 件，尚未确定客群 {said['undecided']:,} 件",
    )
    due = [(one["act"], one["who"], f"{one['steps']:,}") for one in said["steps_due"]]
    if due:
        console.table(console.pick("due-now who steps", "到期动作 执行 步骤数").split(), due, right=(2,))
