"""`quittance import costs`: take in a file of what collecting has cost."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.commands.statements import app as app
from services.main.console import Console
from services.main.file_arguments import Rejects, rejects_path
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, WrongUsage

if TYPE_CHECKING:
    from services.case.application.figures.cost_import import CostsTaken
    from services.case.wiring import CaseService

ACTOR = "system:import"
_WORD = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


@command(
    app,
    "costs",
    "quittance import costs costs.csv --source PAYROLL",
    "quittance import costs costs.csv --source PAYROLL --rejects /tmp/rejected.csv --json",
)
def costs(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with a header: source_ref, kind, amount, currency, on, case, team", metavar="FILE"
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            "--source", metavar="CODE", help="Who reports them: a code in capitals, such as PAYROLL."
        ),
    ],
    rejects: Rejects = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in what collecting has cost: each line once under its reference.

    Kinds: STAFF_TIME, CHANNEL_FEE, AGENCY_COMMISSION, LEGAL, OVERHEAD. A line names a case, or a team, or neither.
    Exit code 1 if a line was rejected; all others are taken in. A wrong cost is reversed, and booked anew.
    """
    from services.case.adapters.figures.cost_file import CostFile
    from services.case.adapters.rejects_file import RejectsFile
    from services.case.application.figures.cost_import import take_in

    session, to = Session.begin(store=store, as_json=json), _checked(file, source, rejects)

    async def work(case: "CaseService") -> "CostsTaken":
        with RejectsFile(to) as sink:
            return await take_in(
                CostFile(file, source),
                desk=case.figures,
                rejects=sink,
                today=case.decisions.today,
                actor=ACTOR,
            )

    taken = session.with_case(work, provision=True, views=False)
    _tell(session.console, taken, rejects=to)
    if taken.rejected:
        raise typer.Exit(Exit.FAILED)


def _checked(file: Path, source: str, rejects: Path | None) -> Path:
    """Where rejected lines go. Raises WrongUsage, FileNotFoundError, IsADirectoryError."""
    if not _WORD.fullmatch(source):
        raise WrongUsage(
            en="--source takes a code in capitals, such as PAYROLL", zh="--source 应为大写代码，例如 PAYROLL"
        )
    return rejects_path(file, rejects, en="cost file", zh="成本文件")


def _tell(console: Console, taken: "CostsTaken", *, rejects: Path) -> None:
    if console.as_json:
        console.answer(taken.to_json())
    else:
        console.tell(
            f"{taken.lines:,} lines: {taken.booked:,} booked, {taken.unchanged:,} on record already, "
            f"{taken.rejected:,} rejected",
            f"{taken.lines:,} 行：登记 {taken.booked:,}，已有 {taken.unchanged:,}，拒收 {taken.rejected:,}",
        )
        console.tell(
            "next: quittance report kpi cost --as-of DATE", "下一步：quittance report kpi cost --as-of 日期"
        )
    if taken.rejected:
        console.note(
            f"rejected lines, with their numbers and reasons: {rejects}",
            f"拒收的行及其行号和原因见：{rejects}",
        )
