"""`quittance contact may` and `explain`: may this debtor be contacted, and was that decided rightly?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import start
from services.main.commands.contact import app as app
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, Stopped, WrongUsage

if TYPE_CHECKING:
    from services.contact.wiring import ContactService

CHANNELS = ("voice", "sms", "email", "im", "letter", "visit", "ringless_voicemail", "social")
Who = Annotated[
    str,
    typer.Argument(metavar="CASE", help="`case-…`, `subject-…`, or the lender's reference of the debtor."),
]
Channel = Annotated[
    str | None, typer.Option("--channel", metavar="CHANNEL", help="voice, sms, email, letter, visit …")
]
OUTCOMES = {"allow": "允许", "defer": "稍后", "deny": "不允许"}


@command(
    app,
    "may",
    "quittance contact may D-1001 --channel voice",
    "quittance contact may case-6f1c0d1e-0000-8000-8000-000000000001 --channel sms --at 2026-11-23T09:00:00+08:00",
)
def may(
    who: Who,
    channel: Channel = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="Then, by what is known now: RFC 3339.")
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """May this debtor be contacted, by which channel, and if not, why and when? Nothing is stored, no place is held.

    As if the contact were made in due form: everything a rule requires to be said is said. Exit code 0 whatever the
    answer; a dialer asks `POST /v1/contact-permits`, which holds a place in every cap.
    """
    from services.contact.application.asking.contactability import Wanted
    from services.contact.application.asking.contactability import may as weighed

    session = Session.begin(store=store, as_json=json)
    of_list("--channel", channel, CHANNELS)

    async def work(contact: "ContactService") -> list[dict[str, Any]]:
        when = start(at, zone=contact.zone, option="--at") or contact.clock.now()
        known = (await contact.acts.load(await subject(contact, who))).state
        if not known.version:
            raise _nobody()
        case = who if who.startswith("case-") else None
        wanted = Wanted(at=when, case=case, channels=(channel,) if channel else CHANNELS)
        language = "zh-CN" if session.console.chinese else "en"
        return weighed(known, wanted, contact.packs, language=language)

    found, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer(found)
        return
    for one in found:
        _told(console, one)


def _told(console: Console, one: dict[str, Any]) -> None:
    """One channel's answer in words."""
    word = console.pick(one["outcome"], OUTCOMES[one["outcome"]])
    point = f" {one['contact_point']}" if one["contact_point"] else ""
    opens = console.pick(f", from {one['until']}", f"，可自 {one['until']} 起") if one["until"] else ""
    console.say(f"{one['channel']}{point}: {word}{opens}")
    for why in one["reasons"]:
        console.say(f"  {why['rule']}: {why['message']}")
    for cap in one["caps"]:
        text = console.pick(
            f"  {cap['rule']}: {cap['used']} of {cap['limit']} in {cap['days']} d",
            f"  {cap['rule']}：{cap['days']} 天内已用 {cap['used']}，上限 {cap['limit']}",
        )
        console.say(text)


@command(app, "explain", "quittance contact explain cpm_6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061")
def explain(
    permit: Annotated[
        str, typer.Argument(metavar="PERMIT", help="`cpm_…`, as the answer or a list gave it.")
    ],
    store: Store = None,
    json: Json = False,
) -> None:
    """A decision taken again: on what was known then, which must come to the same, and on what is known now.

    Exit code 3 where it comes to something else than what is stored.
    """
    from services.contact.application.asking.shown import again, permit_of
    from services.contact.application.asking.stored import decision

    session = Session.begin(store=store, as_json=json)

    async def work(contact: "ContactService") -> dict[str, Any]:
        found = await decision(contact.acts, permit)
        if found is None:
            raise Stopped(
                en="there is no permit or refusal of that id; `quittance contact refusals` lists refusals",
                zh="没有该编号的许可或拒绝；可用 `quittance contact refusals` 查看拒绝记录",
            )
        taken = again(found.shown, found.before, found.latest, contact.packs)
        language = "zh-CN" if session.console.chinese else "en"
        said = permit_of(found.shown, contact.packs, language=language, now=contact.clock.now())
        return said | {"again": {"identical": taken.identical, "then": taken.then, "now": taken.now}}

    said, console = session.with_contact(work), session.console
    if console.as_json:
        console.answer(said)
    else:
        _explained(console, said)
    if not said["again"]["identical"]:
        raise typer.Exit(Exit.DIFFERENCES)


def _explained(console: Console, said: dict[str, Any]) -> None:
    word = console.pick(said["outcome"], OUTCOMES[said["outcome"]])
    console.say(
        f"{said['id']}: {word}  {said['channel']}  {said['evaluated_at']}  ({', '.join(said['zones'])})"
    )
    for why in said["reasons"]:
        source = why.get("source") or {}
        counted = ", ".join(why["counted"])
        console.say(
            f"  {why['rule']}: {why['message']}  [{source.get('title', '–')}, {source.get('confidence', '–')}]"
        )
        if counted:
            console.say(console.pick(f"    counted: {counted}", f"    计入：{counted}"))
    console.say(
        console.pick("packs: ", "规则包：")
        + ", ".join(f"{one['id']}@{one['version']}" for one in said["packs"])
    )
    again = said["again"]
    same = console.pick("IDENTICAL", "一致") if again["identical"] else console.pick("DIFFERENT", "不一致")
    console.say(console.pick(f"taken again on what was known then: {same}", f"按当时所知重新判定：{same}"))
    for name, words in (("then", ("then", "当时")), ("now", ("now", "现在"))):
        found = again[name]
        console.say(f"  {console.pick(*words)}: {found['outcome']} {' '.join(found['rules'])}".rstrip())


async def subject(contact: "ContactService", who: str) -> str:
    """The subject that a case, a subject id or a debtor's reference names. Raises Stopped."""
    from services.contact.application.thing_ids import is_subject
    from services.contact.projections import case_subjects

    if is_subject(who):
        return who
    if not who.startswith("case-"):
        return contact.acts.subject_id(who)
    found = await contact.projections.ask(
        lambda connection: case_subjects.subject_of(connection, who), case_subjects.VIEW
    )
    if found is None:
        raise _nobody()
    return found


def _nobody() -> Stopped:
    return Stopped(
        en="contact has heard nothing of that case or debtor yet; has `quittance work all` been running?",
        zh="联系服务尚未得知该案件或债务人；`quittance work all` 是否在运行？",
    )


def of_list(option: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        listed = ", ".join(allowed)
        raise WrongUsage(en=f"{option} takes one of {listed}", zh=f"{option} 只能取 {listed}")
