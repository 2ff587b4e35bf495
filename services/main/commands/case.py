"""`quittance case`: one case, as it stands or as it stood."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import just_after, moment
from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session

if TYPE_CHECKING:
    from services.case.application.sheet import Sheet
    from services.case.wiring import CaseService

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
    """A case and its timeline, folded from the ledger on both clocks.

    For an account the newest case that was open by then is shown. A date means the end of that day.
    """
    session = Session.begin(store=store, as_json=json)

    async def work(case: "CaseService") -> "Sheet":
        return await case.cases.sheet(
            name,
            effective_before=just_after(moment(as_of, option="--as-of", zone=case.zone)),
            known_at=moment(known_at, option="--known-at", zone=case.zone),
        )

    sheet = session.with_case(work, views=False)
    said = described(sheet, language=session.settings.language)
    if json:
        session.console.answer(said)
    else:
        print_sheet(session.console, said)


def described(sheet: "Sheet", *, language: str) -> dict[str, Any]:
    """The case and its timeline as one document."""
    from services.case.projections.timeline_words import title, words
    from shared.eventstore.registry import Erased
    from shared.messaging.published import instant

    entries = []
    for seen in sheet.events:
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
    return sheet.as_json() | {"timeline": entries}


def _stored(event: Any) -> dict[str, Any]:
    import msgspec

    from shared.eventstore.registry import ErasedValue

    return {
        name: None if isinstance(value := getattr(event, name), ErasedValue) else msgspec.to_builtins(value)
        for name in event.__struct_fields__
    }


def print_sheet(console: Console, said: dict[str, Any]) -> None:
    """A case for a person."""
    arrears, paid = said["arrears"], said["paid"]

    def amount(value: dict[str, str] | None) -> str:
        return f"{value['amount']} {value['currency']}" if value else "–"

    console.say(f"{said['id']}")
    lifecycle = console.pick(said["lifecycle"], {"open": "未结", "closed": "已结"}[said["lifecycle"]])
    console.tell(
        f"  {lifecycle}, episode {said['episode']} of {said['debtor_ref'] or '(erased)'}, stage {said['stage']}, "
        f"{said['days_past_due']} days past due as of {said['as_of']}",
        f"  {lifecycle}，{said['debtor_ref'] or '（已删除）'} 的第 {said['episode']} 次案件，阶段 {said['stage']}，"
        f"截至 {said['as_of']} 逾期 {said['days_past_due']} 天",
    )
    console.tell(
        f"  arrears {amount(arrears)}; {said['payments']} payments received, {amount(paid)}",
        f"  拖欠 {amount(arrears)}；收到还款 {said['payments']} 笔，共 {amount(paid)}",
    )
    if said["lifecycle"] == "closed":
        console.tell(
            f"  closed on {said['closed_on']}: {said['reason']}",
            f"  {said['closed_on']} 结案：{said['reason']}",
        )
    console.say()
    for entry in said["timeline"]:
        console.say(f"  {entry['version']:>3}  {entry['title']}: {entry['text']}")
