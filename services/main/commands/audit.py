"""`quittance audit`: who did what and when, and whether the ledger still says what was written."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import just_after, moment, start
from services.main.console import Console, compact
from services.main.options import Json, Service, Store, command, group
from services.main.session import CONTACT, LEGAL, Session
from services.main.usage import Exit, WrongUsage
from shared.kernel.clock import day_in

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from services.main.session import AnyService
    from shared.eventstore.projection.audit_trail import AuditFilter, AuditRecord, AuditTrail
    from shared.eventstore.verify import Report

app = group("audit", "The audit trail, and the proof that it was not altered.")

PAGE = 1_000
EffectiveFrom = Annotated[
    str | None,
    typer.Option("--effective-from", metavar="T", help="Happened at or after this date or time."),
]
EffectiveUntil = Annotated[
    str | None, typer.Option("--effective-until", metavar="T", help="Happened before this date or time.")
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at", metavar="T", help="Only what was known then: recorded up to this date or time."
    ),
]
Cursor = tuple[datetime, int, int]


@command(
    app,
    "list",
    "quittance audit list --case TWC-000059",
    "quittance audit list --type CaseOpened --from 2026-11-01 --until 2026-12-01 --json",
    "quittance audit list --debtor TWC-000059 --limit 20",
    "quittance audit list --effective-from 2005-08-01 --effective-until 2005-09-01 --known-at 2026-11-22",
    "quittance audit list --service contact --type ContactRefused",
    "quittance audit list --service legal --case TWC-000059",
)
def list_(
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="ID", help="A case id, or an account's reference: its newest case."),
    ] = None,
    debtor: Annotated[
        str | None,
        typer.Option("--debtor", metavar="REF", help="Everything about this debtor of the lender's."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who did it, such as system:import.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="A stored type: CaseOpened or case.CaseOpened.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="T", help="Recorded at or after this date or time.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="T", help="Recorded before this date or time.")
    ] = None,
    effective_from: EffectiveFrom = None,
    effective_until: EffectiveUntil = None,
    known_at: KnownAt = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many; all if left out.")
    ] = None,
    name: Service = "case",
    store: Store = None,
    json: Json = False,
) -> None:
    """Every event: who, what, when in both times, under which policy, caused by what.

    In the order of recording. All filters given must hold. A date begins and ends in the zone of the policy.
    """
    session = Session.begin(store=store, as_json=json)
    console = session.console

    _kept_by(name, case=case, debtor=debtor)
    at_law = _case_at_law(session, case) if name == LEGAL else None

    async def work(service: "AnyService") -> int:
        from shared.eventstore.projection.audit_trail import AuditFilter

        which = AuditFilter(
            stream=await _case_id(service, case),
            streams=None if at_law is None else await _streams_at_law(service, at_law),
            subjects=None if debtor is None else await _subjects(service, debtor),
            actor=actor,
            type=type_,
            from_=start(from_, option="--from", zone=service.zone),
            until=_earlier(
                start(until, option="--until", zone=service.zone),
                just_after(moment(known_at, option="--known-at", zone=service.zone)),
            ),
            effective_from=start(effective_from, option="--effective-from", zone=service.zone),
            effective_until=start(effective_until, option="--effective-until", zone=service.zone),
        )
        return await _listed(service, console, which, limit)

    shown = session.with_service(name, work)
    console.tell(f"{shown:,} records", f"{shown:,} 条记录")


def _kept_by(name: str, *, case: str | None, debtor: str | None) -> None:
    """Raises WrongUsage where a case is asked of a trail that is kept by debtor, or a debtor of one kept by case."""
    if name == CONTACT and case is not None:
        raise WrongUsage(
            en="a contact's record is kept by debtor: --debtor, not --case",
            zh="联系记录按债务人保存：请用 --debtor，不用 --case",
        )
    if name == LEGAL and debtor is not None:
        raise WrongUsage(
            en="the legal service knows cases and no debtor's reference: --case, not --debtor",
            zh="法务记录按案件保存：请用 --case，不用 --debtor",
        )


def _case_at_law(session: Session, case: str | None) -> str | None:
    from services.main.commands.legal_limitation import case_of

    return case if case is None or case.startswith("case-") else case_of(session, case)


async def _streams_at_law(service: "AnyService", case: str) -> tuple[str, ...]:
    """What bears on the case's limitation, and its matters."""
    from services.legal.wiring import LegalService

    assert isinstance(service, LegalService)
    claims, _ = await service.acts.shelf.claims(case)
    return (f"proofs-{case.removeprefix('case-')}", *claims.of_case.matters)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The end that comes first; None where neither range ends."""
    return min((at for at in (one, other) if at is not None), default=None)


async def _case_id(service: "AnyService", case: str | None) -> str | None:
    from services.case.wiring import CaseService

    if case is None or not isinstance(service, CaseService):
        return None
    return (await service.cases.sheet(case)).case_id


async def _subjects(service: "AnyService", debtor: str) -> "tuple[Any, ...]":
    """The uuids that stand for a reference; none if the map does not hold it (any more)."""
    from services.contact.wiring import ContactService

    # Contact knows the debtor by the subject's id, which only the index key makes of the reference.
    ref = service.acts.subject_id(debtor) if isinstance(service, ContactService) else debtor
    subject = await service.ledger.people.find(service.tenant, ref)
    return () if subject is None else (subject,)


def _trail(service: "AnyService") -> "AuditTrail":
    from services.case.projections import audit_trail as of_case
    from services.contact.projections import audit_trail as of_contact
    from services.contact.wiring import ContactService
    from services.legal.projections import audit_trail as of_legal
    from services.legal.wiring import LegalService

    if isinstance(service, LegalService):
        return of_legal.TRAIL
    return of_contact.TRAIL if isinstance(service, ContactService) else of_case.TRAIL


async def _listed(service: "AnyService", console: Console, which: "AuditFilter", limit: int | None) -> int:
    """Print the records page by page; with --json they are one array, written as it grows."""
    trail = _trail(service)
    await service.projections.catch_up(trail.view)
    after: Cursor | None = None
    shown = 0
    if console.as_json:
        print("[", end="")
    while limit is None or shown < limit:
        size = PAGE if limit is None else min(PAGE, limit - shown)
        page = await service.ask(_page(trail, which, after, size))
        for record in page:
            _print(console, record, first=shown == 0, zone=service.zone)
            shown += 1
        if len(page) < size:
            break
        after = page[-1].cursor
    if console.as_json:
        print("]")
    return shown


def _page(
    trail: "AuditTrail", which: "AuditFilter", after: Cursor | None, size: int
) -> "Callable[[Connection], list[AuditRecord]]":
    return lambda connection: trail.records(connection, which, after=after, limit=size)


def _print(console: Console, record: "AuditRecord", *, first: bool, zone: str) -> None:
    """One record; people are shown the day it took effect where the lender's dates are read."""
    said = record.as_json()
    if console.as_json:
        print(("" if first else ",") + compact(said), end="")
        return
    console.say(
        f"{record.position:>8}  {said['recorded_at']}  {day_in(record.effective_at, zone)}  {said['actor']:<16} "
        f"{said['type']:<28} {said['stream']} v{said['version']}  {said['policy'] or '–'}"
    )


@command(app, "verify", "quittance audit verify", "quittance audit verify --json")
def verify(store: Store = None, json: Json = False) -> None:
    """Recompute every leaf, commitment, stream chain and position of every service; name what does not hold.

    Exit code 5 if there is one. What this cannot show is a rewrite of the whole store by somebody who has the keys.
    """
    session = Session.begin(store=store, as_json=json)
    console = session.console
    line = console.progress()

    def show(checked: int, total: int) -> None:
        share = 100 * checked // max(total, 1)
        line.show(
            console.pick(
                f"{share:3d} %  {checked:,} of {total:,} events",
                f"{share:3d} %  {checked:,} / {total:,} 事件",
            ),
            last=checked >= total,
        )

    async def work(service: "AnyService") -> "Report":
        from shared.eventstore.verify import verify as verified

        return await verified(service.ledger, tenant=service.tenant, progress=show)

    reports = session.with_each(work, views=False)
    _tell(console, reports)
    if any(report.found for report in reports.values()):
        raise typer.Exit(Exit.VERIFICATION_FAILED)


def _tell(console: Console, reports: "dict[str, Report]") -> None:
    """What was found in the ledger of each service, as one."""
    from shared.eventstore.proving import RULES

    said = [
        {
            "service": service,
            "lane": problem.lane,
            "position": problem.position,
            "stream": problem.stream,
            "version": problem.version,
            "type": problem.type,
            "code": problem.code,
            "says": console.pick(*RULES[problem.code]),
        }
        for service, report in reports.items()
        for problem in report.problems
    ]
    found = sum(report.found for report in reports.values())
    if console.as_json:
        console.answer(
            {
                "valid": not found,
                "services": list(reports),
                "lanes": sum(report.lanes for report in reports.values()),
                "checked": sum(report.checked for report in reports.values()),
                "sections": sum(report.sections for report in reports.values()),
                "found": found,
                "problems": said,
            }
        )
        return
    for service, report in reports.items():
        console.tell(
            f"{service}: {report.checked:,} events in {report.lanes} lane(s), {report.sections:,} sections opened",
            f"{service}：{report.lanes} 条通道，{report.checked:,} 个事件，打开 {report.sections:,} 个分节",
        )
    for one in said:
        console.tell(
            f"NOT VALID  {one['service']} lane {one['lane']} position {one['position']}  {one['type'] or '?'}  "
            f"{one['stream']} v{one['version']}: {one['says']} ({one['code']})",
            f"无效  {one['service']} 通道 {one['lane']} 位置 {one['position']}  {one['type'] or '?'}  "
            f"{one['stream']} v{one['version']}：{one['says']}（{one['code']}）",
        )
    if found:
        console.tell(f"{found:,} problems", f"共 {found:,} 处问题")
    else:
        console.tell("VALID", "有效")
