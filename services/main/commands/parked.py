"""`quittance parked`: streams that a view could not take, what waits behind them, and trying again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.options import Json, Store, command, group
from services.main.session import CASE, SERVICES, Session
from services.main.usage import Exit, WrongUsage

if TYPE_CHECKING:
    from services.main.session import AnyService
    from shared.eventstore.projection.parked import Retried, Waiting
    from shared.eventstore.projection.port import Parked

app = group(
    "parked", "Streams that a view, or a listener, could not take: it went on without them, and they wait."
)

Id = Annotated[str, typer.Argument(metavar="ID", help="VIEW:LANE:POSITION, as `parked ls` shows it.")]
Projection = Annotated[str | None, typer.Option("--projection", metavar="VIEW", help="Only this view's.")]


def id_of(parked: "Parked") -> str:
    """How a parked stream is named on the command line."""
    return f"{parked.name}:{parked.lane}:{parked.position}"


def _described(parked: "Parked") -> dict[str, Any]:
    return {
        "id": id_of(parked),
        "view": parked.name,
        "version": parked.version,
        "lane": parked.lane,
        "position": parked.position,
        "stream": parked.stream,
        "error": parked.error,
        "tries": parked.tries,
        "parked_at": parked.parked_at.isoformat().replace("+00:00", "Z"),
    }


async def _listed(service: "AnyService", view: str | None) -> "list[Parked]":
    """What is parked in its views, and of the feed that it hears; `view`: only in that one."""
    from services.main.hearing import places_of

    places = places_of(service)
    if view is None:
        heard = [row for place in places for row in await place.parked()]
        return [*await service.projections.parked(), *heard]
    for place in places:
        if view in (place.name, place.name.partition(".")[2]):
            return await place.parked()
    return await service.projections.parked(service.projections.named([view])[0])


def _of(name: str | None) -> str | None:
    """The service that a view or an id names first, None for all of them."""
    if name is None:
        return None
    service = name.partition(".")[0]
    return service if service in SERVICES else CASE


def _find(session: Session, projection: str | None) -> "list[Parked]":
    named = _of(projection)
    if named is not None:
        return session.with_service(named, lambda service: _listed(service, projection))
    found = session.with_each(lambda service: _listed(service, None))
    return [parked for rows in found.values() for parked in rows]


async def _one(service: "AnyService", name: str) -> "Parked":
    for parked in await _listed(service, None):
        if id_of(parked) == name:
            return parked
    raise WrongUsage(
        en="nothing is parked under this id; see `quittance parked ls`",
        zh="没有这个搁置编号；请查看 `quittance parked ls`",
    )


@command(app, "ls", "quittance parked ls", "quittance parked ls --projection case.queue --json")
def ls(projection: Projection = None, store: Store = None, json: Json = False) -> None:
    """Every parked stream, with the fault that parked it."""
    session = Session.begin(store=store, as_json=json)
    found, console = _find(session, projection), session.console
    if json:
        console.answer([_described(parked) for parked in found])
    elif not found:
        console.tell("nothing is parked", "没有搁置的流")
    else:
        headings = console.pick("id stream error tries", "编号 流 错误 次数").split()
        console.table(headings, [(id_of(p), p.stream, p.error, p.tries) for p in found], right=(3,))
        console.tell("next: quittance parked show ID", "下一步：quittance parked show 编号")


@command(
    app, "show", "quittance parked show case.queue:1:812", "quittance parked show case.queue:1:812 --json"
)
def show(name: Id, store: Store = None, json: Json = False) -> None:
    """One parked stream, and how many of its events wait behind it."""
    session = Session.begin(store=store, as_json=json)

    async def work(service: "AnyService") -> "Waiting":
        from services.main.hearing import READERS, reading

        parked = await _one(service, name)
        if parked.name not in READERS:
            return await service.projections.waiting(parked)
        async with reading(session, service, parked.name) as reader:
            return await reader.shown(parked)

    waiting, console = session.with_service(_of(name) or CASE, work), session.console
    said = _described(waiting.parked) | {
        "type": waiting.type,
        "events": waiting.events,
        "first_at": waiting.first_at.isoformat().replace("+00:00", "Z"),
        "last_at": waiting.last_at.isoformat().replace("+00:00", "Z"),
    }
    if json:
        console.answer(said)
        return
    for key, value in said.items():
        console.say(f"{key:>10}  {value}")
    console.tell(f"next: quittance parked retry {name}", f"下一步：quittance parked retry {name}")


@command(
    app,
    "retry",
    "quittance parked retry case.queue:1:812",
    "quittance parked retry --all --json",
    "quittance parked retry --projection case.queue --json",
)
def retry(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="As `parked ls` shows them.")
    ] = None,
    projection: Projection = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything that is parked.")] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Apply what waits, in order, and let the stream go on; exit code 1 if one still fails."""
    session = Session.begin(store=store, as_json=json)
    if bool(names) + bool(projection) + all_ != 1:
        raise WrongUsage(
            en="say what to retry: ids, or --projection VIEW, or --all",
            zh="请指明要重试的内容：编号、--projection 视图或 --all",
        )

    async def work(service: "AnyService") -> "list[Retried]":
        mine = [name for name in names or () if _of(name) == service.ledger.service]
        chosen = [await _one(service, name) for name in mine]
        if not names:
            chosen = await _listed(service, projection)
        return [await _retried(session, service, parked) for parked in chosen]

    if projection is not None:
        done = session.with_service(_of(projection) or CASE, work)
    elif names:
        done = [
            one
            for service in dict.fromkeys(_of(name) or CASE for name in names)
            for one in session.with_service(service, work)
        ]
    else:
        done = [one for found in session.with_each(work).values() for one in found]
    console = session.console
    if json:
        console.answer([{"id": id_of(r.parked), "events": r.events, "error": r.error} for r in done])
    for one in done:
        if one.error is None:
            console.tell(
                f"{id_of(one.parked)}: {one.events} events applied",
                f"{id_of(one.parked)}：已处理 {one.events} 个事件",
            )
        else:
            console.tell(
                f"{id_of(one.parked)}: still fails: {one.error}",
                f"{id_of(one.parked)}：仍然失败：{one.error}",
            )
    if not done:
        console.tell("nothing is parked", "没有搁置的流")
    if any(one.error for one in done):
        raise typer.Exit(Exit.FAILED)


async def _retried(session: Session, service: "AnyService", parked: "Parked") -> "Retried":
    from services.main.hearing import READERS, reading

    if parked.name not in READERS:
        return await service.projections.retry(parked)
    async with reading(session, service, parked.name) as reader:
        return await reader.retry(parked)
