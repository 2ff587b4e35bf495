"""`quittance legal open|close|reopen|file|place`: a matter as a person at a terminal begins, equips and ends it."""

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import code_of, person
from services.main.arguments import day as day_of
from services.main.commands.legal import app as app
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.legal.application.handle import Handled
    from services.legal.domain.act import AnyCommand
    from services.legal.wiring import LegalService

CLIENT = "quittance-cli"
Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="`case-…`; where the case service keeps its ledger in the same store, also a reference it knows.",
    ),
]
MatterId = Annotated[str, typer.Argument(metavar="MATTER", help="`matter-…`, as `legal open` says it.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who does it, such as user:5b0e.")]
Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, as a code in capitals.")]
On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="The day it happened: YYYY-MM-DD  [default: today]")
]


@command(
    app,
    "open",
    "quittance legal open case-6f1c0d1e-0000-8000-8000-000000000001 --reason BROKEN_PROMISES --by user:lin",
    "quittance legal open TWC-000059 --reason BROKEN_PROMISES --by user:lin --json",
)
def open_(case: Case, reason: Reason, by: By, on: On = None, store: Store = None, json: Json = False) -> None:
    """Take a case up by hand. One that the case service referred opens by itself.

    Exit code 1 where the case has an open matter, or nothing was heard of it.
    """
    from services.legal.domain import commands as c
    from services.legal.domain.facts.matter import MatterOpened

    session, who, why = Session.begin(store=store, as_json=json), person(by), code_of(reason)
    day = _day(on)
    named = case if case.startswith("case-") else _case_of(session, case)

    async def work(legal: "LegalService") -> str:
        before = (await legal.acts.load(_case_id(named))).claims.of_case.matters
        matter = legal.acts.matter_by_hand(named, client=CLIENT, key=f"{len(before)}")
        opened = MatterOpened(
            matter=matter,
            case=named,
            referral=None,
            reason=why,
            on=day or legal.acts.today,
            owed=None,
            by=who,
        )
        await _do(legal, matter, c.OpenMatter(opened=opened), who)
        return matter

    matter = session.with_legal(work)
    if json:
        session.console.answer({"matter": matter, "case": named})
    session.console.tell(f"opened: {matter}", f"已立案管理：{matter}")


@command(
    app, "close", f"quittance legal close matter-6f1c0d1e-0000-8000-8000-{1:012} --outcome PAID --by user:lin"
)
def close(
    matter: MatterId,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="CODE",
            help="PAID, SETTLED, PERFORMED, SATISFIED, WITHDRAWN, LOST, NOT_WORTH_IT, RECALLED, ENTERED_IN_ERROR.",
        ),
    ],
    by: By,
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """End a matter. Proceedings under way are ended by their own steps first; RECALLED and ENTERED_IN_ERROR end them.

    Exit code 1 while something is under way.
    """
    from services.legal.domain import commands as c
    from services.legal.domain.life import OUTCOMES

    who, day = person(by), _day(on)
    _one_of("--outcome", outcome, OUTCOMES)
    _act(
        store, json, matter, who,
        lambda legal: c.CloseMatter(outcome=outcome, on=day or legal.acts.today, by=who),
        ("closed", "已结束"),
    )  # fmt: skip


@command(
    app,
    "reopen",
    f"quittance legal reopen matter-6f1c0d1e-0000-8000-8000-{1:012} --reason PAYMENT_RETURNED --by user:lin",
)
def reopen(
    matter: MatterId, reason: Reason, by: By, on: On = None, store: Store = None, json: Json = False
) -> None:
    """Go on with a matter that was closed: PAYMENT_RETURNED, SETTLEMENT_BROKEN, ASSETS_FOUND, CLOSED_IN_ERROR."""
    from services.legal.domain import commands as c
    from services.legal.domain.life import REOPENINGS

    who, day = person(by), _day(on)
    _one_of("--reason", reason, REOPENINGS)
    _act(
        store, json, matter, who,
        lambda legal: c.ReopenMatter(reason=reason, on=day or legal.acts.today, by=who),
        ("reopened", "已恢复"),
    )  # fmt: skip


@command(
    app,
    "file",
    f"quittance legal file matter-6f1c0d1e-0000-8000-8000-{1:012} mandate.pdf --kind MANDATE --by user:lin",
)
def file(
    matter: MatterId,
    paper: Annotated[Path, typer.Argument(metavar="FILE", help="The paper; only its SHA-256 is kept.")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="CODE",
            help="CONTRACT, STATEMENT, MANDATE, LETTER, DELIVERY_PROOF, COURT_PAPER, ARBITRATION_CLAUSE, RECORDING, "
            "OTHER.",
        ),
    ],
    by: By,
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Put a paper on file by its hash. The paper stays where it is; the same bytes are filed once."""
    from services.legal.domain import commands as c
    from services.legal.domain.facts.matter import DocumentFiled
    from services.legal.domain.recording.papers import KINDS
    from services.legal.domain.thing_ids import DOCUMENT

    who, day, sha256 = person(by), _day(on), _digest(paper)
    _one_of("--kind", kind, KINDS)

    def filed(legal: "LegalService") -> "AnyCommand":
        ref = legal.acts.thing_id(DOCUMENT, matter, client=CLIENT, operation=kind, key=sha256)
        fact = DocumentFiled(
            document=ref,
            kind=kind,
            sha256=sha256,
            on=day or legal.acts.today,
            pages=None,
            location=None,
            by=who,
        )
        return c.Record(fact=fact, by=who)

    _act(store, json, matter, who, filed, ("on file", "已归档"), sha256=sha256)


@command(
    app,
    "place",
    f"quittance legal place matter-6f1c0d1e-0000-8000-8000-{1:012} --firm FIRM-9 --licence 31110000E00017891X "
    "--mandate mandate.pdf --by user:lin",
)
def place(
    matter: MatterId,
    firm: Annotated[str, typer.Option("--firm", metavar="CODE", help="The lender's reference of the firm.")],
    licence: Annotated[str, typer.Option("--licence", metavar="NO", help="Its practising licence.")],
    mandate: Annotated[
        Path, typer.Option("--mandate", metavar="FILE", help="The mandate, filed before with `legal file`.")
    ],
    by: By,
    on: On = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="The mandate ends before that day.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Give a matter to a licensed law firm under a mandate that is on file; one firm at a time."""
    from services.legal.domain import commands as c
    from services.legal.domain.facts.matter import PlacedWithFirm
    from services.legal.domain.thing_ids import PLACEMENT

    who, day, sha256 = person(by), _day(on), _digest(mandate)
    ends = None if until is None else day_of(until, option="--until")
    _spelt("--firm", firm, r"[A-Za-z0-9._:/@+#-]{1,100}")
    _spelt("--licence", licence, r"[0-9A-Z]{8,32}")

    def placed(legal: "LegalService") -> "AnyCommand":
        begins = day or legal.acts.today
        key = f"{firm}|{sha256}|{begins}"
        ref = legal.acts.thing_id(PLACEMENT, matter, client=CLIENT, operation="place", key=key)
        fact = PlacedWithFirm(
            placement=ref, firm=firm, licence=licence, mandate=sha256, on=begins, until=ends, counsel=None
        )
        return c.Record(fact=fact, by=who)

    _act(store, json, matter, who, placed, ("placed", "已委托"), firm=firm)


def _act(
    store: str | None,
    as_json: bool,
    matter: str,
    who: str,
    command_of: Any,
    words: tuple[str, str],
    **said: str,
) -> None:
    """Do it to the matter and say so."""
    session = Session.begin(store=store, as_json=as_json)

    async def work(legal: "LegalService") -> "Handled":
        return await _do(legal, matter, command_of(legal), who)

    done = session.with_legal(work)
    if as_json:
        session.console.answer(
            {"matter": matter, "version": done.version, "recorded": bool(done.events), **said}
        )
    already = not done.events
    session.console.tell(
        f"{words[0]}{' already' if already else ''}: {matter}",
        f"{'此前' if already else ''}{words[1]}：{matter}",
    )


async def _do(legal: "LegalService", about: str, command: "AnyCommand", who: str) -> "Handled":
    """Once for what it says and the version it was seen in: a second call by mistake meets the rules, not a key."""
    from services.legal.application.handle import Meta
    from services.legal.domain.commands import OpenMatter

    seen = 0 if isinstance(command, OpenMatter) else (await legal.acts.load(about)).matter.version
    said = hashlib.sha256(repr(command).encode()).hexdigest()
    return await legal.acts.handle(
        about, command, Meta(actor=who, client=CLIENT, key=f"{about}|{seen}|{said}")
    )


def _case_of(session: Session, name: str) -> str:
    """The case that an account's or debtor's reference names now. Raises Stopped, CaseUnknown."""

    async def work(case: Any) -> str:
        seen = await case.clocks.named(name, as_of=case.decisions.today, or_later=True)
        return str(seen.case_id)

    return session.with_case(work, views=False)


def _case_id(case: str) -> str:
    from services.legal.application.thing_ids import is_about

    if not is_about(case):
        raise WrongUsage(en="CASE is case-… as lists show it", zh="CASE 应为列表所示的 case-…")
    return case


def _day(on: str | None) -> date | None:
    return None if on is None else day_of(on, option="--on")


def _digest(paper: Path) -> str:
    try:
        with paper.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        raise WrongUsage(
            en="the paper cannot be read: there is no such file", zh="无法读取该文件：文件不存在"
        ) from None


def _one_of(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise WrongUsage(en=f"{option} takes: {', '.join(known)}", zh=f"{option} 可用：{'、'.join(known)}")


def _spelt(option: str, value: str, form: str) -> None:
    import re

    if not re.fullmatch(form, value):
        raise WrongUsage(en=f"{option} takes {form}", zh=f"{option} 的格式为 {form}")
