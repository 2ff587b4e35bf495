"""`quittance legal letter …`: a signed letter goes out, arrives or comes back, is answered, or is given up."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from services.main.arguments import code_of
from services.main.commands.letter_steps import (
    LTR,
    SHA,
    By,
    LetterId,
    On,
    Reason,
    digest_of,
    meta_of,
    take,
    take_simple,
)
from services.main.commands.letter_steps import app as app
from services.main.options import Json, Store, command
from services.main.usage import Exit, WrongUsage

if TYPE_CHECKING:
    from services.legal.domain.facts.letter import LetterStep
    from services.legal.wiring import LegalService


@command(
    app,
    "dispatch",
    f"quittance legal letter dispatch {LTR} --by user:lin",
    f"quittance legal letter dispatch {LTR} --channel email --by user:lin --json",
)
def dispatch(
    letter: LetterId,
    by: By,
    channel: Annotated[str, typer.Option("--channel", metavar="NAME", help="letter or email.")] = "letter",
    store: Store = None,
    json: Json = False,
) -> None:
    """Have contact post it under its permit. Asked again after a crash it posts once.

    Exit code 1 where a rule of contact stands against it: the rules are named, and on record.
    """
    from services.legal.domain.facts.letter import LetterDispatchRefused
    from services.legal.domain.letters.kinds import CHANNELS

    if channel not in CHANNELS:
        raise WrongUsage(
            en=f"--channel takes: {', '.join(CHANNELS)}", zh=f"--channel 可用：{'、'.join(CHANNELS)}"
        )
    came: list[LetterStep] = []

    async def posted(service: "LegalService", step: str, who: str, on: date) -> "LetterStep":
        begun = await service.letters.dispatching.begin(letter, channel, meta_of(who, step))
        came.append(await service.letters.dispatching.post(begun, service.contact_file))
        return came[0]

    def said(step: "LetterStep") -> tuple[str, str]:
        if isinstance(step, LetterDispatchRefused):
            return f"refused: {', '.join(step.rules)}", f"未获许可：{'、'.join(step.rules)}"
        return "posted", "已交寄"

    take(store, json, letter, by, posted, said, reach=True)
    if came and isinstance(came[0], LetterDispatchRefused):
        raise typer.Exit(Exit.FAILED)


@command(
    app,
    "delivered",
    f"quittance legal letter delivered {LTR} --proof SIGNED --document {SHA} --on 2026-11-25 --by user:lin",
)
def delivered(
    letter: LetterId,
    proof: Annotated[
        str,
        typer.Option(
            "--proof",
            metavar="CODE",
            help="SIGNED, HOUSEHOLD_ADULT, CARRIER, DATA_REACHED, DATA_SHOULD_HAVE_REACHED.",
        ),
    ],
    by: By,
    document: Annotated[
        str | None, typer.Option("--document", metavar="HEX", help="The SHA-256 of the paper that proves it.")
    ] = None,
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Record by hand that it arrived. What contact posted, contact tells of by itself."""
    from services.legal.application.thing_ids import matter_of
    from services.legal.domain.facts.letter import LetterDelivered
    from services.legal.domain.letters.answering import answer_until

    async def arrived(service: "LegalService", step: str, who: str, day: date) -> "LetterStep":
        matter = (await service.acts.load(str(matter_of("ltr", letter)))).matter
        return LetterDelivered(
            track=letter, step=step, on=day, proof=proof, message=None,
            document=None if document is None else digest_of(document),
            answer_until=answer_until(matter, letter, day),
        )  # fmt: skip

    take(store, json, letter, by, arrived, ("delivered", "已送达"), on=on)


@command(app, "failed", f"quittance legal letter failed {LTR} --reason MOVED --by user:lin")
def failed(
    letter: LetterId, reason: Reason, by: By, on: On = None, store: Store = None, json: Json = False
) -> None:
    """Record by hand that it came back. It may be dispatched again."""
    why = code_of(reason)
    words = ("undeliverable", "未能送达")
    take_simple(store, json, letter, by, on, "LetterUndeliverable", words, reason=why, message=None)


@command(app, "answered", f"quittance legal letter answered {LTR} --answer ASKS_FOR_TIME --by user:lin")
def answered(
    letter: LetterId,
    answer: Annotated[
        str, typer.Option("--answer", metavar="CODE", help="PAYS, ASKS_FOR_TIME, DISPUTES, REFUSES, OTHER.")
    ],
    by: By,
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Record the answer. Who asks for time, or says that they will pay, restarts limitation."""
    take_simple(
        store, json, letter, by, on, "LetterAnswered", ("answered", "已答复"), answer=answer, document=None
    )


@command(app, "withdraw", f"quittance legal letter withdraw {LTR} --reason PAID --by user:lin")
def withdraw(letter: LetterId, reason: Reason, by: By, store: Store = None, json: Json = False) -> None:
    """Give it up before it is dispatched."""
    take_simple(
        store, json, letter, by, None, "LetterWithdrawn", ("withdrawn", "已撤回"), reason=code_of(reason)
    )
