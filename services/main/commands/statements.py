"""`quittance import statements`: take in a lender's monthly statements."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.console import Console, duration
from services.main.file_arguments import Rejects, rejects_path
from services.main.import_progress import Shown
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Exit

if TYPE_CHECKING:
    from services.case.application.import_result import ImportResult, Progress

app = group("import", "Take in files of the lender.")


@app.callback()
def _import() -> None:
    """Take in files of the lender."""


def line(console: Console, at: "Progress") -> str:
    """How far a file is: its share where its size is known, lines and rate."""
    if not at.bytes_total:  # a pipe: nobody knows how much is to come
        return console.pick(
            f"{at.lines:,} lines  {at.lines_per_second:,.0f} lines/s",
            f"{at.lines:,} 行  {at.lines_per_second:,.0f} 行/秒",
        )
    share = min(100, 100 * at.bytes_read // at.bytes_total)
    return console.pick(
        f"{share:3d} %  {at.lines:,} lines  {at.lines_per_second:,.0f} lines/s  "
        f"{duration(at.seconds_left)} left",
        f"{share:3d} %  {at.lines:,} 行  {at.lines_per_second:,.0f} 行/秒  剩余 {duration(at.seconds_left)}",
    )


@command(
    app,
    "statements",
    "quittance import statements statements.csv",
    "quittance import statements statements.csv --rejects /tmp/rejected.csv --json",
    "quittance import statements corrected.csv --corrections",
)
def statements(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with a header: account_ref, as_of, months_past_due, statement_balance, …",
            metavar="FILE",
        ),
    ],
    rejects: Rejects = None,
    corrections: Annotated[
        bool,
        typer.Option(
            "--corrections", help="Take in lines that come late, or say something else than before, as well"
        ),
    ] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in a lender's monthly statements: accounts, and the cases that follow from them.

    Lines already on record add nothing, so a run that was cut off is simply started again. Exit code 1 if a
    line was rejected; all others are taken in.
    """
    session = Session.begin(store=store, as_json=json)
    console = session.console
    to = rejects_path(file, rejects, en="statement file", zh="账单文件")
    shown = Shown(console, line)
    result = session.with_case(
        lambda case: case.import_statements(file, rejects=to, progress=shown, corrections=corrections),
        provision=True,
        views=False,
    )
    shown.end()
    _report(console, result, rejects=to)
    if result.rejected:
        raise typer.Exit(Exit.FAILED)


def _report(console: Console, result: "ImportResult", *, rejects: Path) -> None:
    said = result.to_json()
    if console.as_json:
        console.answer(said)
    else:
        rate = result.lines / result.seconds if result.seconds else 0.0
        console.tell(
            f"{result.lines:,} lines in {result.seconds:.1f} s ({rate:,.0f} a second): {result.imported:,} imported, "
            f"{result.unchanged:,} on record already, {result.rejected:,} rejected",
            f"{result.lines:,} 行，用时 {result.seconds:.1f} 秒（每秒 {rate:,.0f} 行）："
            f"导入 {result.imported:,}，已有 {result.unchanged:,}，拒收 {result.rejected:,}",
        )
        console.tell(
            f"{result.events:,} events: {result.cases_opened:,} cases opened, {result.cases_cured:,} cured, "
            f"{result.payments:,} payments of {_amounts(said['payments_amount'])}",
            f"{result.events:,} 个事件：开立案件 {result.cases_opened:,}，恢复正常 {result.cases_cured:,}，"
            f"还款 {result.payments:,} 笔共 {_amounts(said['payments_amount'])}",
        )
        console.tell("next: quittance report cases", "下一步：quittance report cases")
    if result.rejected:
        console.note(
            f"rejected lines, with their numbers and reasons: {rejects}",
            f"拒收的行及其行号和原因见：{rejects}",
        )


def _amounts(amounts: str | dict[str, str]) -> str:
    if isinstance(amounts, str):
        return amounts
    return ", ".join(f"{amount} {currency}" for currency, amount in amounts.items())
