"""`quittance sweep`: judge what fell due, by hand; `work` and `serve all` do it by themselves as each day ends."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day
from services.main.options import Json, Store, command
from services.main.session import CASE, LEGAL, Session
from services.main.usage import Exit

if TYPE_CHECKING:
    from services.case.application.swept_days import SweptDay
    from services.case.wiring import CaseService
    from services.legal.application.sweeping.days import SweptLegalDay
    from services.legal.wiring import LegalService


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
        """Judge what time changes as of the end of each day that was missed, in order: cases, and legal matters.

        Safe twice, late, or beside a worker: a day that was swept is looked at again, and adds only what is missing.
        Of legal matters the newest day alone is looked at: what was missed before is found by it, on its own day.
        Exit code 1 if a case could not be judged; the others were.
        """
        session = Session.begin(store=store, as_json=json)
        swept = _swept(session, None if as_of is None else day(as_of, option="--as-of"))
        _tell(session, swept)
        if any(one["failed"] for one in swept):
            raise typer.Exit(Exit.FAILED)


def _swept(session: Session, until: date | None) -> list[dict[str, Any]]:
    """The days swept of each service that keeps something in the store. Raises TenantUnknown where none does."""
    from shared.eventstore.ledger import TenantUnknown

    async def of_case(case: "CaseService") -> list[dict[str, Any]]:
        found = [one async for one in case.days.sweep_missed(until=until)]
        if not found:
            again = await case.days.sweep(until or case.days.yesterday)
            found = [] if again is None else [again]
        return [_described(CASE, one, again=one.again) for one in found]

    async def of_legal(legal: "LegalService") -> list[dict[str, Any]]:
        found = await legal.days.sweep(until)
        return [] if found is None else [_described(LEGAL, found)]

    kept = session.kept() or (CASE,)
    wanted = [name for name in (CASE, LEGAL) if name in kept] or [CASE]
    swept: list[dict[str, Any]] = []
    unknown: list[TenantUnknown] = []
    for name in wanted:
        try:
            swept += session.with_legal(of_legal) if name == LEGAL else session.with_case(of_case)
        except TenantUnknown as nobody:
            unknown.append(nobody)
    if len(unknown) == len(wanted):
        raise unknown[0]
    return swept


def _described(service: str, one: "SweptDay | SweptLegalDay", **more: bool) -> dict[str, Any]:
    return {
        "service": service,
        "as_of": one.as_of.isoformat(),
        "cases": one.cases,
        "changed": one.changed,
        "events": one.events,
        "failed": [{"id": case_id, "error": error} for case_id, error in one.failed],
        **more,
    }


def _tell(session: Session, swept: list[dict[str, Any]]) -> None:
    console = session.console
    if console.as_json:
        console.answer(swept)
        return
    for one in swept:
        as_of, cases, changed, events = one["as_of"], one["cases"], one["changed"], one["events"]
        again = console.pick(", swept before", "，此前已处理") if one.get("again") else ""
        of_legal = one["service"] == LEGAL
        console.tell(
            f"{as_of}{', legal' if of_legal else ''}: {cases:,} cases looked at, {changed:,} changed, "
            f"{events:,} events{again}",
            f"{as_of}{'（法务）' if of_legal else ''}：检查 {cases:,} 案，变动 {changed:,} 案，"
            f"新增事件 {events:,} 个{again}",
        )
        for failed in one["failed"]:
            console.note(
                f"  {failed['id']} could not be judged: {failed['error']}",
                f"  {failed['id']} 无法判定：{failed['error']}",
            )
