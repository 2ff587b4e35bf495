"""`quittance contact attempts`, `refusals`, `breaches`, `health`: what was done, refused and broken; the channels."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import moment, start
from services.main.commands.contact import app as app
from services.main.commands.contact_asking import CHANNELS, Channel, of_list, subject
from services.main.options import Json, Store, command
from services.main.session import Session

if TYPE_CHECKING:
    from services.contact.wiring import ContactService

LIMIT_MAX = 200
OfWhom = Annotated[
    str | None,
    typer.Option(
        "--of", metavar="CASE", help="Only of this case's debtor: `case-…`, `subject-…` or reference."
    ),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="TIME", help="Contacts from then on: a date, or RFC 3339.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Contacts before then.")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="TIME", help="As the record had them then.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=LIMIT_MAX, help="Lines shown.")]


@command(
    app,
    "attempts",
    "quittance contact attempts --of D-1001",
    "quittance contact attempts --channel voice --from 2026-11-01 --breached --json",
)
def attempts(
    of: OfWhom = None,
    channel: Channel = None,
    breached: Annotated[bool, typer.Option("--breached", help="Only those that broke a rule.")] = False,
    from_: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """The attempt ledger: contacts by us and to us, with outcome, permit and what they broke; the latest first."""
    session = Session.begin(store=store, as_json=json)
    of_list("--channel", channel, CHANNELS)

    async def work(contact: "ContactService") -> list[Any]:
        from services.contact.projections.asking import attempts as view

        asked = partial(
            view.page, subject=await _of(contact, of), channel=channel, breached=breached, limit=limit,
            **_span(contact.zone, from_, until), known_at=_known(contact.zone, known_at),
        )  # fmt: skip
        return await contact.projections.ask(asked, view.VIEW)

    _list(
        session, work, "contact at channel way outcome breach", "联系 时间 渠道 方向 结果 违规",
        lambda row: (
            row["id"], _short(row["at"]), row["channel"], row["direction"],
            row["retracted"] or row["outcome"] or row["delivery"] or "–", " ".join(row["breach"]) or "–",
        ),
    )  # fmt: skip


@command(
    app,
    "refusals",
    "quittance contact refusals",
    "quittance contact refusals --rule CN-GBT45251-HOURS --from 2026-11-01 --json",
    "quittance contact refusals --count",
)
def refusals(
    of: OfWhom = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="RULE", help="By this rule.")] = None,
    channel: Channel = None,
    count: Annotated[bool, typer.Option("--count", help="How many, by day, rule and channel.")] = False,
    from_: From = None,
    until: Until = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """The refusal register: contacts that were refused or put off, with every rule, the latest first."""
    session = Session.begin(store=store, as_json=json)
    of_list("--channel", channel, CHANNELS)

    async def work(contact: "ContactService") -> list[Any]:
        from services.contact.projections.asking import refusals as view

        if count:
            return await contact.projections.ask(view.counts, view.VIEW)
        asked = partial(
            view.page, subject=await _of(contact, of), rule=rule, channel=channel, limit=limit,
            **_span(contact.zone, from_, until),
        )  # fmt: skip
        return await contact.projections.ask(asked, view.VIEW)

    if count:
        _list(
            session, work, "day rule channel refusals", "日期 规则 渠道 拒绝次数",
            lambda row: (row["day"], row["rule"], row["channel"], row["refusals"]), right=(3,),
        )  # fmt: skip
        return
    _list(
        session, work, "refusal at channel outcome until rules", "拒绝 时间 渠道 结论 可自 规则",
        lambda row: (
            row["id"], _short(row["at"]), row["channel"], row["outcome"], _short(row["until"]),
            " ".join(row["rules"]),
        ),
    )  # fmt: skip


@command(
    app,
    "breaches",
    "quittance contact breaches",
    "quittance contact breaches --rule NO-PERMIT --withdrawn --json",
)
def breaches(
    of: OfWhom = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="RULE", help="Of this rule.")] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="Also those that were withdrawn.")] = False,
    from_: From = None,
    until: Until = None,
    known_at: KnownAt = None,
    limit: Limit = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """Contacts of ours that broke a rule, at once or by what was learnt later; those of the latest contacts first."""
    session = Session.begin(store=store, as_json=json)

    async def work(contact: "ContactService") -> list[Any]:
        from services.contact.projections.asking import attempts as view

        asked = partial(
            view.breaches, subject=await _of(contact, of), rule=rule, standing=not withdrawn, limit=limit,
            **_span(contact.zone, from_, until), known_at=_known(contact.zone, known_at),
        )  # fmt: skip
        return await contact.projections.ask(asked, view.VIEW)

    _list(
        session, work, "contact at channel found withdrawn rules", "联系 时间 渠道 发现 撤销 规则",
        lambda row: (
            row["attempt"], _short(row["at"]), row["channel"] or "–", row["found"], _short(row["withdrawn_at"]),
            " ".join(row["rules"]),
        ),
    )  # fmt: skip


@command(app, "health", "quittance contact health", "quittance contact health --hours 6 --json")
def health(
    hours: Annotated[int, typer.Option("--hours", min=1, max=168, help="How far back.")] = 24,
    store: Store = None,
    json: Json = False,
) -> None:
    """How each provider is doing: what waits and since when, what came of the rest; with --json hour by hour."""
    session = Session.begin(store=store, as_json=json)

    async def work(contact: "ContactService") -> dict[str, Any]:
        from services.contact.projections.sending import channel_health as view
        from services.contact.projections.sending import outbox

        now = contact.clock.now()
        since, end = now - timedelta(hours=hours), now + timedelta(hours=1)
        await contact.projections.catch_up(outbox.VIEW)
        found = await contact.ask(lambda connection: view.standing(connection, now=now))
        steps = await contact.ask(lambda connection: view.by_hour(connection, from_=since, until=end))
        return {"providers": [one.as_json() for one in found], "hours": [one.as_json() for one in steps]}

    said, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer(said)
    elif not said["providers"]:
        console.tell("no message was ever queued", "尚无任何消息")
    else:
        console.table(
            console.pick("channel provider late since statuses", "渠道 服务商 逾时 最早应发 状态").split(),
            [
                (
                    one["channel"], one["provider"] or "–", one["late"], _short(one["oldest_due_at"]),
                    " ".join(f"{name}={number}" for name, number in one["statuses"].items()),
                )
                for one in said["providers"]
            ],
            right=(2,),
        )  # fmt: skip


def _list(session: Session, work: Any, en: str, zh: str, line: Any, *, right: Sequence[int] = ()) -> None:
    """Show rows as a table, or as one JSON document."""
    rows = [row.as_json() for row in session.with_contact(work)]
    console = session.console
    if console.as_json:
        console.answer(rows)
    elif not rows:
        console.tell("nothing to show", "没有符合条件的记录")
    else:
        console.table(console.pick(en, zh).split(), [line(row) for row in rows], right=right)


async def _of(contact: "ContactService", who: str | None) -> str | None:
    return None if who is None else await subject(contact, who)


def _span(zone: str, from_: str | None, until: str | None) -> dict[str, Any]:
    return {
        "from_": start(from_, option="--from", zone=zone),
        "until": start(until, option="--until", zone=zone),
    }


def _known(zone: str, text: str | None) -> datetime | None:
    return moment(text, option="--known-at", zone=zone)


def _short(text: str | None) -> str:
    """To the minute."""
    return "–" if text is None else text[:16] + "Z"
