"""`quittance audit who-read`: who looked at whose personal data. Asking it is on record, too."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import start
from services.main.commands.audit import app as app
from services.main.commands.party import PERSON_DEFAULT, Who, named, reader
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.case.wiring import CaseService

PAGE = 500


@command(
    app,
    "who-read",
    "quittance audit who-read TWC-000059",
    "quittance audit who-read party-6f1c0d1e-0000-8000-8000-000000000003 --from 2026-11-01 --json",
    "quittance audit who-read TWC-000059 --staff 5b0e --purpose CONTACT",
)
def who_read(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CASE|PARTY",
            help="A case, by id or by an account's reference, with all its parties; or a party's id.",
        ),
    ],
    staff: Annotated[str | None, typer.Option("--staff", help="Looks of this person or client only.")] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="CODE", help="Looks for this purpose only.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="T", help="Recorded at or after this date or time.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="T", help="Recorded before this date or time.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=PAGE, help="At most so many.")] = PAGE,
    person: Who = PERSON_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Who looked at a person, or at anybody of a case: when, at which fields, what for. In the order of recording."""
    from shared.kernel.privacy.purposes import PURPOSES

    if purpose is not None and purpose not in PURPOSES:
        raise WrongUsage(
            en=f"--purpose is one of: {', '.join(PURPOSES)}", zh=f"--purpose 应为：{'、'.join(PURPOSES)}"
        )
    session = Session.begin(store=store, as_json=json)
    who = reader(person)

    async def work(case: "CaseService") -> list[dict[str, Any]]:
        from services.case.application.privacy.log import LogBounds, read_log
        from services.case.projections.privacy import access_log

        await case.projections.catch_up()
        parties, of = await named(case, name)
        bounds = LogBounds(
            staff=staff,
            parties=tuple(parties),
            case=of,
            purpose=purpose,
            recorded_from=start(from_, option="--from", zone=case.zone),
            recorded_until=start(until, option="--until", zone=case.zone),
        )
        await read_log(case.privacy, who, bounds)
        which = access_log.AccessFilter(
            staff=staff, parties=bounds.parties, case=of, purpose=purpose, from_=bounds.recorded_from,
            until=bounds.recorded_until,
        )  # fmt: skip
        rows = await case.ask(lambda connection: access_log.looks(connection, which, limit=limit))
        return [row.as_json() for row in rows]

    said = session.with_case(work)
    if json:
        session.console.answer(said)
        return
    _tell(session.console, said)


def _tell(console: Console, looks: list[dict[str, Any]]) -> None:
    headings = console.pick("at staff what purpose fields party", "时间 人员 操作 目的 字段 当事人").split()
    console.table(headings, [_line(one) for one in looks])
    console.tell(
        f"{len(looks):,} looks; this one is on record, too", f"{len(looks):,} 次查看；本次查阅也已留痕"
    )


def _line(one: dict[str, Any]) -> list[str]:
    told = ",".join(one["fields"]) or one["told"]
    said = (one["at"], one["actor"], one["what"], one["purpose"], told, one["party"])
    return [text or "–" for text in said]
