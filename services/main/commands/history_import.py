"""`quittance import runs`: which files were taken in, when, by whom, and what each added."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.commands import statements
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.case.wiring import CaseService

app = statements.app
LIMIT_DEFAULT, LIMIT_MAX = 50, 499


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

    A run that was cut off stands as running: it was killed before it could say that it ended.
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
