"""`quittance queue done` and `queue skip`: what becomes of a case that was handed out."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.commands.queue import COLLECTOR_DEFAULT, Collector, app, require_collector
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from datetime import datetime

    from services.case.domain.events import CaseSkipped
    from services.case.wiring import CaseService

CLIENT = "cli"
CaseName = Annotated[
    str,
    typer.Argument(metavar="CASE", help="The case you hold: its id, or the reference of an account in it."),
]
REASONS_SHOWN = (
    "DEBTOR_ASKED_LATER, NO_CONTACT_DATA, WAITING_FOR_PAPERS, OUTSIDE_HOURS, SYSTEM_TROUBLE, OTHER_LANGUAGE, "
    "NEEDS_SPECIALIST or CONFLICT_OF_INTEREST."
)


@command(
    app,
    "done",
    "quittance queue done TWC-000059",
    "quittance queue done case-6f1c0d1e-0000-8000-8000-000000000001 --collector user:5b0e --json",
)
def done(
    name: CaseName,
    collector: Collector = COLLECTOR_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Say that the case you hold was worked: it is given back, and nobody is offered it for some hours."""
    session = Session.begin(store=store, as_json=json)
    require_collector(collector)
    case_id, until = session.with_case(lambda case: _complete(case, name, collector))
    rests = _text(until)
    if json:
        session.console.answer({"id": case_id, "collector": collector, "rests_until": rests})
    session.console.tell(
        f"{case_id} was worked; nobody is offered it until {rests}",
        f"{case_id} 已办理；{rests} 前不再派发",
    )


@command(
    app,
    "skip",
    "quittance queue skip TWC-000059 --reason DEBTOR_ASKED_LATER",
    "quittance queue skip TWC-000059 --reason CONFLICT_OF_INTEREST --collector user:5b0e --json",
)
def skip(
    name: CaseName,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help=REASONS_SHOWN)],
    collector: Collector = COLLECTOR_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Pass the case you hold by, for a reason that is recorded on the case; the queue then gives the next one."""
    from services.case.domain.queue import SKIPS

    if reason not in SKIPS:
        raise WrongUsage(
            en=f"--reason is one of: {', '.join(SKIPS)}", zh=f"--reason 应为：{'、'.join(SKIPS)}"
        )
    session = Session.begin(store=store, as_json=json)
    require_collector(collector)
    case_id, said = session.with_case(lambda case: _skip(case, name, collector, reason))
    until = _text(said.until)
    if json:
        session.console.answer(
            {
                "id": case_id,
                "skip": said.skip,
                "reason": said.reason,
                "collector": collector,
                "until": until,
                "everybody": said.everybody,
            }
        )
    from services.case.projections import queue_words

    why = queue_words.skip(reason, session.settings.language)
    session.console.tell(
        f"{case_id} is passed by until {until}, by {'everybody' if said.everybody else collector}: {why}",
        f"{case_id} 在 {until} 前{'不再派发' if said.everybody else f'不再派发给 {collector}'}：{why}",
    )


def _text(at: "datetime") -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


async def _case_id(case: "CaseService", name: str) -> str:
    """The id of a case named by its id or an account's reference. Raises CaseUnknown."""
    return (await case.cases.sheet(name)).case_id


async def _complete(case: "CaseService", name: str, collector: str) -> "tuple[str, datetime]":
    from services.case.projections import queue_lease

    case_id, now = await _case_id(case, name), case.clock.now()
    rest = timedelta(minutes=case.decisions.policy.queue.rest_minutes)
    until = await case.change(
        lambda connection: queue_lease.complete(
            connection, case_id=case_id, collector=collector, now=now, rest=rest
        )
    )
    return case_id, until


async def _skip(case: "CaseService", name: str, collector: str, reason: str) -> "tuple[str, CaseSkipped]":
    """The event first, then the lease ends; a command killed in between leaves a lease that runs out."""
    from services.case.application.handle import Meta
    from services.case.domain.case_commands import SkipCase
    from services.case.domain.events import CaseSkipped
    from services.case.projections import handing_out, queue_lease

    case_id, now, today = await _case_id(case, name), case.clock.now(), case.decisions.today
    held = await case.ask(
        lambda connection: queue_lease.running(connection, case_id=case_id, collector=collector, now=now)
    )
    ref = case.acts.thing_id("skp", case_id=case_id, client=CLIENT, operation="queue skip", key=held.lease)
    ask = SkipCase(ref=ref, on=today, at=now, queue=held.queue, collector=collector, reason=reason)
    meta = Meta(actor=collector, client=CLIENT, key=held.lease, fingerprint=reason.encode(), today=today)
    await case.acts.handle(case_id, ask, meta)
    # From the stream, not from the command: a skip that was recorded before we were killed counts as well.
    history = [seen.event for seen in (await case.acts.load(case_id)).history]
    said = next(event for event in history if isinstance(event, CaseSkipped) and event.skip == ref)
    await case.change(lambda connection: handing_out.pass_by(connection, held, said, now=now))
    return case_id, said
