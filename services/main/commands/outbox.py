"""`quittance contact outbox`, `retry`, `resolve`, `bounces`: messages that lie aside, and what is done about them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import moment
from services.main.commands.contact import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, WrongUsage
from shared.kernel.refusal import Refused

if TYPE_CHECKING:
    from services.contact.application.handle import Handled, Meta
    from services.contact.projections.sending.outbox import MessageRow
    from services.contact.wiring import ContactService

Message = Annotated[
    str, typer.Argument(metavar="MESSAGE", help="A message: `cat_…`, as the outbox shows it.")
]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who asks, such as user:5b0e.")]
WHO = "user:operator"
SHOWN_MAX = 200
STATES = {
    "QUEUED": ("waits", "等待发送"),
    "RETRY": ("waits for another try", "等待重试"),
    "SENDING": ("being sent", "发送中"),
    "DISPATCHED": ("sent", "已发送"),
    "DELIVERED": ("delivered", "已送达"),
    "FAILED": ("not delivered", "未送达"),
    "BOUNCED": ("bounced", "被退回"),
    "UNRESOLVED": ("sent or not: unknown", "是否发送不明"),
    "SET_ASIDE": ("set aside", "已搁置"),
    "WITHDRAWN": ("withdrawn", "已撤回"),
}


@command(
    app,
    "outbox",
    "quittance contact outbox",
    "quittance contact outbox --set-aside",
    "quittance contact outbox --status BOUNCED --channel email --json",
)
def outbox(
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="Those a person has to look at: set aside, or unresolved")
    ] = False,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help=", ".join(STATES), show_default=False)
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option("--channel", metavar="CHANNEL", help="sms, email or letter", show_default=False),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", help="Lines shown.", min=1, max=SHOWN_MAX)
    ] = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """Messages that wait, were sent, bounced, or lie aside: those queued last first."""
    session = Session.begin(store=store, as_json=json)
    if status is not None and status not in STATES:
        allowed = ", ".join(STATES)
        raise WrongUsage(en=f"--status takes one of {allowed}", zh=f"--status 只能取 {allowed}")
    if set_aside and status is not None:
        raise WrongUsage(en="--set-aside or --status, not both", zh="--set-aside 与 --status 不能同时使用")
    wanted = ("SET_ASIDE", "UNRESOLVED") if set_aside else (status,)

    async def work(contact: "ContactService") -> "list[MessageRow]":
        from services.contact.projections.sending import outbox as view

        await contact.projections.catch_up(view.VIEW)
        rows: list[MessageRow] = []
        for one in wanted:
            found = partial(view.page, status=one, channel=channel, limit=limit)
            rows += await contact.ask(found)
        return sorted(rows, key=lambda row: (row.at, row.thing), reverse=True)[:limit]

    rows, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer([row.as_json() for row in rows])
    else:
        _table(console, rows, stuck=set_aside)


def _table(console: Console, rows: "list[MessageRow]", *, stuck: bool) -> None:
    console.table(
        console.pick("message channel queued state cause tries", "消息 渠道 入队时间 状态 原因 尝试次数").split(),
        [
            (
                row.thing, row.channel, row.at.isoformat(timespec="minutes"), console.pick(*STATES[row.status]),
                row.cause or "", str(row.tries),
            )
            for row in rows
        ],
        right=(5,),
    )  # fmt: skip
    if stuck and rows:
        console.tell(
            "next: quittance contact resolve MESSAGE --sent, or: quittance contact retry MESSAGE",
            "下一步：quittance contact resolve 消息 --sent，或：quittance contact retry 消息",
        )


@command(
    app,
    "retry",
    "quittance contact retry cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000b3",
    "quittance contact retry cat_… cat_… --send-by 2026-11-24T12:00:00+08:00",
)
def retry(
    messages: Annotated[
        list[str], typer.Argument(metavar="MESSAGE...", help="Messages: `cat_…`, as the outbox shows them.")
    ],
    send_by: Annotated[
        str | None,
        typer.Option(
            "--send-by", metavar="TIME", help="From then on it is too late: RFC 3339; a day from now unless given",
            show_default=False,
        ),
    ] = None,
    by: By = WHO,
    store: Store = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Send again what was set aside, is unresolved, or came too late; it is judged again before it is sent.

    An unresolved message may have been sent: look at the provider's own records first (`contact resolve`). Of many,
    those that cannot be sent again are named, and the others are.
    """
    session = Session.begin(store=store, as_json=json)

    async def work(contact: "ContactService") -> list[tuple[str, Refused | None]]:
        until = moment(send_by, option="--send-by", zone=contact.zone)
        done: list[tuple[str, Refused | None]] = []
        for message in dict.fromkeys(messages):
            try:
                await contact.messages.retry(message, _meta(by), send_by=until)
                done.append((message, None))
            except Refused as refusal:
                done.append((message, refusal))
        return done

    done, console = session.with_contact(work), session.console
    refused = [(message, refusal) for message, refusal in done if refusal is not None]
    if console.as_json:
        console.answer([{"message": one, "refused": why.code if why else None} for one, why in done])
    elif len(done) > len(refused):
        count = len(done) - len(refused)
        console.tell(f"{count} wait to be sent", f"{count} 条已重新排队等待发送")
    for message, refusal in refused:
        console.note(f"{message}: {refusal.title('en')}", f"{message}：{refusal.title('zh')}")
    if refused:
        raise typer.Exit(Exit.FAILED)


@command(
    app,
    "resolve",
    "quittance contact resolve cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000b3 --sent",
    "quittance contact resolve cat_6f1c3a529d0e8b7a8c440a5be1d2f37b00000000000000b3 --not-sent",
)
def resolve(
    message: Message,
    sent: Annotated[
        bool | None,
        typer.Option("--sent/--not-sent", help="What the provider's own records show", show_default=False),
    ] = None,
    by: By = WHO,
    store: Store = None,
    json: Json = False,
) -> None:
    """Say whether an unresolved message was sent. One that was not lies aside; `contact retry` sends it."""
    if sent is None:
        raise WrongUsage(
            en="say what the provider's records show: --sent or --not-sent",
            zh="请说明服务商记录的结果：--sent 或 --not-sent",
        )

    async def act(contact: "ContactService", meta: "Meta") -> "Handled":
        return await contact.messages.resolve(message, meta, sent=sent)

    told = (
        ("it was sent", "已确认发送")
        if sent
        else ("it was not sent and lies aside", "已确认未发送，现已搁置")
    )
    _act(store, json, act, by=by, en=told[0], zh=told[1])


def _act(store: str | None, json: bool, act: Any, *, by: str, en: str, zh: str) -> None:
    session = Session.begin(store=store, as_json=json)

    async def work(contact: "ContactService") -> "Handled":
        handled: Handled = await act(contact, _meta(by))
        return handled

    handled, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer({"events": [type(one).__name__ for one in handled.events], "version": handled.version})
    else:
        console.tell(en, zh)


def _meta(by: str) -> "Meta":
    from services.contact.application.handle import Meta
    from shared.kernel.ids import new_token

    return Meta(actor=by, client="command-line", key=new_token())


@command(
    app, "bounces", "quittance contact bounces bounce.eml", "quittance contact bounces /var/mail/bounces/new"
)
def bounces(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE|FOLDER...", help="Mails as files, or folders of them (a Maildir's `new`)."
        ),
    ],
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in what comes back by e-mail: notifications of delivery (RFC 3464), and what people answer.

    An answer that says stop is an opt-out. A mail that was taken in before adds nothing; an absence notice, or what is
    of no message and nobody of ours, is counted and left as it is. Nothing is deleted.
    """
    session = Session.begin(store=store, as_json=json)
    files = list(_files(paths))

    async def work(contact: "ContactService") -> dict[str, int]:
        from services.contact.adapters.sending.bounces_in import take_in

        return await take_in(files, inbound=contact.inbound, clock=contact.clock)

    counts, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer(counts)
    else:
        console.tell(
            "{mails} mails: {reports} reports, {answers} answers, {recorded} new; {other} of nobody and nothing of ours"
            .format(**counts),
            "共 {mails} 封邮件：{reports} 份报告，{answers} 份回复，新增 {recorded}；{other} 封与我方消息或人员无关"
            .format(**counts),
        )  # fmt: skip
    if counts["unreadable"]:
        raise typer.Exit(Exit.FAILED)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        elif path.is_file():
            yield path
        else:
            raise WrongUsage(en=f"{path.name} is not there", zh=f"{path.name} 不存在")
