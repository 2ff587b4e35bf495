"""`quittance sweep`: judge what fell due, by hand; `work` and `serve all` do it by themselves as each day ends."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit

if TYPE_CHECKING:
    from services.case.application.swept_days import SweptDay
    from services.case.wiring import CaseService


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "sweep", "quittance sweep", "quittance sweep --as-of 2026-11-21 --json")
    def sweep(
        as_of: Annotated[
            str | None,
            typer.Option(
                "--as-of",
                metavar="DATE",
                help="The last day to sweep, one that is over  [default: yesterday]",
                show_default=False,
            ),
        ] = None,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Judge every case that time may change as of the end of each day that was missed, in order.

        Safe twice, late, or beside a worker: a day that was swept is looked at again, and adds only what is missing.
        Exit code 1 if a case could not be judged; the others were.
        """
        session = Session.begin(store=store, as_json=json)
        until = None if as_of is None else day(as_of, option="--as-of")

        async def work(case: "CaseService") -> "list[SweptDay]":
            found = [one async for one in case.days.sweep_missed(until=until)]
            if not found:
                again = await case.days.sweep(until or case.days.yesterday)
                found = [] if again is None else [again]
            return found

        swept = session.with_case(work)
        _tell(session, swept)
        if any(one.failed for one in swept):
            raise typer.Exit(Exit.FAILED)


def _tell(session: Session, swept: "list[SweptDay]") -> None:
    console = session.console
    if console.as_json:
        console.answer([_described(one) for one in swept])
        return
    for one in swept:
        again = console.pick(", swept before", "，此前已处理") if one.again else ""
        console.tell(
            f"{one.as_of}: {one.cases:,} cases looked at, {one.changed:,} changed, {one.events:,} events{again}",
            f"{one.as_of}：检查 {one.cases:,} 案，变动 {one.changed:,} 案，新增事件 {one.events:,} 个{again}",
        )
        for case_id, error in one.failed:
            console.note(f"  {case_id} could not be judged: {error}", f"  {case_id} 无法判定：{error}")


def _described(one: "SweptDay") -> dict[str, Any]:
    return {
        "as_of": one.as_of.isoformat(),
        "cases": one.cases,
        "changed": one.changed,
        "events": one.events,
        "failed": [{"id": case_id, "error": error} for case_id, error in one.failed],
        "again": one.again,
    }
