"""`quittance events`: the ledger itself, in order. Facts are shown; identity stays sealed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.console import Console, compact
from services.main.options import Json, Service, Store, command, group
from services.main.session import CASE, Session
from services.main.usage import Stopped, WrongUsage

if TYPE_CHECKING:
    from services.main.session import AnyService
    from shared.eventstore.port import LaneInfo, Row
    from shared.eventstore.recorded import Recorded
    from shared.messaging.feed import Cursor, Wanted

app = group("events", "What was recorded, in order.")

PAGE = 1_000
FOLLOW_WAIT_S = 30.0
After = Annotated[
    str | None, typer.Option("--after", metavar="CURSOR", help="Only events behind this feed cursor.")
]
Type = Annotated[
    str | None,
    typer.Option("--type", metavar="GLOB", help="Only these stored types: CaseOpened, case.Stage*."),
]


def _wanted(pattern: str | None) -> "Wanted | None":
    if pattern is None:
        return None
    from fnmatch import fnmatchcase

    whole = pattern if "." in pattern else f"*.{pattern}"
    return lambda row: fnmatchcase(row.type, whole)


def _parsed(text: str | None, lanes: "list[LaneInfo]") -> "Cursor":
    from shared.messaging import feed

    try:
        return feed.parse(text, lanes)
    except feed.CursorUnusable:
        raise WrongUsage(
            en=f"--after takes a feed cursor: {len(lanes)} number(s) joined by dots, as `feedposition` shows it",
            zh=f"--after 应为信息流游标：以点分隔的 {len(lanes)} 个数字，即 `feedposition` 的值",
        ) from None


@command(
    app,
    "tail",
    "quittance events tail",
    "quittance events tail -n 50 --type 'case.Case*'",
    "quittance events tail --follow --json",
    "quittance events tail --service contact",
)
def tail(
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, max=1000, help="Events shown first.")] = 10,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new events until Ctrl-C.")
    ] = False,
    type_: Type = None,
    after: After = None,
    of: Service = CASE,
    store: Store = None,
    json: Json = False,
) -> None:
    """The last events, and with --follow every new one as it is recorded. With --json: one object a line."""
    session = Session.begin(store=store, as_json=json)
    session.with_service(
        of, lambda service: _tail(service, session.console, lines, after, _wanted(type_), follow), views=False
    )


async def _tail(
    service: "AnyService",
    console: Console,
    lines: int,
    after: str | None,
    wanted: "Wanted | None",
    follow: bool,
) -> None:
    import asyncio

    from shared.messaging.feed import heads

    feed = service.feed
    lanes = await feed.lanes()
    at = heads(lanes)
    if after is not None:
        at = _parsed(after, lanes)
        page = await feed.page(lanes, after=at, limit=lines, wanted=wanted)
        at = page.reached
        _print(console, feed.published(page))
    elif lines:
        _print(console, await _last(feed, lanes, lines, wanted))
    never = asyncio.Event()
    while follow:
        page = await feed.page(lanes, after=at, limit=PAGE, wanted=wanted)
        _print(console, feed.published(page))
        if page.reached == at:
            await feed.moved(lanes, after=at, timeout=FOLLOW_WAIT_S, closing=never)
        at = page.reached
        lanes = await feed.lanes()


async def _last(
    feed: Any, lanes: "list[LaneInfo]", lines: int, wanted: "Wanted | None"
) -> list[dict[str, Any]]:
    """The last `lines` wanted events, looking back in growing steps."""
    span = lines
    while True:
        back = tuple(max(0, lane.head - span) for lane in lanes)
        found: list[dict[str, Any]] = []
        at = back
        while True:
            page = await feed.page(lanes, after=at, limit=PAGE, wanted=wanted)
            found = (found + feed.published(page))[-lines:]
            if page.reached == at:
                break
            at = page.reached
        if len(found) >= lines or not any(back):
            return found
        span *= 8


def _print(console: Console, events: list[dict[str, Any]]) -> None:
    for event in events:
        if console.as_json:
            console.answer(event)
        else:
            facts = compact(event["data"]) if "data" in event else console.pick("(erased)", "（已删除）")
            name = event["type"].removeprefix("quittance.")
            console.say(
                f"{event['feedposition']:>8}  {event['recordedtime']}  {name:<28} {event['subject']}  {facts}"
            )


@command(
    app,
    "show",
    "quittance events show 17",
    "quittance events show 17 --shard 3",
    "quittance events show 6f1c0d1e-0000-8000-8000-000000000001 --json",
)
def show(
    name: Annotated[str, typer.Argument(metavar="POSITION|EVENT_ID", help="Where it stands, or its id.")],
    shard: Annotated[
        int, typer.Option("--shard", min=0, help="Of a tenant with several lanes: which one.")
    ] = 0,
    of: Service = CASE,
    store: Store = None,
    json: Json = False,
) -> None:
    """One event: envelope, leaf, sections and facts."""
    session = Session.begin(store=store, as_json=json)
    said = session.with_service(of, lambda service: _one(service, name, shard), views=False)
    if json:
        session.console.answer(said)
        return
    for key, value in said.items():
        shown = compact(value) if isinstance(value, dict | list) else value
        session.console.say(f"{key:>14}  {shown if shown is not None else '–'}")


async def _one(service: "AnyService", name: str, shard: int) -> dict[str, Any]:
    row = await _found(service, name, shard)
    if row is None:
        raise Stopped(
            en="there is no such event; `quittance events tail` shows the last ones",
            zh="没有这个事件；`quittance events tail` 显示最近的事件",
        )
    [seen] = await service.ledger.recorded([row])
    return _shown(service, seen)


async def _found(service: "AnyService", name: str, shard: int) -> "Row | None":
    from uuid import UUID

    lanes = await service.ledger.lanes(service.tenant)
    if name.isascii() and name.isdigit():
        of_shard = [lane for lane in lanes if lane.shard == shard]
        if not of_shard:
            raise WrongUsage(en=f"--shard goes up to {len(lanes) - 1}", zh=f"--shard 最大为 {len(lanes) - 1}")
        rows = await service.ledger.read_lane(of_shard[0].lane, after=max(int(name[:18]) - 1, 0), limit=1)
        return rows[0] if rows and rows[0].position == int(name) else None
    try:
        wanted = UUID(name).bytes
    except ValueError:
        raise WrongUsage(
            en="an event is named by its position, a number, or by its id, a uuid",
            zh="请用位置（数字）或事件编号（uuid）指明事件",
        ) from None
    for lane in lanes:
        if row := await service.ledger.store.find_event(lane.lane, wanted):
            return row
    return None


def _shown(service: "AnyService", seen: "Recorded[Any]") -> dict[str, Any]:
    from hashlib import sha256

    from shared.eventstore import sections
    from shared.messaging.published import facts_of, instant, uuid_text

    row = seen.row
    return {
        "lane": row.lane,
        "position": row.position,
        "stream": row.stream_id,
        "version": row.version,
        "type": seen.stored_name,
        "event_id": uuid_text(row.event_id),
        "effective_at": instant(row.effective_at),
        "recorded_at": instant(row.recorded_at),
        "actor": row.actor,
        "caused_by": uuid_text(row.causation_id),
        "correlation_id": uuid_text(row.correlation_id),
        "command_id": uuid_text(row.command_id),
        "policy": row.policy,
        "leaf_hash": sha256(b"\x00" + row.leaf).hexdigest(),
        "leaf": row.leaf.decode("utf-8", "backslashreplace"),
        "sections": [frame.name for frame in sections.unframe(row.body)],
        "facts": facts_of(seen, service.ledger.registry),
    }


@command(
    app,
    "export",
    "quittance events export > events.ndjson",
    "quittance events export --after 18230 --type 'case.Payment*' --out payments.ndjson --json",
)
def export(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
    after: After = None,
    type_: Type = None,
    of: Service = CASE,
    store: Store = None,
    json: Json = False,
) -> None:
    """Every event up to the present head as CloudEvents, one a line.

    With --out the answer says how many there were and where the next export goes on; without, that is noted on
    standard error.
    """
    session = Session.begin(store=store, as_json=json)
    console = session.console
    if out is None:
        events, at = session.with_service(
            of, lambda service: _export(service, print, after, _wanted(type_)), views=False
        )
        console.note(f"{events} events; next: --after {at}", f"{events} 个事件；下一次：--after {at}")
        return
    with out.open("w", encoding="utf-8") as file:
        events, at = session.with_service(
            of,
            lambda service: _export(service, lambda line: file.write(line + "\n"), after, _wanted(type_)),
            views=False,
        )
    if json:
        console.answer({"events": events, "file": str(out), "after": at})
    console.tell(
        f"{events} events in {out}; next: --after {at}", f"{out} 中有 {events} 个事件；下一次：--after {at}"
    )


async def _export(
    service: "AnyService", write: Any, after: str | None, wanted: "Wanted | None"
) -> tuple[int, str]:
    """Write every event behind `after` up to the heads of this moment; how many, and the cursor reached."""
    from shared.messaging.feed import text_of

    feed = service.feed
    lanes = await feed.lanes()
    at, events = _parsed(after, lanes), 0
    while True:
        page = await feed.page(lanes, after=at, limit=PAGE, wanted=wanted)
        for event in feed.published(page):
            write(compact(event))
            events += 1
        if page.reached == at:
            return events, text_of(at)
        at = page.reached
