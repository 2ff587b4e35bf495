"""`quittance contact replies`: what people wrote to us, without their words."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.commands.contact import app as app
from services.main.commands.contact_asking import subject
from services.main.options import Json, Store, command
from services.main.session import Session

if TYPE_CHECKING:
    from services.contact.projections.sending.replies import ReplyRow
    from services.contact.wiring import ContactService

SHOWN_MAX = 200
MEANINGS = {"STOP": ("no more messages", "退订"), "OTHER": ("to be read", "待阅读")}


@command(
    app,
    "replies",
    "quittance contact replies --unread",
    "quittance contact replies --of D-1001 --json",
)
def replies(
    unread: Annotated[bool, typer.Option("--unread", help="Only those a person still has to read.")] = False,
    of: Annotated[
        str | None,
        typer.Option(
            "--of", metavar="CASE", help="Only of this case's debtor: `case-…`, `subject-…` or reference."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", help="Lines shown.", min=1, max=SHOWN_MAX)
    ] = 50,
    store: Store = None,
    json: Json = False,
) -> None:
    """What people wrote to us, the latest first. Their words are shown over HTTP, to a person, on record first."""
    session = Session.begin(store=store, as_json=json)

    async def work(contact: "ContactService") -> "list[ReplyRow]":
        from services.contact.projections.sending import replies as view

        asked = partial(
            view.page, subject=await subject(contact, of) if of else None, limit=limit,
            meaning="OTHER" if unread else None, read=False if unread else None,
        )  # fmt: skip
        return await contact.projections.ask(asked, view.VIEW)

    shown, console = [row.as_json() for row in session.with_contact(work)], session.console
    if console.as_json:
        console.answer(shown)
    elif not shown:
        console.tell("nobody has written", "没有来信")
    else:
        console.table(
            console.pick("reply at meaning read", "来信 时间 含义 已读").split(),
            [
                (
                    one["id"],
                    _short(one["at"]),
                    console.pick(*MEANINGS[one["meaning"]]),
                    _short(one["read_at"]),
                )
                for one in shown
            ],
        )


def _short(text: str | None) -> str:
    """To the minute."""
    return "–" if text is None else text[:16] + "Z"
