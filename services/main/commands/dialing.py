"""`quittance contact dial-list`, `dial-lists`, `dial-results`: a list for the dialer, and what it hands back."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main import arguments
from services.main.commands.contact import app as app
from services.main.commands.letters import rejecting, tell_taken
from services.main.console import Console
from services.main.file_arguments import Rejects, rejects_path
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage
from shared.kernel import ids

if TYPE_CHECKING:
    from services.contact.application.dialing.lists import Wanted
    from services.contact.application.handed_in import TakenIn
    from services.contact.domain.facts.dialing import DialListMade
    from services.contact.wiring import ContactService

STAGES = ("M0", "M1", "M2", "M3", "M4+")
LISTS_MAX = 500
At = Annotated[
    str | None,
    typer.Option("--at", metavar="T", help="Decide for this second instead of now.", show_default=False),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at", metavar="T", help="By what was known then  [default: --at]", show_default=False
    ),
]
_SOURCE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


@command(
    app,
    "dial-list",
    "quittance contact dial-list --out list.csv",
    "quittance contact dial-list --of cases --stage M1 --stage M2 --limit 200 --out list.csv",
    "quittance contact dial-list --of cases --at 2026-11-23T10:00:00+08:00 --out list.csv --json",
    "quittance contact dial-list --again dls_0123456789abcdef01234567 --out list.csv",
)
def dial_list(
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help="The dialer's file: CSV, with numbers in clear.", show_default=False
        ),
    ],
    of: Annotated[
        str,
        typer.Option("--of", metavar="WHOM", help="tasks: calls that outreach asks for; cases: open cases."),
    ] = "tasks",
    stage: Annotated[
        list[str] | None,
        typer.Option("--stage", metavar="STAGE", help="Only cases in this stage; may be said again."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1_000, help="Lines at most.")
    ] = 1_000,
    at: At = None,
    known_at: KnownAt = None,
    again: Annotated[
        str | None,
        typer.Option(
            "--again", metavar="LIST", help="Write a list that was made before.", show_default=False
        ),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who asks.")] = "user:local",
    store: Store = None,
    json: Json = False,
) -> None:
    """Who may be called, decided one by one, as a file for the dialer.

    For now: a permit is reserved for every line, for minutes, and holds its place in every cap. With --at nothing is
    reserved, and the same second gives the same list for ever. The numbers stand in this file and nowhere else.
    """
    session = Session.begin(store=store, as_json=json)
    wanted = _wanted(session, of=of, stages=stage or [], limit=limit, at=at, known_at=known_at)
    if out.is_dir():
        raise IsADirectoryError(21, "is a folder", str(out))
    if not out.absolute().parent.is_dir():  # said before permits are reserved for lines that nobody would get
        raise FileNotFoundError(2, "is not there", str(out.parent))

    async def work(service: "ContactService") -> tuple["DialListMade", int]:
        from services.contact.adapters.dialing.list_csv import write_list

        lists = service.dialing.lists
        if again is not None:
            made = await lists.list(again)
        else:
            made = await lists.make(wanted, by=by, key=ids.new_token())
        numbers = await lists.numbers(made, by=by)
        write_list(out, made, numbers)
        return made, sum(number is not None for number in numbers)

    made, written = session.with_contact(work)
    _tell_list(session.console, made, written, out)


def _wanted(
    session: Session, *, of: str, stages: list[str], limit: int, at: str | None, known_at: str | None
) -> "Wanted":
    from services.contact.application.dialing.lists import SOURCES, Wanted

    if of.upper() not in SOURCES:
        raise WrongUsage(en="--of takes tasks or cases", zh="--of 只能取 tasks 或 cases")
    if set(stages) - set(STAGES):
        raise WrongUsage(
            en=f"--stage takes one of {', '.join(STAGES)}", zh=f"--stage 只能取 {'、'.join(STAGES)}"
        )
    if known_at is not None and at is None:
        raise WrongUsage(en="--known-at goes with --at", zh="--known-at 须与 --at 一起使用")
    zone = session.contact_settings.zone
    return Wanted(
        source=of.upper(),
        stages=tuple(sorted(set(stages))),
        limit=limit,
        at=arguments.start(at, option="--at", zone=zone),
        known_at=arguments.moment(known_at, option="--known-at", zone=zone),
    )


def _tell_list(console: Console, made: "DialListMade", written: int, out: Path) -> None:
    if console.as_json:
        console.answer(
            {
                "list": made.list,
                "at": made.at.isoformat(),
                "known_at": made.known_at.isoformat(),
                "asked": made.asked,
                "lines": len(made.lines),
                "written": written,
                "reserved": made.reserved,
                "content": made.content,
                "file": str(out),
            }
        )
        return
    console.tell(
        f"list {made.list}: {len(made.lines):,} of {made.asked:,} may be called, in {out}",
        f"名单 {made.list}：{made.asked:,} 人中可呼叫 {len(made.lines):,} 人，文件 {out}",
    )
    if written < len(made.lines):
        console.tell(
            f"{len(made.lines) - written:,} numbers were forgotten since and are left out",
            f"{len(made.lines) - written:,} 个号码已被清除，未写入",
        )
    if made.reserved and made.lines:
        until = min(line.until for line in made.lines)
        console.tell(
            f"the permits hold until {until.isoformat(timespec='seconds')} at the earliest; what is called later needs "
            "a permit of its own",
            f"许可最早于 {until.isoformat(timespec='seconds')} 失效；之后的呼叫须另行申请许可",
        )


@command(app, "dial-lists", "quittance contact dial-lists", "quittance contact dial-lists --limit 5 --json")
def dial_lists(
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=LISTS_MAX, help="Lists shown.")
    ] = 20,
    store: Store = None,
    json: Json = False,
) -> None:
    """The dial lists that were made, by the second they are for, the latest first."""
    from services.contact.projections.dialing import lists as view

    session = Session.begin(store=store, as_json=json)

    async def work(service: "ContactService") -> list[Any]:
        await service.projections.catch_up(view.VIEW)
        return await service.ask(lambda connection: view.page(connection, limit=limit))

    rows, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer([row.as_json() for row in rows])
        return
    console.table(
        console.pick("list for of asked lines reserved", "名单 时刻 来源 审查 可呼叫 预留").split(),
        [
            (
                row.thing,
                row.at.isoformat(timespec="seconds"),
                row.source,
                row.asked,
                row.lines,
                console.pick("yes", "是") if row.reserved else console.pick("no", "否"),
            )
            for row in rows
        ],
        right=(3, 4),
    )


@command(
    app,
    "dial-results",
    "quittance contact dial-results results.csv --source DIALER",
    "quittance contact dial-results results.csv --source DIALER --mapping dialer.toml --json",
)
def dial_results(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with a header: source_ref, at, outcome, and permit or list and line", metavar="FILE"
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            "--source", metavar="CODE", help="Which dialer: a code in capitals.", show_default=False
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="MAP",
            help="The dialer's own columns and codes, as TOML.",
            show_default=False,
        ),
    ] = None,
    rejects: Rejects = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Take in what came of calls: each an attempt under the dialer's own reference, late, twice or in any order.

    A call that no permit covered is taken and flagged. Another outcome for the same reference corrects the first.
    Exit code 1 if a line was rejected; all others are taken.
    """
    from services.contact.adapters.dialing.result_file import dialer_mapping, read_results
    from services.contact.application.dialing.taking_in import take_in

    if not _SOURCE.fullmatch(source):
        raise WrongUsage(
            en="--source takes a code in capitals, such as DIALER", zh="--source 应为大写代码，例如 DIALER"
        )
    session = Session.begin(store=store, as_json=json)
    to = rejects_path(file, rejects, mapping=mapping, en="result file or its mapping", zh="结果文件或其映射")
    codes = dialer_mapping(mapping)

    async def work(service: "ContactService") -> "TakenIn":
        with rejecting(to) as reject:
            return await take_in(
                read_results(file, codes),
                results=service.dialing.results,
                source=source,
                actor="system:dialer",
                reject=reject,
            )

    tell_taken(session.console, session.with_contact(work), rejects=to)
