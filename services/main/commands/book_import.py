"""`quittance import book`: take in a lender's book of parties, accounts and instalments."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.commands import statements
from services.main.console import Console
from services.main.import_progress import Shown
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, Stopped, WrongUsage

if TYPE_CHECKING:
    from services.case.adapters.book.checked import Checked
    from services.case.application.book.result import BookProgress, BookResult

app = statements.app
REASONS_SHOWN = 20


def _line(console: Console, at: "BookProgress") -> str:
    if not at.rows:
        return console.pick("reading the delivery", "正在读取交付文件")
    return console.pick(
        f"{at.rows:,} rows  {at.rows_per_second:,.0f} rows/s",
        f"{at.rows:,} 行  {at.rows_per_second:,.0f} 行/秒",
    )


@command(
    app,
    "book",
    "quittance import book delivery/ --mapping bank-a.toml --check",
    "quittance import book delivery/ --mapping bank-a.toml",
    "quittance import book delivery/ --mapping bank-a.toml --rejects /tmp/rejected.csv --json",
)
def book(
    folder: Annotated[
        Path, typer.Argument(help="The folder that holds the delivery's files.", metavar="DIR")
    ],
    mapping: Annotated[
        Path,
        typer.Option("--mapping", metavar="FILE", help="How the lender's files are to be read, in TOML."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Read all and write nothing: what is unmapped, what is rejected.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects", help="Where rejected rows go  [default: DIR.rejects.csv beside the folder]"
        ),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in a lender's book: parties, accounts, instalments, and the cases of debtors who are behind.

    What is on record already adds nothing, so a run that was cut off is simply started again. Exit code 1 if a row
    was rejected; all others are taken in.
    """
    from services.case.adapters.book.rejects_file import default_path

    session = Session.begin(store=store, as_json=json)
    console = session.console
    if not folder.exists():
        raise Stopped(en=f"there is no folder at {folder}", zh=f"找不到目录 {folder}")
    if not folder.is_dir():
        raise NotADirectoryError(20, "is no folder", str(folder))
    if not mapping.is_file():
        raise FileNotFoundError(2, "no such file", str(mapping))
    to = rejects or default_path(folder, working_folder=Path.cwd())
    if to.exists() and to.samefile(mapping):
        raise WrongUsage(
            en="--rejects names the mapping itself; name another",
            zh="--rejects 指向了映射文件本身；请换一个路径",
        )
    if check:
        _check(console, folder, mapping, rejects)
        return
    shown = Shown(console, _line)
    result = session.with_case(
        lambda case: case.import_book(folder, mapping=mapping, rejects=to, progress=shown), provision=True
    )
    shown.end()
    _report(console, result, rejects=to)
    if result.rejected:
        raise typer.Exit(Exit.FAILED)


def _check(console: Console, folder: Path, mapping: Path, rejects: Path | None) -> None:
    """Read the delivery without a ledger; with --rejects the broken rows are listed there."""
    from services.case.adapters.book.checked import checked
    from services.case.adapters.book.delivery import open_book
    from services.case.adapters.book.rejects_file import BookRejectsFile

    with open_book(folder, mapping) as delivery:
        found = checked(delivery)
        if rejects is not None:
            with BookRejectsFile(rejects) as sink:
                for placed in delivery.rejects():
                    sink.put(placed)
    if console.as_json:
        console.answer(found.as_json())
    else:
        _tell_checked(console, found)
    if found.rejected:
        raise typer.Exit(Exit.FAILED)


def _mark(console: Console, *, invented: bool) -> None:
    if invented:
        console.tell(
            "INVENTED: no person or account of this book exists", "虚构数据：本账册中的人与账户均不存在"
        )


def _tell_checked(console: Console, found: "Checked") -> None:
    from services.case.application.book_reasons import REASONS

    if found.invented:
        console.tell(
            "INVENTED: no person or account of this book exists", "虚构数据：本账册中的人与账户均不存在"
        )
    rows = sum(found.rows.values())
    console.tell(
        f"{found.lender}, as of {found.as_of}: {found.lines:,} lines in {len(found.files)} files, {rows:,} rows of "
        f"{found.keys['accounts']:,} accounts and {found.keys['parties']:,} parties, {found.rejected:,} rejected",
        f"{found.lender}，数据日期 {found.as_of}：{len(found.files)} 个文件 {found.lines:,} 行，可读 {rows:,} 行，"
        f"账户 {found.keys['accounts']:,}，当事人 {found.keys['parties']:,}，拒收 {found.rejected:,}",
    )
    for file, columns in found.unmapped.items():
        if columns:
            named = ", ".join(columns)
            console.tell(f"{file}: columns that nobody takes: {named}", f"{file}：未映射的列：{named}")
    if found.unused:
        named = ", ".join(found.unused)
        console.tell(f"of the mapping, met nothing: {named}", f"映射中未用到的条目：{named}")
    for reason, count in found.rejects.most_common():
        words = REASONS[reason]
        console.tell(f"{count:>7,}  {reason}: {words.en}", f"{count:>7,}  {reason}：{words.zh}")
    for placed in found.first_rejects[:REASONS_SHOWN]:
        reason = getattr(placed.row, "reason", "")
        console.tell(
            f"  {placed.file} row {placed.number}: {reason} ({getattr(placed.row, 'field', '')})",
            f"  {placed.file} 第 {placed.number} 行：{reason}（{getattr(placed.row, 'field', '')}）",
        )


def _report(console: Console, result: "BookResult", *, rejects: Path) -> None:
    if console.as_json:
        console.answer(result.to_json())
    else:
        _mark(console, invented=result.invented)
        total = result.imported + result.unchanged + result.rejected
        rate = total / result.seconds if result.seconds else 0.0
        console.tell(
            f"{total:,} rows in {result.seconds:.1f} s ({rate:,.0f} a second): {result.imported:,} imported, "
            f"{result.unchanged:,} on record already, {result.rejected:,} rejected",
            f"{total:,} 行，用时 {result.seconds:.1f} 秒（每秒 {rate:,.0f} 行）："
            f"导入 {result.imported:,}，已有 {result.unchanged:,}，拒收 {result.rejected:,}",
        )
        console.tell(
            f"{result.rows['parties']:,} parties, {result.rows['accounts']:,} accounts, "
            f"{result.rows['instalments']:,} instalments; {result.accounts_left:,} accounts left the book",
            f"当事人 {result.rows['parties']:,}，账户 {result.rows['accounts']:,}，"
            f"分期 {result.rows['instalments']:,}；出册账户 {result.accounts_left:,}",
        )
        console.tell(
            f"{result.events:,} events: {result.cases_opened:,} cases opened, {result.debts_attached:,} accounts "
            f"joined, {result.debts_detached:,} left, {result.cases_cured:,} cured, {result.payments:,} payments",
            f"{result.events:,} 个事件：开立案件 {result.cases_opened:,}，账户加入 {result.debts_attached:,}，"
            f"移出 {result.debts_detached:,}，恢复正常 {result.cases_cured:,}，还款 {result.payments:,} 笔",
        )
        console.tell("next: quittance report cases", "下一步：quittance report cases")
    if result.missing_kept:
        console.note(
            "accounts that the delivery does not name were left in the book: it names none at all, or has account "
            "rows that nobody can tell apart from them",
            "交付中未出现的账户均保留在册：交付未含任何账户，或有无法识别账户的拒收行",
        )
    if result.rejected:
        console.note(
            f"rejected rows, with their files, numbers and reasons: {rejects}",
            f"拒收的行及其文件、行号和原因见：{rejects}",
        )
