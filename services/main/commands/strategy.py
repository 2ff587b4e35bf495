"""`quittance strategy`: which treatment strategies there are, checking, trying and publishing one."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import code_of, day, moment, person
from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Exit, Stopped

if TYPE_CHECKING:
    from services.case.application.treatment.strategies import Known
    from services.case.domain.treatment.strategy import Strategy
    from services.case.wiring import CaseService

app = group("strategy", "Treatment strategies: segments and their dated steps, as versioned data.")
File = Annotated[Path, typer.Argument(metavar="FILE", help="A strategy as TOML.")]
Named = Annotated[str, typer.Argument(metavar="VERSION", help="A version, such as cn-retail-treatment/1.")]
By = Annotated[
    str,
    typer.Option("--by", metavar="WHO", help="Who asks, such as user:5b0e: two people publish a strategy."),
]
SHOWN = 20


def read(file: Path) -> "Strategy":
    """The strategy of a file. Raises Stopped with every fault and its place."""
    from services.case.adapters.treatment.strategy_file import read_file
    from services.case.domain.treatment.document import StrategyMalformed

    if file.is_dir():
        raise IsADirectoryError(21, "is a folder", str(file))
    try:
        return read_file(file)
    except StrategyMalformed as problem:
        faults: Any = problem.context["faults"]
        told = "\n  ".join(faults)
        raise Stopped(
            en=f"the strategy cannot be read; where, and what:\n  {told}",
            zh=f"策略文件无法读取；位置与原因：\n  {told}",
        ) from problem


@command(app, "ls", "quittance strategy ls", "quittance strategy ls --json")
def ls(store: Store = None, json: Json = False) -> None:
    """The versions there are, how each stands, and which one is in force today."""
    from services.case.application.treatment.versions_shown import summary

    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> "tuple[Known, date]":
        return await case.treatment.strategies.known(), case.decisions.today

    known, today = session.with_case(work, views=False)
    now = known.book.in_force(today)
    rows, console = [summary(one) for one in known.versions], session.console
    if json:
        console.answer({"in_force": now.version.id if now else None, "items": rows})
        return
    headings = console.pick(
        "version status from segments rules content", "版本 状态 生效日 客群数 规则数 内容摘要"
    ).split()
    table = [
        (
            row["version"],
            row["status"],
            row["effective_from"],
            str(row["segments"]),
            str(row["rules"]),
            row["content"][:12],
        )
        for row in rows
    ]
    console.table(headings, table, right=(3, 4))
    console.tell(
        f"in force today: {now.version.id if now else 'none'}. next: quittance strategy show VERSION",
        f"今日生效：{now.version.id if now else '无'}。下一步：quittance strategy show 版本",
    )


@command(
    app,
    "show",
    "quittance strategy show cn-retail-treatment/1",
    "quittance strategy show cn-retail-treatment/1 --json",
)
def show(version: Named, store: Store = None, json: Json = False) -> None:
    """A version with its rules, segments and steps."""
    from services.case.application.treatment.versions_shown import whole

    session = Session.begin(store=store, as_json=json)
    known = session.with_case(lambda case: case.treatment.strategies.known(), views=False)
    said = whole(known.of(version))
    if json:
        session.console.answer(said)
    else:
        _tell_whole(session.console, said)


@command(
    app, "check", "quittance strategy check strategy.toml", "quittance strategy check strategy.toml --json"
)
def check(file: File, store: Store = None, json: Json = False) -> None:
    """Read a file strictly and say what it holds; nothing is recorded.

    Exit code 1, with every fault and its place, if it cannot be read.
    """
    session = Session.begin(store=store, as_json=json)
    strategy, console = read(file), session.console
    if json:
        console.answer(
            {
                "version": strategy.version.id,
                "effective_from": strategy.version.effective_from.isoformat(),
                "content": strategy.content,
                "rules": len(strategy.rules),
                "segments": len(strategy.segments),
            }
        )
    console.tell(
        f"{strategy.version.id} can be read: {len(strategy.rules)} rules, {len(strategy.segments)} segments, in force "
        f"from {strategy.version.effective_from}. next: quittance strategy try {file} --as-of DATE",
        f"{strategy.version.id} 可以读取：规则 {len(strategy.rules)} 条，客群 {len(strategy.segments)} 个，"
        f"自 {strategy.version.effective_from} 起生效。下一步：quittance strategy try {file} --as-of 日期",
    )


@command(
    app,
    "publish",
    "quittance strategy publish strategy.toml --by user:5b0e",
    "quittance strategy publish strategy.toml --by user:7c1d --json",
)
def publish(file: File, by: By, store: Store = None, json: Json = False) -> None:
    """Propose a strategy; when a second person publishes the same file, it is in force from its day on.

    Exit code 4 while the second person is awaited. A version that exists with other content is refused, and one that
    would begin on a day that was decided already, or before another version.
    """
    session, strategy, who = Session.begin(store=store, as_json=json), read(file), person(by)

    async def work(case: "CaseService") -> str:
        from services.case.application.treatment.strategies import PROPOSED, PUBLISHED

        desk = case.treatment.strategies
        proposed = await desk.do(lambda: desk.propose(strategy, actor=who), actor=who)
        standing = (await desk.known()).of(strategy.version.id)
        if proposed or standing.status != PROPOSED or standing.maker == who:
            return standing.status
        await desk.do(lambda: desk.publish(strategy.version.id, actor=who), actor=who)
        return PUBLISHED

    status = session.with_case(work, views=False)
    _tell_status(session.console, strategy, status)
    if status == "PROPOSED":
        raise typer.Exit(Exit.APPROVAL_PENDING)


@command(app, "reject", "quittance strategy reject cn-retail-treatment/2 --by user:7c1d --reason TOO_STERN")
def reject(
    version: Named,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, as a code in capitals.")],
    store: Store = None,
    json: Json = False,
) -> None:
    """Reject what another person proposed."""
    why, session, who = code_of(reason), Session.begin(store=store, as_json=json), person(by)

    async def work(case: "CaseService") -> None:
        desk = case.treatment.strategies
        await desk.do(lambda: desk.reject(version, reason=why, actor=who), actor=who)

    session.with_case(work, views=False)
    if json:
        session.console.answer({"version": version, "status": "REJECTED"})
    session.console.tell(f"{version} was rejected: {why}", f"已驳回 {version}：{why}")


@command(
    app,
    "try",
    "quittance strategy try strategy.toml --as-of 2026-11-21",
    "quittance strategy try strategy.toml --as-of 2026-11-21 --json",
)
def attempt(
    file: File,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about, to its end.")],
    store: Store = None,
    json: Json = False,
) -> None:
    """Who would be in which segment under another file, and which cases differ from the version in force that day.

    Reads only. Exit code 3 if any case differs.
    """
    session, strategy, on = Session.begin(store=store, as_json=json), read(file), day(as_of, option="--as-of")

    async def work(case: "CaseService") -> dict[str, Any]:
        from services.case.application.treatment import trying
        from services.case.projections.treatment import segments

        await case.projections.catch_up(segments.VIEW)

        async def cases(after: str, limit: int) -> list[str]:
            rows = await case.ask(
                lambda connection: segments.open_cases(connection, as_of=on, after=after, limit=limit)
            )
            return [row.case_id for row in rows]

        tried = await trying.attempt(strategy, room=case.treatment, as_of=on, cases=cases)
        return tried.as_json(shown=SHOWN)

    said = session.with_case(work)
    _tell_tried(session.console, said)
    if said["different"]:
        raise typer.Exit(Exit.DIFFERENCES)


@command(
    app,
    "case",
    "quittance strategy case TWC-000059",
    "quittance strategy case TWC-000059 --as-of 2026-11-21 --known-at 2026-11-22T09:00:00+08:00 --json",
)
def one_case(
    name: Annotated[str, typer.Argument(metavar="ID", help="A case id, or the reference of an account.")],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="What was so then.")] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="What we knew then.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """A case's segment, strategy and steps on two clocks, with what they were decided by and why."""
    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> dict[str, Any]:
        from services.case.application.treatment.case_strategy import document

        on = case.decisions.today if as_of is None else day(as_of, option="--as-of")
        known = moment(known_at, option="--known-at", zone=case.zone)
        seen = await case.clocks.named(name, as_of=on, known_at=known)
        book = await case.treatment.book()
        treating = await case.treatment.treatments.of(
            seen.case_id, seen.state, book, as_of=seen.as_of, known_at=known
        )
        return document(seen, treating, case.decisions.policy_on(seen.as_of))

    said = session.with_case(work, views=False)
    if json:
        session.console.answer(said)
    else:
        _tell_case(session.console, said)


def _tell_whole(console: Console, said: dict[str, Any]) -> None:
    body = said["document"]
    console.tell(
        f"{said['version']}, {said['status']}, in force from {said['effective_from']}; content {said['content']}",
        f"{said['version']}，{said['status']}，自 {said['effective_from']} 起生效；内容摘要 {said['content']}",
    )
    rules = [(one["name"], one["segment"], ", ".join(sorted(one["when"]))) for one in body.get("rules", [])]
    console.table(
        console.pick("rule segment asks", "规则 客群 条件").split(),
        [*rules, ("default", body["default"], "-")],
    )
    steps = [
        (segment["name"], step["name"], f"{step['from']}+{step['day']}", step["act"], step["who"])
        for segment in body["segments"]
        for step in segment.get("steps", [])
    ]
    console.table(console.pick("segment step day act who", "客群 步骤 日期 动作 执行").split(), steps)


def _tell_status(console: Console, strategy: "Strategy", status: str) -> None:
    version = strategy.version
    if console.as_json:
        console.answer({"version": version.id, "status": status, "content": strategy.content})
    elif status == "PROPOSED":
        console.tell(
            f"{version.id} is proposed; a second person publishes the same file: --by somebody else",
            f"{version.id} 已提出，等待另一人以同一文件发布（--by 另一人）",
        )
    else:
        console.tell(
            f"{version.id} is {status}, in force from {version.effective_from}",
            f"{version.id} 状态 {status}，自 {version.effective_from} 起生效",
        )


def _tell_tried(console: Console, said: dict[str, Any]) -> None:
    if console.as_json:
        console.answer(said)
        return
    headings = console.pick("from to cases", "原客群 新客群 案件数").split()
    rows = [(one["from"] or "-", one["to"], f"{one['cases']:,}") for one in said["moves"]]
    console.table(headings, rows, right=(2,))
    base = said["base"] or "-"
    console.tell(
        f"{said['cases']:,} open cases as of {said['as_of']}; {said['different']:,} differ from {base}",
        f"截至 {said['as_of']} 未结案件 {said['cases']:,} 件；与 {base} 不同 {said['different']:,} 件",
    )


def _tell_case(console: Console, said: dict[str, Any]) -> None:
    decided, now = said["decided"], said["now"]
    if decided is None:
        console.tell(
            f"{said['id']}: nothing was decided by {said['as_of']}",
            f"{said['id']}：截至 {said['as_of']} 尚未确定客群",
        )
    else:
        console.tell(
            f"{said['id']}: {decided['segment']} by rule {decided['rule']} of {decided['strategy']} "
            f"({decided['arm']}), decided {decided['as_of']}",
            f"{said['id']}：按 {decided['strategy']} 规则 {decided['rule']} 归入 {decided['segment']}"
            f"（{decided['arm']}），{decided['as_of']} 确定",
        )
    if now is not None and not said["same"]:
        console.tell(
            f"the rules now say {now['segment']}; the next sweep records it",
            f"按现有规则应为 {now['segment']}；下一次日终处理时记录",
        )
    rows = [
        (
            one["step"],
            one["act"] or "-",
            one["status"],
            one["planned"] or "-",
            one["until"] or "-",
            one["reason"] or "-",
        )
        for one in said["steps"]
    ]
    console.table(
        console.pick("step act status planned until reason", "步骤 动作 状态 计划日 截止 原因").split(), rows
    )
