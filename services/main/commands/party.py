"""`quittance party`: people, masked; and in clear for a purpose. Every look is on record before it is answered.

What is looked for is read from standard input and never from the command line, which others on the machine can see.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.commands.token import PERSON
from services.main.console import Console
from services.main.options import Json, Store, command, group
from services.main.session import Session
from services.main.usage import Stopped, WrongUsage

if TYPE_CHECKING:
    from services.case.application.privacy.access import Reader
    from services.case.wiring import CaseService

app = group("party", "People: found and shown masked, revealed for a purpose; every look is on record.")

CLIENT = "cli"
PERSON_DEFAULT = "local"
BY = {
    "phone": "PHONE",
    "identity-no": "IDENTITY_NO",
    "email": "EMAIL",
    "name": "NAME",
    "reference": "PARTY_REF",
    "account": "ACCOUNT_REF",
}
Who = Annotated[str, typer.Option("--person", metavar="ID", help="Who looks, by their staff id.")]
Purpose = Annotated[
    str,
    typer.Option(
        "--purpose",
        metavar="CODE",
        help="COLLECTION, CONTACT, IDENTITY_CHECK, PAYMENT_MATCH, DISPUTE, COMPLAINT, LEGAL, PERSON_ASKED, "
        "CORRECTION or AUDIT.",
    ),
]


def reader(person: str) -> "Reader":
    """Who looks, as the ledger names it. Raises WrongUsage."""
    from services.case.application.privacy.access import Reader

    if not PERSON.fullmatch(person):
        raise WrongUsage(
            en="--person takes a staff id: letters, digits and ._:-, 64 at most; it is written into the ledger",
            zh="--person 应为员工编号：仅限字母、数字和 ._:-，最多 64 个字符；它会写入账本",
        )
    return Reader(f"{CLIENT}/{person}")


def _typed_value(console: Console) -> str:
    """The value to look for: the first line of standard input, asked for on a terminal. Raises WrongUsage."""
    if sys.stdin.isatty():
        console.note("whom to look for (not kept, not shown again):", "要查找的内容（不保存，不再显示）：")
    value = sys.stdin.readline(1_000).strip()
    if not value:
        raise WrongUsage(
            en="say whom to look for on standard input: … | quittance party find --by phone",
            zh="请从标准输入提供要查找的内容：… | quittance party find --by phone",
        )
    return value


@command(
    app,
    "find",
    "quittance party find --by phone --purpose PAYMENT_MATCH",
    "quittance party find --by name --purpose CONTACT --person user:5b0e --json",
)
def find(
    by: Annotated[
        str,
        typer.Option("--by", metavar="KIND", help="phone, identity-no, email, name, reference or account."),
    ],
    purpose: Purpose = "COLLECTION",
    person: Who = PERSON_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """Find people by what is typed on standard input, in any usual spelling; they are shown masked."""
    if by not in BY:
        raise WrongUsage(en=f"--by is one of: {', '.join(BY)}", zh=f"--by 应为：{'、'.join(BY)}")
    session = Session.begin(store=store, as_json=json)
    who, value = reader(person), _typed_value(session.console)

    async def work(case: "CaseService") -> dict[str, Any]:
        from services.case.application.privacy.access import SEARCH
        from services.case.application.privacy.party_shown import document

        await case.projections.catch_up()
        index = case.privacy.finder.index(BY[by], value)
        if index is None:
            raise WrongUsage(en="there is nothing in it to look for", zh="其中没有可查找的内容")
        own = case.ledger.command_id(who.actor, "find", case.privacy.new_key(), tenant=case.tenant)
        look = await case.privacy.take(
            who,
            SEARCH,
            lambda: case.privacy.search(who, kind=BY[by], index=index, purpose=purpose, own=own),
        )
        sheets, roles = await case.privacy.sheets(look.parties), await case.privacy.finder.roles(look.parties)
        found = [
            document(sheets[party], roles[party]) | {"former": party in look.former} for party in look.parties
        ]
        return {"parties": found, "more": look.more}

    said = session.with_case(work)
    _tell(session.console, said["parties"])
    if said["more"]:
        session.console.tell("there are others", "还有其他符合者")
    if json:
        session.console.answer(said)


@command(
    app,
    "show",
    "quittance party show TWC-000059",
    "quittance party show party-6f1c0d1e-0000-8000-8000-000000000003 --purpose DISPUTE --json",
)
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="PARTY|CASE",
            help="A party's id; or a case, by id or by an account's reference: all its parties.",
        ),
    ],
    purpose: Purpose = "COLLECTION",
    person: Who = PERSON_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """A party, or the parties of a case, masked."""
    session = Session.begin(store=store, as_json=json)
    who = reader(person)

    async def work(case: "CaseService") -> list[dict[str, Any]]:
        from services.case.application.privacy.access import OF_CASE, OF_PARTY
        from services.case.application.privacy.party_shown import document

        await case.projections.catch_up()
        parties, of = await named(case, name)
        way = OF_PARTY if of is None else OF_CASE
        sheets = await case.privacy.show(who, parties, purpose=purpose, case=of, way=way)
        if of is None and not sheets:
            raise unknown()
        roles = await case.privacy.finder.roles([sheet.party for sheet in sheets])
        return [document(sheet, roles[sheet.party]) for sheet in sheets]

    said = session.with_case(work)
    if json:
        session.console.answer(said)
    _tell(session.console, said)


@command(
    app,
    "reveal",
    "quittance party reveal party-6f1c0d1e-0000-8000-8000-000000000003 --field PHONE --purpose CONTACT",
    "quittance party reveal party-6f1c0d1e-0000-8000-8000-000000000003 --field NAME --field ADDRESS "
    "--purpose LEGAL --case TWC-000059 --person user:5b0e",
)
def reveal(
    party: Annotated[str, typer.Argument(metavar="PARTY", help="A party's id.")],
    field: Annotated[
        list[str],
        typer.Option(
            "--field",
            help="NAME, IDENTITY_NO, BIRTH_ON, PHONE, EMAIL, ADDRESS or WECHAT; repeat it for more.",
        ),
    ],
    purpose: Purpose,
    of: Annotated[
        str | None,
        typer.Option("--case", metavar="ID", help="For which case: its id, or an account's reference."),
    ] = None,
    person: Who = PERSON_DEFAULT,
    store: Store = None,
    json: Json = False,
) -> None:
    """See fields of a party in clear. How often a person may is limited by the policy."""
    from services.case.domain.privacy.party_sheet import FIELDS

    fields = tuple(name for name in FIELDS if name in field)
    if len(fields) < len(field):
        raise WrongUsage(
            en=f"--field is one of, each once: {', '.join(FIELDS)}",
            zh=f"--field 应为（各一次）：{'、'.join(FIELDS)}",
        )
    session = Session.begin(store=store, as_json=json)
    who = reader(person)

    async def work(case: "CaseService") -> dict[str, Any]:
        from services.case.application.privacy.access import REVEAL, PartyUnknown

        await case.projections.catch_up()
        about = None if of is None else await case_named(case, of)
        try:
            look = await case.privacy.take(
                who,
                REVEAL,
                lambda: case.privacy.reveal(who, party=party, fields=fields, purpose=purpose, case=about),
            )
        except PartyUnknown:
            raise unknown() from None
        data = (await case.privacy.sheets([party]))[party].revealed(fields)
        until = look.until.isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"party": party, "purpose": purpose, "case": about, "data": data, "until": until}

    said = session.with_case(work)
    if json:
        session.console.answer(said)
    for name, values in said["data"].items():
        session.console.say(f"{name:<12} {'  '.join(values) or '–'}")
    session.console.tell(
        f"on record; not to be kept after {said['until']}", f"已留痕；{said['until']} 后不得保留"
    )


async def named(case: "CaseService", name: str) -> tuple[list[str], str | None]:
    """The party of this id; or the parties of a case, and its id. Raises CaseUnknown."""
    if name.startswith("party-"):
        return [name], None
    of = await case_named(case, name)
    return await case.privacy.finder.in_case(of), of


async def case_named(case: "CaseService", name: str) -> str:
    """The case of this id; or the newest of the debtor, or the account, with this reference. Raises CaseUnknown."""
    from services.case.application.sheet import CaseUnknown
    from services.case.projections import account_cases, case_list

    try:
        return (await case.cases.sheet(name)).case_id
    except CaseUnknown:
        account = case.ledger.stream_id("account", name, debtor_ref=name, tenant=case.tenant)
        ids = await case.ask(
            lambda connection: account_cases.cases_of(connection, account_cases.key_of(account))
        )
        rows = await case.ask(lambda connection: case_list.some(connection, ids))
        if not rows:
            raise
        return max(rows.values(), key=lambda row: (row.opened_on, row.case_id)).case_id


def unknown() -> Stopped:
    """There is no such party."""
    return Stopped(
        en="there is no party with this id; find one: … | quittance party find --by phone",
        zh="没有该编号的当事人；请查找：… | quittance party find --by phone",
    )


def _tell(console: Console, found: list[dict[str, Any]]) -> None:
    if not found:
        console.tell("nobody", "没有当事人")
    for party in found:
        former = console.pick("  (by a former value)", "（按已失效的信息）") if party.get("former") else ""
        console.say(f"{party['id']}  {party['name'] or '–'}  {party['identity_no'] or '–'}{former}")
        for point in party["points"]:
            ended = f"  –{point['ended_on']}" if point["ended_on"] else ""
            console.say(f"  {point['medium']:<8} {point['label']:<10} {point['value'] or '–'}{ended}")
        for role in party["roles"]:
            console.say(f"  {role['kind']:<16} {role['account']}  {' '.join(role['cases'])}")
