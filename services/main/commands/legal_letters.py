"""`quittance legal letter …`: a lawyer's letter from the request to the firm's signature, and its PDF."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import code_of, person
from services.main.arguments import day as day_of
from services.main.commands.letter_steps import (
    CLIENT,
    LTR,
    MATTER,
    SHA,
    By,
    LetterId,
    On,
    Reason,
    Sha,
    digest_of,
    meta_of,
    named_value,
    take,
    take_simple,
)
from services.main.commands.letter_steps import app as app
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.legal.domain.facts.letter import LetterStep
    from services.legal.wiring import LegalService


@command(app, "templates", "quittance legal letter templates", "quittance legal letter templates --json")
def templates(store: Store = None, json: Json = False) -> None:
    """The texts of this release, what each does at law, and the values it wants. Nothing is read from a store."""
    from services.legal.adapters.letters.template_files import shipped_letters
    from services.legal.application.letters.texts import LetterTexts, shown

    session = Session.begin(store=store, as_json=json)
    found = [shown(one) for one in LetterTexts(shipped_letters).all()]
    if json:
        session.console.answer(found)
    for one in found:
        line = (
            f"{one['template']} v{one['version']}: {one['kind']}, {one['audience']}, {one['answer_days']} d"
        )
        values = ", ".join(value["name"] for value in one["values"])
        session.console.tell(f"{line}; values: {values}", f"{line}；取值：{values}")


@command(
    app,
    "request",
    f"quittance legal letter request {MATTER} --template demand --by user:lin",
    f"quittance legal letter request {MATTER} --template guarantor-demand --person prs_{'7' * 32} --by user:lin --json",
)
def request(
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="`matter-…`, as `legal open` says it.")],
    template: Annotated[str, typer.Option("--template", metavar="NAME", help="As `templates` lists it.")],
    by: By,
    language: Annotated[str, typer.Option("--language", metavar="TAG", help="zh-CN or en.")] = "zh-CN",
    to: Annotated[
        str | None, typer.Option("--person", metavar="PERSON", help="`prs_…`  [default: the debtor]")
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role", metavar="ROLE", help="[default: DEBTOR, or GUARANTOR for a guarantor's letter]"
        ),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Ask for a letter to the debtor, or to whoever else owes or guarantees. Nothing is sent."""
    from services.legal.domain import commands as c
    from services.legal.domain.facts import letter as f
    from services.legal.domain.parties import ROLES
    from services.legal.domain.thing_ids import LETTER, STEP

    session, who = Session.begin(store=store, as_json=json), person(by)
    as_role = role or ("GUARANTOR" if template.startswith("guarantor") else "DEBTOR")
    if as_role not in ROLES:
        raise WrongUsage(en=f"--role takes: {', '.join(ROLES)}", zh=f"--role 可用：{'、'.join(ROLES)}")

    async def work(service: "LegalService") -> str:
        acts = service.acts
        known = (await acts.load(matter)).matter
        key = f"{matter}|{known.version}"
        service.letters.drafting.requested(template, language, as_role, on=acts.today)
        letter = acts.thing_id(LETTER, matter, client=CLIENT, operation="letter", key=key)
        wanted = f.LetterRequested(
            track=letter, step=acts.thing_id(STEP, matter, client=CLIENT, operation="letter", key=key),
            on=acts.today, person=to, role=as_role, template=template, language=language, by=who,
        )  # fmt: skip
        await acts.handle(matter, c.TakeStep(step=wanted, by=who), meta_of(who, key))
        return letter

    letter = session.with_legal(work)
    if json:
        session.console.answer({"letter": letter, "matter": matter})
    session.console.tell(f"asked for: {letter}", f"已申请：{letter}")


@command(
    app,
    "draft",
    f"quittance legal letter draft {LTR} --value institution='Example Bank' --value lawyer='Chen Jing' --by user:lin",
    f"quittance legal letter draft {LTR} --as-of 2026-11-20 --value firm_phone=021-95588 --by user:lin --json",
)
def draft(
    letter: LetterId,
    by: By,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--value", metavar="NAME=VALUE", help="As the template wants it (`templates`); once for each."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DAY", help="The balance at the end of it  [default: today]"),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Draft it from the case's balance, and say the PDF's hash. Drafted anew, the later draft counts.

    Exit code 1 where the law forbids it: on an expired claim only a text that says so is drafted.
    """
    from services.legal.application.letters.drafting import Wanted

    values = dict(map(named_value, value or []))
    day = None if as_of is None else day_of(as_of, option="--as-of")

    async def drafted(service: "LegalService", step: str, who: str, on: date) -> "LetterStep":
        wanted = Wanted(as_of=day or on, values=values)
        return await service.letters.drafting.draft(letter, wanted, service.case_file, step=step, by=who)

    take(store, json, letter, by, drafted, ("drafted", "已起草"), reach=True)


@command(app, "return", f"quittance legal letter return {LTR} --reason AMOUNT --by user:zhao")
def return_(letter: LetterId, reason: Reason, by: By, store: Store = None, json: Json = False) -> None:
    """Send a draft back to be changed."""
    why = code_of(reason)
    take_simple(
        store,
        json,
        letter,
        by,
        None,
        "LetterReturned",
        ("returned", "已退回"),
        reason=why,
        remark=None,
        by_=True,
    )


@command(app, "approve", f"quittance legal letter approve {LTR} --sha256 {SHA} --by user:zhao")
def approve(letter: LetterId, sha256: Sha, by: By, store: Store = None, json: Json = False) -> None:
    """Approve the draft with this hash, as somebody else than who drafted it. Read it first: `legal letter pdf`."""
    take_simple(
        store,
        json,
        letter,
        by,
        None,
        "LetterApproved",
        ("approved", "已审批"),
        sha256=digest_of(sha256),
        by_=True,
    )


@command(
    app,
    "sign",
    f"quittance legal letter sign {LTR} --sha256 {SHA} --seal {SHA} --firm FIRM-9 --lawyer lawyer:chen --by user:lin",
)
def sign(
    letter: LetterId,
    sha256: Sha,
    seal: Annotated[str, typer.Option("--seal", metavar="HEX", help="The SHA-256 of the firm's signature.")],
    firm: Annotated[str, typer.Option("--firm", metavar="FIRM", help="The firm that has the matter.")],
    lawyer: Annotated[str, typer.Option("--lawyer", metavar="WHO", help="Who signed.")],
    by: By,
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Record that the firm that has the matter has signed the draft with this hash."""
    from services.legal.application.thing_ids import matter_of
    from services.legal.domain.facts.letter import LetterSigned
    from services.legal.domain.letters.firm import require_some_firm

    async def signed(service: "LegalService", step: str, who: str, day: date) -> "LetterStep":
        matter = (await service.acts.load(str(matter_of("ltr", letter)))).matter
        return LetterSigned(
            track=letter, step=step, on=day, placement=require_some_firm(matter, day).placement, firm=firm,
            sha256=digest_of(sha256), seal=digest_of(seal), lawyer=lawyer,
        )  # fmt: skip

    take(store, json, letter, by, signed, ("signed", "已签署"), on=on)


@command(
    app,
    "pdf",
    f"quittance legal letter pdf {LTR} --out letter.pdf",
    f"quittance legal letter pdf {LTR} --out letter.pdf --json",
)
def pdf(
    letter: LetterId,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where the PDF goes; never over another file.")
    ],
    store: Store = None,
    json: Json = False,
) -> None:
    """Make the letter's PDF again, the same bytes as were drafted, and compare its hash with the one on record."""
    session = Session.begin(store=store, as_json=json)

    async def work(service: "LegalService") -> Any:
        return await service.letters.dispatching.pdf(letter)

    made = session.with_legal(work)
    try:
        with out.open("xb") as file:
            file.write(made.pdf)
    except OSError:
        raise WrongUsage(
            en=f"{out} cannot be written, or is there already", zh=f"无法写入 {out}，或该文件已存在"
        ) from None
    if json:
        session.console.answer(
            {"letter": letter, "out": str(out), "sha256": made.sha256, "pages": made.pages}
        )
    session.console.tell(
        f"{out}: {made.pages} page(s), sha256 {made.sha256}", f"{out}：{made.pages} 页，sha256 {made.sha256}"
    )
