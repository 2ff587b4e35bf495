"""`quittance import payments`: take in a bank's statement, or the lender's own list of payments."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.commands import statements
from services.main.console import Console
from services.main.file_arguments import rejects_path
from services.main.import_progress import Shown
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit

if TYPE_CHECKING:
    from collections import Counter

    from services.case.adapters.bank.taking_in import Checked
    from services.case.application.bank.result import PaymentsResult
    from services.case.application.import_result import Progress

app = statements.app
REJECTS_SHOWN = 20
_IGNORED_ZH = {
    "pending": "尚未入账",
    "outgoing": "付出款项",
    "fee": "银行费用",
    "own-payment-returned": "己方付款退回",
    "reversed-debit": "扣款冲回",
}


def _line(console: Console, at: "Progress") -> str:
    return console.pick(
        f"{at.lines:,} rows  {at.lines_per_second:,.0f} rows/s",
        f"{at.lines:,} 行  {at.lines_per_second:,.0f} 行/秒",
    )


@command(
    app,
    "payments",
    "quittance import payments statement.xml",
    "quittance import payments statement.xml --mapping bank.toml --json",
    "quittance import payments payments.csv --mapping payments.toml --check",
)
def payments(
    file: Annotated[
        Path,
        typer.Argument(help="ISO 20022 camt.053, .054 or .052 (XML); or CSV or XLSX.", metavar="FILE"),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="FILE", help="How the file is to be read, in TOML; a table needs one."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read all and write nothing: what is unmapped, what is rejected.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", help="Where rejected rows go  [default: FILE.rejects.csv beside the file]"),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in payments and returns: what came, what went back, and the cases they are for.

    What is on record already adds nothing, whichever file told it. Exit code 1 if a row was rejected; all others are
    taken in. Payments that no rule places wait in the pool.
    """
    session = Session.begin(store=store, as_json=json)
    console = session.console
    to = rejects_path(file, rejects, mapping=mapping, en="file or the mapping", zh="数据文件或映射文件")
    if check:
        _check(console, file, mapping)
        return
    shown = Shown(console, _line)
    result = session.with_case(
        lambda case: case.import_payments(file, mapping=mapping, rejects=to, progress=shown), provision=True
    )
    shown.end()
    _report(console, result, rejects=to)
    if result.rejected:
        raise typer.Exit(Exit.FAILED)


def _check(console: Console, file: Path, mapping: Path | None) -> None:
    """Read the file without a ledger."""
    from services.case.adapters.bank.taking_in import check

    found = check(file, mapping=mapping)
    if console.as_json:
        console.answer(found.to_json())
    else:
        _tell_checked(console, found)
    if found.rejected:
        raise typer.Exit(Exit.FAILED)


def _tell_checked(console: Console, found: "Checked") -> None:
    console.tell(
        f"{found.rows:,} rows: {found.payments:,} payments ({found.referenced:,} name an account or a debtor), "
        f"{found.returns:,} returns, {found.ignored_by.total():,} ignored, {len(found.rejected):,} rejected",
        f"{found.rows:,} 行：还款 {found.payments:,} 笔（{found.referenced:,} 笔注明账户或债务人），"
        f"退回 {found.returns:,} 笔，忽略 {found.ignored_by.total():,}，拒收 {len(found.rejected):,}",
    )
    if found.unmapped:
        named = ", ".join(found.unmapped)
        console.tell(f"columns that nobody takes: {named}", f"未映射的列：{named}")
    for number, reject in found.rejected[:REJECTS_SHOWN]:
        console.tell(
            f"row {number}: {reject.reason} ({reject.field})",
            f"第 {number} 行：{reject.reason}（{reject.field}）",
        )
    if len(found.rejected) > REJECTS_SHOWN:
        more = len(found.rejected) - REJECTS_SHOWN
        console.tell(f"and {more:,} more", f"另有 {more:,} 行")
    _warn(console, [one.statement for one in found.warnings])


def _warn(console: Console, numbers: list[int]) -> None:
    for number in numbers:
        console.note(
            f"statement {number} does not add up: opening balance and entries do not make the closing balance",
            f"第 {number} 份对账单不平：期初余额加发生额不等于期末余额",
        )


def _report(console: Console, result: "PaymentsResult", *, rejects: Path) -> None:
    said = result.to_json()
    if console.as_json:
        console.answer(said)
    else:
        console.tell(
            f"{result.rows:,} rows in {result.seconds:.1f} s: {result.imported:,} imported, {result.unchanged:,} on "
            f"record already, {result.ignored:,} ignored, {result.rejected:,} rejected",
            f"{result.rows:,} 行，用时 {result.seconds:.1f} 秒：导入 {result.imported:,}，已有 {result.unchanged:,}，"
            f"忽略 {result.ignored:,}，拒收 {result.rejected:,}",
        )
        console.tell(
            f"{_amounts(result.paid)} came in: {result.matched:,} payments matched, {result.unmatched:,} wait in "
            f"the pool; {_amounts(result.gone_back)} went back: {result.returned:,} returns matched, "
            f"{result.waiting:,} wait",
            f"收到 {_amounts(result.paid)}：已匹配 {result.matched:,} 笔，待匹配 {result.unmatched:,} 笔；"
            f"退回 {_amounts(result.gone_back)}：已匹配 {result.returned:,} 笔，待匹配 {result.waiting:,} 笔",
        )
        for reason, count in said["ignored_by"].items():
            console.tell(f"ignored, {reason}: {count:,}", f"忽略（{_IGNORED_ZH[reason]}）：{count:,}")
        console.tell("next: quittance payments unmatched", "下一步：quittance payments unmatched")
    _warn(console, [one.statement for one in result.warnings])
    if result.rejected:
        console.note(
            f"rejected rows, with their numbers and reasons: {rejects}",
            f"拒收的行及其行号和原因见：{rejects}",
        )


def _amounts(by_currency: "Counter[str]") -> str:
    from shared.kernel.money import decimal

    return ", ".join(f"{decimal(minor, name)} {name}" for name, minor in sorted(by_currency.items())) or "0"
