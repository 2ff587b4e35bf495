"""What the commands of `quittance legal letter` share: the noun, its arguments, and taking a step of a letter once."""

import re
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day as day_of
from services.main.arguments import person
from services.main.options import group
from services.main.reaching import asked_beside
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.legal.application.handle import Meta
    from services.legal.domain.facts.letter import LetterStep
    from services.legal.wiring import LegalService

app = group(
    "letter", "Lawyers' letters: asked for, drafted, approved by a second person, signed by the firm, posted."
)
CLIENT = "quittance-cli"
LTR = "ltr_6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061"
MATTER = "matter-6f1c0d1e-0000-8000-8000-000000000001"
SHA = "9f" * 32
LetterId = Annotated[
    str, typer.Argument(metavar="LETTER", help="`ltr_…`, as `legal letter request` says it.")
]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who does it, such as user:5b0e.")]
Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help="Why, as a code in capitals.")]
On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="The day it happened: YYYY-MM-DD  [default: today]")
]
Sha = Annotated[
    str, typer.Option("--sha256", metavar="HEX", help="Of the PDF that was read, as `draft` says it.")
]
Step = Callable[["LegalService", str, str, date], Awaitable["LetterStep"]]


@app.callback()
def _letters() -> None:
    """Lawyers' letters: asked for, drafted, approved by a second person, signed by the firm, posted."""


def take_simple(
    store: str | None,
    json: bool,
    letter: str,
    by: str,
    on: str | None,
    kind: str,
    words: tuple[str, str],
    *,
    by_: bool = False,
    **said: Any,
) -> None:
    """A step that says no more than its options. `by_`: it names who took it."""

    async def made(service: "LegalService", step: str, who: str, day: date) -> "LetterStep":
        from services.legal.domain.facts import letter as f

        named = {"by": who} if by_ else {}
        event: LetterStep = getattr(f, kind)(track=letter, step=step, on=day, **named, **said)
        return event

    take(store, json, letter, by, made, words, on=on)


def take(
    store: str | None,
    json: bool,
    letter: str,
    by: str,
    step_of: Step,
    words: tuple[str, str] | Callable[["LetterStep"], tuple[str, str]],
    *,
    on: str | None = None,
    reach: bool = False,
) -> None:
    """Take a step and say so; once for the version it was seen in. `reach`: case and contact are asked."""
    session, who = Session.begin(store=store, as_json=json), person(by)
    day = None if on is None else day_of(on, option="--on")

    async def work(service: "LegalService") -> "LetterStep":
        from services.legal.application.thing_ids import matter_of
        from services.legal.domain.commands import TakeStep
        from services.legal.domain.thing_ids import STEP

        matter = matter_of("ltr", letter)
        if matter is None:
            raise WrongUsage(en="LETTER is ltr_… as lists show it", zh="LETTER 应为列表所示的 ltr_…")
        seen = (await service.acts.load(matter)).matter.version
        key = f"{letter}|{seen}"
        step = service.acts.thing_id(STEP, matter, client=CLIENT, operation="letter", key=key)
        async with asked_beside(session, service) if reach else nullcontext():
            taken = await step_of(service, step, who, day or service.acts.today)
        await service.acts.handle(matter, TakeStep(step=taken, by=who), meta_of(who, key))
        return taken

    taken = session.with_legal(work)
    said = words(taken) if callable(words) else words
    shown = {
        name: getattr(taken, name)
        for name in ("sha256", "pages", "message", "permit", "rules", "limitation")
        if getattr(taken, name, None) is not None
    }
    if json:
        session.console.answer({"letter": letter, "step": taken.step, "did": type(taken).__name__, **shown})
    hash_ = f", sha256 {shown['sha256']}" if "sha256" in shown else ""
    session.console.tell(f"{said[0]}: {letter}{hash_}", f"{said[1]}：{letter}{hash_}")


def meta_of(who: str, key: str) -> "Meta":
    from services.legal.application.handle import Meta

    return Meta(actor=who, client=CLIENT, key=key)


def named_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise WrongUsage(en="--value takes NAME=VALUE", zh="--value 的格式为 名称=取值")
    return name, value


def digest_of(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise WrongUsage(
            en="a SHA-256 is 64 digits of 0-9 and a-f", zh="SHA-256 为 64 位十六进制数（0-9、a-f）"
        )
    return text
