"""`quittance import history` and `import runs`: what happened before go-live; who took in which files."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from services.main.commands import statements
from services.main.console import Console
from services.main.import_progress import Shown
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, WrongUsage

if TYPE_CHECKING:
    from services.case.adapters.history.taking_in import HistoryChecked
    from services.case.application.history.take_history import HistoryResult
    from services.case.wiring import CaseService

app = statements.app
T = TypeVar("T")
LIMIT_DEFAULT, LIMIT_MAX = 50, 499


@command(
    app,
    "history",
    "quittance import history history/ --mapping history.toml --check",
    "quittance import history history/ --mapping history.toml",
    "quittance import history history/ --mapping history.toml --rejects /tmp/rejected.csv --json",
)
def history(
    folder: Annotated[
        Path, typer.Argument(help="Folder with files of attempts, promises, plans, payments …", metavar="DIR")
    ],
    mapping: Annotated[
        Path, typer.Option("--mapping", metavar="FILE", help="How the files are to be read (TOML).")
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: say what the delivery would come to.")
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
    """Take in what happened before go-live: cases, attempts, promises, plans, payments, consents, demands, filings.

    Attempts, consents and opt-outs are told to the contact service too, so that its caps hold from the first day on;
    demands that arrived and what was filed at court to the legal service, as proofs of limitation.

    Each fact keeps who said it and what it rests on; nothing is sent because of it. Rows on record already add
    nothing, so a run that was cut off is simply started again. Exit code 1 if a row was rejected.
    """
    from services.case.adapters.book.rejects_file import default_path

    session = Session.begin(store=store, as_json=json)
    said, shown = mapping.read_bytes(), Shown(session.console, statements.line)
    if check:
        checked = session.with_case(_reaching(session, lambda case: case.history.check(folder, said)), **_NEW)
        _show_check(session.console, checked)
        raise typer.Exit(Exit.FAILED if checked.result.rejected else Exit.OK)
    to = rejects or default_path(folder, working_folder=Path.cwd())
    result = session.with_case(
        _reaching(session, lambda case: case.history.take_in(folder, said, rejects=to, progress=shown)),
        **_NEW,
    )
    _show_history(session.console, result, to)
    if result.rejected:
        raise typer.Exit(Exit.FAILED)


_NEW: dict[str, bool] = {"provision": True, "views": False}


def _reaching(
    session: Session, work: "Callable[[CaseService], Coroutine[object, object, T]]"
) -> "Callable[[CaseService], Coroutine[object, object, T]]":
    """The work, with the contact and legal services open beside: what concerns them is told to them as well."""

    async def working(case: "CaseService") -> T:
        from contextlib import AsyncExitStack

        from services.main.past import reach_contact, reach_legal

        async with AsyncExitStack() as opened:
            await reach_contact(opened, session, case)
            await reach_legal(opened, session, case)
            return await work(case)

    return working


def _show_history(console: Console, result: "HistoryResult", rejects: Path) -> None:
    if console.as_json:
        console.answer(result.to_json())
    else:
        console.tell(
            f"{result.rows:,} rows in {result.seconds:.1f} s: {result.added:,} new, {result.unchanged:,} on record "
            f"already, {result.rejected:,} rejected; {result.cases_opened:,} cases opened, {result.events:,} events",
            f"{result.rows:,} 行，用时 {result.seconds:.1f} 秒：新增 {result.added:,}，已有 {result.unchanged:,}，"
            f"拒收 {result.rejected:,}；开立案件 {result.cases_opened:,}，{result.events:,} 个事件",
        )
        console.tell("next: quittance import runs", "下一步：quittance import runs")
    if result.rejected:
        console.note(
            f"rejected rows, with their numbers and reasons: {rejects}",
            f"拒收的行及其行号和原因见：{rejects}",
        )


def _show_check(console: Console, checked: "HistoryChecked") -> None:
    said, result = checked.to_json(), checked.result
    if console.as_json:
        console.answer(said)
        return
    console.tell(
        f"{result.rows:,} rows: {result.added:,} would be new, {result.unchanged:,} are on record, "
        f"{result.rejected:,} would be rejected; nothing was written",
        f"共 {result.rows:,} 行：将新增 {result.added:,}，已有 {result.unchanged:,}，"
        f"将拒收 {result.rejected:,}；未写入任何内容",
    )
    for name, columns in said["unmapped"].items():
        console.tell(
            f"{name}: nobody takes the columns {', '.join(columns)}",
            f"{name}：未映射的列 {'、'.join(columns)}",
        )
    if said["rejects"]:
        headings = console.pick(
            "entity file rows first reason field means", "类别 文件 行数 首行 原因 字段 含义"
        )
        lines = [
            (
                one["entity"], one["file"], one["rows"], one["first_row"], one["reason"], one["field"],
                one["means_zh"] if console.chinese else one["means"],
            )
            for one in said["rejects"]
        ]  # fmt: skip
        console.table(headings.split(), lines, right=(2, 3))


@command(
    app,
    "runs",
    "quittance import runs",
    "quittance import runs --kind statements --json",
    "quittance import runs --status running",
)
def runs(
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="WORD", help="Only statements, book, history or payments.")
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="WORD", help="Only those that stand like this.")
    ] = None,
    content: Annotated[
        str | None, typer.Option("--content", metavar="SHA256", help="Only the runs of one delivery.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help="Rows shown.")] = LIMIT_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Every run of every import, the oldest first. Runs of one content took in the same files.

    A run that was killed stands as running: it could not say that it ended.
    """
    from services.case.domain.history import import_run
    from services.case.projections.history import import_list

    session = Session.begin(store=store, as_json=json)
    _one_of("--kind", kind, import_run.KINDS)
    wanted = status.upper() if status else None
    _one_of("--status", wanted, import_run.STATUSES)

    async def work(case: "CaseService") -> list[import_list.ImportRow]:
        return await case.projections.ask(
            lambda connection: import_list.page(
                connection, limit=limit + 1, kind=kind, status=wanted, content=content
            ),
            import_list.VIEW,
        )

    _show_runs(session.console, [row.as_json() for row in session.with_case(work)], limit)


def _one_of(option: str, word: str | None, allowed: tuple[str, ...]) -> None:
    if word is not None and word not in allowed:
        raise WrongUsage(
            en=f"{option} takes one of {', '.join(allowed)}", zh=f"{option} 可取：{'、'.join(allowed)}"
        )


def _show_runs(console: Console, said: list[dict[str, Any]], limit: int) -> None:
    if len(said) > limit:
        console.note(
            f"there are more than {limit}; --limit shows up to {LIMIT_MAX}",
            f"超过 {limit} 条；可用 --limit 显示至多 {LIMIT_MAX} 条",
        )
    if console.as_json:
        console.answer(said[:limit])
        return
    if not said:
        console.tell("nothing to show", "没有符合条件的记录")
        return
    headings = console.pick(
        "begun kind status new known rejected by content", "开始 类型 状态 新增 已有 拒收 操作者 内容"
    )
    console.table(
        headings.split(), [_run_line(one) for one in said[:limit]], right=(3, 4, 5)
    )  # fmt: skip


def _run_line(one: dict[str, Any]) -> tuple[Any, ...]:
    counts = one["counts"] or dict.fromkeys(("added", "unchanged", "rejected"), "–")
    begun = one["begun_at"][:19].replace("T", " ")
    return (
        begun, one["kind"], one["status"], counts["added"], counts["unchanged"], counts["rejected"], one["actor"],
        (one["content"] or "–")[:12],
    )  # fmt: skip
