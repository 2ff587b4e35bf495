"""`quittance contact letters`: batches for the printer, and receipts of the post."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.console import Console
from services.main.file_arguments import Rejects, rejects_path
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Exit, Stopped

if TYPE_CHECKING:
    from services.contact.adapters.letters.spool import LetterSpool
    from services.contact.application.handed_in import Flaw, Reject, TakenIn
    from services.contact.domain.facts.letters import LetterBatchMade
    from services.contact.wiring import ContactService

app = group("letters", "Letters on paper: batches for the printer, and what the post says of them.")
BATCHES_MAX = 500
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who makes the batch, such as user:5b0e.")]


@app.callback()
def _letters() -> None:
    """Letters on paper: batches for the printer, and what the post says of them."""


@command(
    app,
    "batch",
    "quittance contact letters batch",
    "quittance contact letters batch --out /srv/printer --limit 200",
    "quittance contact letters batch --again 7 --out /srv/printer --json",
)
def batch(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where its folder goes  [default: `batches` in the spool]"),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1_000, help="Letters at most.")
    ] = 1_000,
    again: Annotated[
        int | None,
        typer.Option(
            "--again",
            metavar="BATCH",
            min=1,
            help="Write a batch that was made before, to the same bytes.",
            show_default=False,
        ),
    ] = None,
    by: By = "user:local",
    store: Store = None,
    json: Json = False,
) -> None:
    """Put the letters that wait into a batch: a folder with their PDFs and a manifest, as JSON and CSV.

    The batch is on record before a file is written, so no letter is ever in two. Cut off in between, write it with
    --again. Needs QUITTANCE_LETTER_SPOOL.
    """
    session = Session.begin(store=store, as_json=json)

    async def work(service: "ContactService") -> tuple["LetterBatchMade | None", Path | None]:
        desk = service.letters.batches
        made = await desk.again(again, by=by) if again is not None else await desk.make(by=by, limit=limit)
        return made, None if made is None else _write(made, _spool(service), out)

    made, folder = session.with_contact(work)
    _tell_batch(session.console, made, folder)


def _spool(service: "ContactService") -> "LetterSpool":
    from services.contact.application.letters.batches import SpoolMissing

    if service.spool is None:
        raise SpoolMissing
    return service.spool


def _write(made: "LetterBatchMade", spool: "LetterSpool", out: Path | None) -> Path:
    from services.contact.adapters.letters.batch_folder import LetterChanged, write_batch

    try:
        return write_batch(made, spool, out or spool.folder / "batches")
    except LetterChanged as changed:
        raise Stopped(
            en=f"batch {made.batch}: {changed} is not what went on record; nothing was written. Put the spool's copy "
            f"back, then: quittance contact letters batch --again {made.batch}",
            zh=f"第 {made.batch} 批：{changed} 与记录不符，未写入任何文件。请恢复打印目录的副本后运行："
            f"quittance contact letters batch --again {made.batch}",
        ) from None
    except OSError as problem:
        raise Stopped(
            en=f"batch {made.batch} is on record, but its folder was not written: {problem.strerror}. Then: "
            f"quittance contact letters batch --again {made.batch}",
            zh=f"第 {made.batch} 批已登记，但文件未写出：{problem.strerror}。处理后运行："
            f"quittance contact letters batch --again {made.batch}",
        ) from None


def _tell_batch(console: Console, made: "LetterBatchMade | None", folder: Path | None) -> None:
    if made is None:
        if console.as_json:
            console.answer({"batch": None, "letters": 0})
        console.tell("no letters wait", "没有待打印的信函")
        return
    pages = sum(one.pages for one in made.letters)
    if console.as_json:
        console.answer(
            {
                "batch": made.batch,
                "letters": len(made.letters),
                "pages": pages,
                "manifest": made.manifest,
                "folder": str(folder),
            }
        )
        return
    console.tell(
        f"batch {made.batch}: {len(made.letters):,} letters, {pages:,} pages, in {folder}",
        f"第 {made.batch} 批：{len(made.letters):,} 封，{pages:,} 页，位于 {folder}",
    )
    console.tell(
        "when the post has spoken: quittance contact letters receipts FILE",
        "收到邮政回执后：quittance contact letters receipts 文件",
    )


@command(app, "batches", "quittance contact letters batches", "quittance contact letters batches --json")
def batches(
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=BATCHES_MAX, help="Batches shown.")
    ] = 20,
    store: Store = None,
    json: Json = False,
) -> None:
    """The batches that were made, the newest first."""
    from services.contact.projections.letters import batches as view

    session = Session.begin(store=store, as_json=json)

    async def work(service: "ContactService") -> list[Any]:
        await service.projections.catch_up(view.VIEW)
        return await service.ask(lambda connection: view.page(connection, limit=limit))

    rows, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer([row.as_json() for row in rows])
        return
    console.table(
        console.pick("batch made letters pages manifest", "批次 时间 封数 页数 清单哈希").split(),
        [
            (row.batch, row.at.isoformat(timespec="seconds"), row.letters, row.pages, row.manifest[:16])
            for row in rows
        ],
        right=(0, 2, 3),
    )


@command(
    app,
    "receipts",
    "quittance contact letters receipts receipts.csv",
    "quittance contact letters receipts receipts.csv --rejects /tmp/rejected.csv --json",
)
def receipts(
    file: Annotated[
        Path,
        typer.Argument(help="CSV with a header: letter, status, at, reason, receipt", metavar="FILE"),
    ],
    rejects: Rejects = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in what the post says of letters: DELIVERED, or RETURNED and why.

    A letter is named by the number on its sheet. Taken in again, a file adds nothing. Exit code 1 if a line was
    rejected; all others are taken.
    """
    from services.contact.adapters.letters.receipt_file import read_receipts

    session = Session.begin(store=store, as_json=json)
    to = rejects_path(file, rejects, en="receipt file", zh="回执文件")

    async def work(service: "ContactService") -> "TakenIn":
        with rejecting(to) as reject:
            return await service.letters.receipts.take_in(
                read_receipts(file, zone_name=service.zone), reject=reject
            )

    tell_taken(session.console, session.with_contact(work), rejects=to)


@contextmanager
def rejecting(path: Path) -> "Iterator[Reject]":
    """The list of rejected lines: line, reason, column; never a value. Raises RejectsPathTaken, OSError."""
    from services.case.adapters.rejects_file import RejectsFile
    from services.case.application.ports import Reject as Rejected

    def put(line: int, flaw: "Flaw") -> None:
        file.put(line, Rejected(flaw.reason, flaw.field))

    with RejectsFile(path) as file:
        yield put


def tell_taken(console: Console, taken: "TakenIn", *, rejects: Path) -> None:
    """What became of a file that was handed in; exit code 1 where lines were rejected."""
    if console.as_json:
        console.answer(taken.as_json())
    else:
        console.tell(
            f"{taken.lines:,} lines: {taken.new:,} new, {taken.corrected:,} corrections, "
            f"{taken.unchanged:,} on record already, {taken.rejected:,} rejected; {taken.flagged:,} broke a rule",
            f"{taken.lines:,} 行：新增 {taken.new:,}，更正 {taken.corrected:,}，已有 {taken.unchanged:,}，"
            f"拒收 {taken.rejected:,}；违规 {taken.flagged:,}",
        )
    if taken.rejected:
        console.note(
            f"rejected lines, with their numbers and reasons: {rejects}",
            f"拒收的行及其行号和原因见：{rejects}",
        )
        raise typer.Exit(Exit.FAILED)
