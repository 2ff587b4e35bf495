"""`quittance case`: one case, as it stands or as it stood."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main import case_page
from services.main.arguments import just_after, moment
from services.main.options import Json, Store, command, group
from services.main.session import Session

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from shared.eventstore.recorded import Recorded

    Ask = Callable[[CaseService], Coroutine[object, object, dict[str, Any]]]

app = group("case", "One case at a time.")


@app.callback()
def _case() -> None:
    """One case at a time."""


@command(
    app,
    "show",
    "quittance case show TWC-000059",
    "quittance case show case-6f1c0d1e-0000-8000-8000-000000000001 --as-of 2005-07-31",
    "quittance case show TWC-000059 --known-at 2026-11-22T09:00:00+08:00 --json",
)
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A case id, or the reference of an account.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="T", help="What was true then: a date or a time.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="T", help="What we knew then: a date or a time.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """A case and its timeline, judged from the ledger on both clocks.

    For a reference, of an account or of a book's debtor, the newest case that was there by then is shown. A date
    means the end of that day; without --as-of it is today, without --known-at all that is known counts.
    """
    session = Session.begin(store=store, as_json=json)
    language = session.settings.language

    async def work(case: "CaseService") -> dict[str, Any]:
        at = moment(as_of, option="--as-of", zone=case.zone)
        known = moment(known_at, option="--known-at", zone=case.zone)
        return await described(case, name, at=at, known=known, language=language)

    async def of_account(case: "CaseService") -> dict[str, Any]:
        at = moment(as_of, option="--as-of", zone=case.zone)
        known = moment(known_at, option="--known-at", zone=case.zone)
        return await _of_account(case, name, at=at, known=known, language=language)

    said = _shown(session, name, work, of_account)
    if json:
        session.console.answer(said)
    else:
        case_page.show(session.console, said)


def _shown(session: Session, name: str, work: "Ask", of_account: "Ask") -> dict[str, Any]:
    """By the ledger alone where that is enough; a view is asked only for an account whose debtor it does not name."""
    from services.case.application.sheet import CaseUnknown, is_case_id

    try:
        return session.with_case(work, views=False)
    except CaseUnknown:
        if is_case_id(name):
            raise
    return session.with_case(of_account)


async def _of_account(
    case: "CaseService", reference: str, *, at: datetime | None, known: datetime | None, language: str
) -> dict[str, Any]:
    """The newest case by then of those that accounts of this reference are in.

    Raises: CaseUnknown, also where the views know of none.
    """
    from services.case.application.sheet import CaseUnknown
    from services.case.projections import account_cases

    key = account_cases.key_of(case.decisions.account_id("", reference))
    named = await case.projections.ask(
        lambda connection: account_cases.cases_of(connection, key), account_cases.VIEW
    )
    found: list[dict[str, Any]] = []
    for one in named:
        with suppress(CaseUnknown):
            found.append(await described(case, one, at=at, known=known, language=language))
    if not found:
        raise CaseUnknown
    return max(found, key=lambda one: (one.get("opened_on") or "", one["episode"] or 0))


async def described(
    case: "CaseService", name: str, *, at: datetime | None, known: datetime | None, language: str
) -> dict[str, Any]:
    """The case and its timeline as one document; of a case that was erased, that it was there.

    Raises: CaseUnknown.
    """
    from services.case.application.case_shown import document, forgotten
    from services.case.application.sheet import CaseUnknown
    from shared.kernel.clock import day_in

    day = case.decisions.today if at is None else day_in(at, case.zone)
    try:
        seen = await case.clocks.named(name, as_of=day, known_at=known, or_later=at is None)
    except CaseUnknown:
        sheet = await case.cases.sheet(name, effective_before=just_after(at), known_at=known)
        if sheet.opened_on is not None:
            raise
        return forgotten(sheet) | {"timeline": _timeline(sheet.events, language)}
    until = just_after(at)
    told = [one for one in seen.history if until is None or one.effective_at < until]
    return document(seen) | {"timeline": _timeline(told, language)}


def _timeline(events: "Sequence[Recorded[Any]]", language: str) -> list[dict[str, Any]]:
    """What happened, in words, in the order in which it was recorded."""
    from services.case.projections.timeline_words import title, words
    from shared.eventstore.registry import Erased
    from shared.messaging.published import instant

    entries = []
    for seen in events:
        said = None if isinstance(seen.event, Erased) else _stored(seen.event)
        entries.append(
            {
                "version": seen.version,
                "position": seen.position,
                "type": seen.stored_name,
                "effective_at": instant(seen.effective_at),
                "recorded_at": instant(seen.recorded_at),
                "actor": seen.row.actor,
                "policy": seen.row.policy,
                "title": title(seen.row.type, language),
                "text": words(seen.row.type, said, language),
            }
        )
    return entries


def _stored(event: Any) -> dict[str, Any]:
    import msgspec

    from shared.eventstore.registry import ErasedValue

    return {
        name: None if isinstance(value := getattr(event, name), ErasedValue) else msgspec.to_builtins(value)
        for name in event.__struct_fields__
    }
