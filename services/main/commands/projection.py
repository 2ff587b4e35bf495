"""`quittance projection`: the views, where they stand, and making them anew."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.console import Console, duration
from services.main.options import Json, Store, command, group
from services.main.session import CASE, SERVICES, Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.main.readers import Stood
    from services.main.session import AnyService
    from shared.eventstore.projection.rebuild import RebuildProgress, Rebuilt
    from shared.eventstore.projection.status import ViewStatus
    from shared.eventstore.projection.view import View

app = group("projection", "Views over the ledger. Each can be dropped and comes back by `rebuild`.")


@command(app, "ls", "quittance projection ls", "quittance projection ls --json")
def ls(store: Store = None, json: Json = False) -> None:
    """The views there are and the tables they keep."""
    from services.case.projections import all_views as of_case
    from services.contact.projections import all_views as of_contact
    from services.legal.projections import all_views as of_legal

    console = Session.begin(store=store, as_json=json).console
    said = [
        {"view": view.name, "version": view.version, "tables": [table.name for table in view.tables]}
        for view in (*of_case.SHAPES, *of_contact.SHAPES, *of_legal.SHAPES)
    ]
    if json:
        console.answer(said)
        return
    console.table(
        console.pick("view version tables", "视图 版本 表").split(),
        [(v["view"], v["version"], ", ".join(map(str, v["tables"]))) for v in said],  # type: ignore[call-overload]
        right=(1,),
    )


@command(app, "status", "quittance projection status", "quittance projection status --json")
def status(store: Store = None, json: Json = False) -> None:
    """Where each view stands, and each reader of another service: position, lag, parked streams, who works on it.

    A reader's lag is by the other service's newest event where that lies in the same store, else by the newest seen.
    """
    from services.main.readers import readers, stood

    session = Session.begin(store=store, as_json=json)

    async def work(service: "AnyService") -> "tuple[list[ViewStatus], Stood]":
        return await service.projections.status(), await stood(service)

    found, console = session.with_each(work), session.console
    views = [view for of_views, _ in found.values() for view in of_views]
    hearing = readers({service: place for service, (_, place) in found.items()})
    if json:
        console.answer([*map(_described, views), *(one.as_json() for one in hearing)])
        return
    headings = console.pick(
        "view version position lag seconds parked worker", "视图 版本 位置 落后 秒 搁置 工作者"
    )
    rows = [
        (
            view.name,
            view.version,
            f"{view.position:,}",
            f"{view.lag:,}",
            f"{view.lag_s:.1f}",
            view.parked,
            ", ".join(sorted({lane.worker for lane in view.lanes if lane.worker})) or "–",
        )
        for view in views
    ]
    rows += [
        (
            one.name,
            one.version,
            f"{one.position:,}",
            f"{one.lag:,}",
            "–",
            one.parked,
            ", ".join(one.workers) or "–",
        )
        for one in hearing
    ]
    console.table(headings.split(), rows, right=(1, 2, 3, 4, 5))


def _described(view: "ViewStatus") -> dict[str, Any]:
    return {
        "view": view.name,
        "version": view.version,
        "schema": view.schema,
        "position": view.position,
        "lag": view.lag,
        "lag_seconds": round(view.lag_s, 3),
        "parked": view.parked,
        "lanes": [
            {
                "lane": lane.lane,
                "position": lane.position,
                "head": lane.head,
                "lag": lane.lag,
                "parked": lane.parked,
                "worker": lane.worker,
            }
            for lane in view.lanes
        ],
    }


@command(
    app,
    "rebuild",
    "quittance projection rebuild case.queue",
    "quittance projection rebuild --all --json",
)
def rebuild(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="Views: `contact.outbox`, `case.queue`, or `queue`."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every view.")] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Make views anew from the ledger, beside the live ones, and swap them in at the end."""
    session = Session.begin(store=store, as_json=json)
    if bool(names) == all_:
        raise WrongUsage(en="name the views to rebuild, or say --all", zh="请指明要重建的视图，或使用 --all")
    console = session.console
    line = console.progress()

    def show(at: "RebuildProgress", *, last: bool = False) -> None:
        share = 100 * at.done // max(at.total, 1)
        line.show(
            console.pick(
                f"{share:3d} %  {at.done:,} of {at.total:,} events  {at.rate:,.0f} events/s  {duration(at.eta_s)} left",
                f"{share:3d} %  {at.done:,} / {at.total:,} 事件  {at.rate:,.0f} 事件/秒  剩余 {duration(at.eta_s)}",
            ),
            last=last,
        )

    async def work(service: "AnyService") -> "Rebuilt":
        chosen = by_service.get(service.ledger.service, ())
        views: list[View] = list(service.views) if all_ else service.projections.named(chosen)
        return await service.projections.rebuild(views, show)

    by_service = _by_service(names or ())
    if all_:
        _report(console, list(session.with_each(work).values()))
    else:
        _report(console, [session.with_service(name, work) for name in by_service])


def _by_service(names: "Sequence[str]") -> dict[str, list[str]]:
    """The names by the service whose views they are; the case service's where none is named."""
    found: dict[str, list[str]] = {}
    for name in names:
        service = name.partition(".")[0]
        found.setdefault(service if service in SERVICES else CASE, []).append(name)
    return found


def _report(console: Console, rebuilt: "Sequence[Rebuilt]") -> None:
    """What was rebuilt in every service, as one."""
    from shared.eventstore.projection.rebuild import Rebuilt

    done = Rebuilt(
        tuple(view for one in rebuilt for view in one.views),
        sum(one.events for one in rebuilt),
        sum(one.seconds for one in rebuilt),
        sum(one.parked for one in rebuilt),
    )
    if console.as_json:
        console.answer(
            {
                "views": list(done.views),
                "events": done.events,
                "seconds": round(done.seconds, 3),
                "parked": done.parked,
            }
        )
        return
    rate = done.events / done.seconds if done.seconds else 0.0
    console.tell(
        f"rebuilt {', '.join(done.views)} from {done.events:,} events in {done.seconds:.1f} s ({rate:,.0f} a second)",
        f"已重建 {'、'.join(done.views)}：{done.events:,} 个事件，用时 {done.seconds:.1f} 秒（每秒 {rate:,.0f} 个）",
    )
    if done.parked:
        console.tell(
            f"{done.parked} streams could not be applied and are parked. next: quittance parked ls",
            f"{done.parked} 个流无法处理，已搁置。下一步：quittance parked ls",
        )
