"""`quittance contact template import|reject|retire`: what two people decide of a text."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import code_of, person
from services.main.commands.contact_texts import Code, read
from services.main.commands.contact_texts import one as one
from services.main.console import Console
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import Exit, Stopped

if TYPE_CHECKING:
    from services.contact.adapters.texts.template_files import Written
    from services.contact.wiring import ContactService

By = Annotated[
    str, typer.Option("--by", metavar="WHO", help="Who asks, such as user:5b0e: two people bring a text in.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, as a code in capitals.")]
VersionNo = Annotated[int, typer.Option("--version", min=1, help="Which version.")]


@command(
    one,
    "import",
    "quittance contact template import own.toml --by user:5b0e",
    "quittance contact template import own.toml --by user:7c1d --json",
)
def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Templates as TOML.")],
    by: By,
    store: Store = None,
    json: Json = False,
) -> None:
    """Write every template of a file; when a second person imports the same file, they approve it.

    All texts are checked before any is recorded. Exit code 4 while the second person is awaited.
    """
    session, who, texts = Session.begin(store=store, as_json=json), person(by), read(file)
    _check_all(texts)

    async def work(contact: "ContactService") -> dict[str, int]:
        counts = dict.fromkeys(("templates", "drafted", "approved", "waiting", "unchanged"), 0)
        for written in texts:
            counts["templates"] += 1
            counts[await _one(contact, written, who)] += 1
        return counts

    counts = session.with_contact(work, views=False)
    waiting = counts["drafted"] + counts["waiting"]
    if json:
        session.console.answer(counts)
    session.console.tell(
        f"{counts['templates']} texts: {counts['drafted']} written, {counts['approved']} approved, "
        f"{counts['unchanged']} as they were, {waiting} wait for a second person",
        f"共 {counts['templates']} 个文本：新写 {counts['drafted']}，审批通过 {counts['approved']}，"
        f"未变 {counts['unchanged']}，待他人审批 {waiting}",
    )
    if waiting:
        raise typer.Exit(Exit.APPROVAL_PENDING)


async def _one(contact: "ContactService", written: "Written", who: str) -> str:
    """What became of one text of a file: drafted, approved, waiting or unchanged."""
    from services.contact.domain.texts.template import DRAFTED

    desk = contact.texts

    async def draft() -> Any:
        begins = written.effective_from if (written.effective_from or desk.today) >= desk.today else None
        return await desk.draft(written.code, written.text, actor=who, effective_from=begins)

    verdict, events = await desk.do(draft, actor=who)
    if events:
        return "drafted"
    version = (await desk.known(written.code)).of(verdict.version)
    if version.status != DRAFTED:
        return "unchanged"
    if version.maker == who:
        return "waiting"
    await desk.do(lambda: desk.approve(written.code, version.number, actor=who), actor=who)
    return "approved"


def _check_all(texts: "tuple[Written, ...]") -> None:
    """Raises Stopped with what stands against any of them."""
    from services.contact.adapters.texts.word_file import shipped_words
    from services.contact.domain.texts.lint import lint

    faults = [f"{one.code}: {fault}" for one in texts for fault in lint(one.text, shipped_words()).faults]
    if faults:
        told = "\n  ".join(faults)
        raise Stopped(
            en=f"texts that may not be used; nothing was recorded:\n  {told}",
            zh=f"存在不得使用的文本，未作任何记录：\n  {told}",
        )


@command(
    one, "reject", "quittance contact template reject spring --version 1 --by user:7c1d --reason TOO_STERN"
)
def reject(
    code: Code, version: VersionNo, by: By, reason: Reason, store: Store = None, json: Json = False
) -> None:
    """Reject a version that another person wrote."""
    session, who, why = Session.begin(store=store, as_json=json), person(by), code_of(reason)

    async def work(contact: "ContactService") -> None:
        desk = contact.texts
        await desk.do(lambda: desk.reject(code, version, reason=why, actor=who), actor=who)

    session.with_contact(work, views=False)
    _told(session.console, code, version, "REJECTED")


@command(
    one, "retire", "quittance contact template retire m1-remind --version 1 --by user:7c1d --reason REPLACED"
)
def retire(
    code: Code, version: VersionNo, by: By, reason: Reason, store: Store = None, json: Json = False
) -> None:
    """Use a version no more from today on; what was sent can still be made again."""
    session, who, why = Session.begin(store=store, as_json=json), person(by), code_of(reason)

    async def work(contact: "ContactService") -> None:
        desk = contact.texts
        await desk.do(lambda: desk.retire(code, version, reason=why, actor=who), actor=who)

    session.with_contact(work, views=False)
    _told(session.console, code, version, "RETIRED")


def _told(console: Console, code: str, version: int, status: str) -> None:
    if console.as_json:
        console.answer({"template": code, "version": version, "status": status})
    words = {"REJECTED": ("was rejected", "已驳回"), "RETIRED": ("is used no more", "已停用")}[status]
    console.tell(f"{code} {version} {words[0]}", f"{code} {version} {words[1]}")
