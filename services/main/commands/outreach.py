"""`quittance contact outreach`: how it stands, what was done and what is next; and the strategies it goes by."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import code_of, person
from services.main.commands.contact import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, Stopped, WrongUsage

if TYPE_CHECKING:
    from services.contact.domain.outreach.strategy import Strategy
    from services.contact.wiring import ContactService

File = Annotated[Path, typer.Argument(metavar="FILE", help="An outreach strategy as TOML.")]
Named = Annotated[str, typer.Argument(metavar="VERSION", help="A version, such as cn-retail-outreach/1.")]
By = Annotated[
    str,
    typer.Option("--by", metavar="WHO", help="Who asks, such as user:5b0e: two people publish a strategy."),
]
SHOWN_MAX = 200
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@command(
    app,
    "outreach",
    "quittance contact outreach",
    "quittance contact outreach case-6f1c0d1e-0000-8000-8000-000000000001",
    "quittance contact outreach --state PAUSED --json",
)
def outreach(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]", help="A case, an account, or an outreach: by its id.", show_default=False
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state", metavar="STATE", help="NEW, RUNNING, SOFTENED, PAUSED or ENDED.", show_default=False
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", help="Lines shown.", min=1, max=SHOWN_MAX)
    ] = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """How outreach stands about every case; of one case, what was done, what is next, and why not."""
    session = Session.begin(store=store, as_json=json)
    if case is None:
        _list(session, state, limit)
    else:
        _show(session, case)


def _list(session: Session, state: str | None, limit: int) -> None:
    from services.contact.application.outreach.shown import words
    from services.contact.projections.outreach import outreaches

    if state is not None and state not in outreaches.STATES:
        allowed = ", ".join(outreaches.STATES)
        raise WrongUsage(en=f"--state takes one of {allowed}", zh=f"--state 只能取 {allowed}")

    async def work(contact: "ContactService") -> list[outreaches.OutreachRow]:
        await contact.projections.catch_up(outreaches.VIEW)
        return await contact.ask(lambda connection: outreaches.page(connection, state=state, limit=limit))

    rows, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer([row.as_json() for row in rows])
        return
    chinese = console.chinese
    console.table(
        console.pick("about state because taken skipped", "事项 状态 原因 已执行 已跳过").split(),
        [
            (
                row.about or row.thing, words(row.state, chinese=chinese),
                ", ".join(words(one, chinese=chinese) for one in (row.because or "").split()), str(row.taken),
                str(row.skipped),
            )
            for row in rows
        ],
        right=(3, 4),
    )  # fmt: skip
    console.tell("next: quittance contact outreach CASE", "下一步：quittance contact outreach 案件")


def _show(session: Session, name: str) -> None:
    uuid = name.partition("-")[2]
    if not _UUID.fullmatch(uuid):
        raise WrongUsage(en="name a case by its id, case-…", zh="请用案件编号，例如 case-…")

    async def work(contact: "ContactService") -> dict[str, Any] | None:
        from services.contact.application.outreach.shown import whole

        room = contact.outreach
        loaded = await room.desk.load(f"outreach-{uuid}")
        if not loaded.events:
            return None
        return whole(loaded, (await room.strategies.known()).book, contact.clock.now())

    found = session.with_contact(work, views=False)
    if found is None:
        raise Stopped(
            en="the contact service has heard nothing of that case; is it fed by the case service?",
            zh="联系服务没有该案件的记录；案件服务是否已接入？",
        )
    if session.console.as_json:
        session.console.answer(found)
    else:
        _tell(session.console, found)


def _tell(console: Console, said: dict[str, Any]) -> None:
    from services.contact.application.outreach.shown import words

    def word(code: str | None) -> str:
        return "" if code is None else words(code, chinese=console.chinese)

    because = ", ".join(word(one) for one in said["because"])
    state = word(said["state"]) + (f" ({because})" if because else "")
    console.tell(
        f"{said['about']}: {state}; stage {said['stage'] or '-'}",
        f"{said['about']}：{state}；阶段 {said['stage'] or '-'}",
    )
    console.table(
        console.pick("step of channel status when why", "步骤 范围 渠道 状态 时间 原因").split(),
        [
            (
                one["step"] + (f" {one['time']}" if one["time"] > 1 else ""), one["scope"], one["channel"] or "-",
                word(one["status"]), one["at"] or one["opens"] or "-",
                " ".join(filter(None, (word(one["reason"]), *one["rules"]))),
            )
            for one in said["steps"]
        ],
    )  # fmt: skip


@command(
    app,
    "strategies",
    "quittance contact strategies",
    "quittance contact strategies cn-retail-outreach/1 --json",
)
def strategies(
    version: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION]", help="Show this version whole.", show_default=False),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """The outreach strategies there are, how each stands, and which one is in force today; or one with its steps."""
    from services.contact.application.outreach import shown

    session = Session.begin(store=store, as_json=json)
    console = session.console

    async def work(contact: "ContactService") -> tuple[Any, Any]:
        room = contact.outreach.strategies
        return await room.known(), room.today

    known, today = session.with_contact(work, views=False)
    if version is not None:
        said = shown.strategy_whole(known.of(shown.version_of(version)))
        if json:
            console.answer(said)
        else:
            _tell_steps(console, said)
        return
    now, rows = shown.in_force(known.book, today), [shown.strategy_summary(one) for one in known.versions]
    if json:
        console.answer({"in_force": now, "items": rows})
        return
    console.table(
        console.pick("version status from steps content", "版本 状态 生效日 步骤数 内容摘要").split(),
        [
            (row["version"], row["status"], row["effective_from"], str(row["steps"]), row["content"][:12])
            for row in rows
        ],
        right=(3,),
    )
    console.tell(f"in force today: {now or 'none'}", f"今日生效：{now or '无'}")


def _tell_steps(console: Console, said: dict[str, Any]) -> None:
    document = said["document"]
    staged = [(stage["stage"], step) for stage in document["stages"] for step in stage.get("steps", ())]
    staged += [(console.pick("promised", "承诺期"), step) for step in document.get("promised", ())]
    console.table(
        console.pick("stage step channel says day within", "阶段 步骤 渠道 文本 日 时限").split(),
        [
            (
                stage, step["name"], step["channel"], step.get("template") or step.get("situation") or "-",
                f"{step['from']} {step['day']:+d}", str(step.get("within", 0)),
            )
            for stage, step in staged
        ],
        right=(5,),
    )  # fmt: skip


def read(file: Path) -> "Strategy":
    """The strategy of a file. Raises Stopped with every fault and its place."""
    from services.contact.adapters.outreach.strategy_file import read_file
    from services.contact.domain.outreach.document import OutreachStrategyMalformed

    if file.is_dir():
        raise IsADirectoryError(21, "is a folder", str(file))
    try:
        return read_file(file)
    except OutreachStrategyMalformed as problem:
        faults: Any = problem.context["faults"]
        told = "\n  ".join(faults)
        raise Stopped(
            en=f"the strategy cannot be read; where, and what:\n  {told}",
            zh=f"策略文件无法读取；位置与原因：\n  {told}",
        ) from problem


@command(
    app,
    "strategy-check",
    "quittance contact strategy-check outreach.toml",
    "quittance contact strategy-check outreach.toml --json",
)
def check(file: File, store: Store = None, json: Json = False) -> None:
    """Read an outreach strategy's file strictly and say what it holds; nothing is recorded.

    Exit code 1, with every fault and its place, if it cannot be read.
    """
    session = Session.begin(store=store, as_json=json)
    strategy, console = read(file), session.console
    count = sum(len(one.steps) for one in strategy.written.stages) + len(strategy.written.promised)
    version, begins = strategy.version.id, strategy.version.effective_from.isoformat()
    if json:
        console.answer(
            {"version": version, "effective_from": begins, "content": strategy.content, "steps": count}
        )
    console.tell(
        f"{version} can be read: {count} steps, in force from {begins}. "
        f"next: quittance contact strategy-publish {file} --by WHO",
        f"{version} 可以读取：步骤 {count} 个，自 {begins} 起生效。"
        f"下一步：quittance contact strategy-publish {file} --by 谁",
    )


@command(
    app,
    "strategy-publish",
    "quittance contact strategy-publish outreach.toml --by user:5b0e",
    "quittance contact strategy-publish outreach.toml --by user:7c1d --json",
)
def publish(file: File, by: By, store: Store = None, json: Json = False) -> None:
    """Propose an outreach strategy; when a second person publishes the same file, it is in force from its day on.

    Exit code 4 while the second person is awaited. It begins tomorrow at the earliest, and after every other version.
    """
    session, strategy, who = Session.begin(store=store, as_json=json), read(file), person(by)
    version = strategy.version.id

    async def work(contact: "ContactService") -> str:
        from services.contact.application.outreach.strategies import PROPOSED, PUBLISHED

        desk = contact.outreach.strategies
        proposed = await desk.do(lambda: desk.propose(strategy, actor=who), actor=who)
        standing = (await desk.known()).of(version)
        if proposed or standing.status != PROPOSED or standing.maker == who:
            return standing.status
        await desk.do(lambda: desk.publish(version, actor=who), actor=who)
        return PUBLISHED

    status, console = session.with_contact(work, provision=True, views=False), session.console
    if json:
        console.answer({"version": version, "status": status})
    if status == "PROPOSED":
        console.tell(
            f"{version} is proposed; a second person publishes it with the same command",
            f"已提出 {version}；须由另一人以同一命令发布",
        )
        raise typer.Exit(Exit.APPROVAL_PENDING)
    console.tell(
        f"{version} is {status.lower()}, in force from {strategy.version.effective_from}",
        f"{version}：{status}，自 {strategy.version.effective_from} 起生效",
    )


@command(
    app,
    "strategy-reject",
    "quittance contact strategy-reject cn-retail-outreach/2 --by user:7c1d --reason TOO_STERN",
)
def reject(
    version: Named,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, as a code in capitals.")],
    store: Store = None,
    json: Json = False,
) -> None:
    """Reject an outreach strategy that another person proposed."""
    why, session, who = code_of(reason), Session.begin(store=store, as_json=json), person(by)

    async def work(contact: "ContactService") -> None:
        desk = contact.outreach.strategies
        await desk.do(lambda: desk.reject(version, reason=why, actor=who), actor=who)

    session.with_contact(work, views=False)
    if json:
        session.console.answer({"version": version, "status": "REJECTED"})
    session.console.tell(f"{version} was rejected: {why}", f"已驳回 {version}：{why}")
