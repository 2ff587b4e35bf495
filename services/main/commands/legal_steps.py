"""`quittance legal step` and `legal steps`: what happened on a suit, an order, an arbitration, by its name."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.arguments import day as day_of
from services.main.arguments import person
from services.main.commands.legal import app as app
from services.main.commands.legal_matters import By, MatterId, On
from services.main.commands.legal_words import Said
from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

if TYPE_CHECKING:
    from services.legal.api.steps.bodies import StepBody
    from services.legal.wiring import LegalService

CLIENT = "quittance-cli"
MATTER = "matter-6f1c0d1e-0000-8000-8000-000000000001"
TRACK = "trk_6f1c0d1e0000800080000000000000014a1b6c2d3e4f5061"


@command(
    app,
    "step",
    f"quittance legal step {MATTER} suit-assessed procedure=ORDINARY court=SH-PD cause=LOAN amount=1234.50CNY "
    "--by user:lin",
    f"quittance legal step {MATTER} suit-approved --track {TRACK} --by user:chen",
    f"quittance legal step {MATTER} judgment-served --track {TRACK} --on 2026-11-20 kind=DIRECT --by user:lin --json",
)
def step(
    matter: MatterId,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="STEP", help="Which step, such as suit-filed; `legal show` says what may follow."
        ),
    ],
    by: By,
    said: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FIELD=VALUE …",
            help="What the step says: amounts as 1234.50CNY, several with commas, yes or no as true or false.",
        ),
    ] = None,
    track: Annotated[
        str | None,
        typer.Option("--track", metavar="TRACK", help="`trk_…`; a step that begins a track has none."),
    ] = None,
    on: On = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """Report what happened on a track, or begin one by its first step. The same step is recorded once.

    Exit code 1 where it cannot follow, or the law does not let it through. What only time leads to is not reported.
    """
    session, who = Session.begin(store=store, as_json=json), person(by)
    name = kind.upper().replace("-", "_")
    body = _body(name, track, on, said or [])
    done = session.with_legal(lambda legal: _take(legal, matter, name, body, who))
    if json:
        session.console.answer(done)
    say = Said(session.console)
    what, where = say.step(name), say.of_track(done)
    may = ", ".join(say.step(one) for one in done["next"]) or "–"
    if not done["recorded"]:
        session.console.tell(
            f"already on record: {what}, {done['track']}", f"此前已记录：{what}，{done['track']}"
        )
    session.console.tell(f"{done['track']} – {where}; next: {may}", f"{done['track']} – {where}；后续：{may}")
    for due in done["deadlines"]:
        session.console.tell(
            f"due {say.last_day(due)}: {say.deadline(due['name'])}",
            f"{say.last_day(due)} 到期：{say.deadline(due['name'])}",
        )


@command(app, "steps", f"quittance legal steps {MATTER}", f"quittance legal steps {MATTER} --json")
def steps(matter: MatterId, store: Store = None, json: Json = False) -> None:
    """Every step of a matter that stands, in the order in which they were recorded."""
    session = Session.begin(store=store, as_json=json)

    async def work(legal: "LegalService") -> list[dict[str, Any]]:
        from services.legal.application.steps.shown import steps as shown
        from services.legal.domain.refusals import MatterUnknown

        known = (await legal.acts.load(matter)).matter
        if known.opened is None:
            raise MatterUnknown
        return shown(known)

    rows = session.with_legal(work)
    if json:
        session.console.answer(rows)
    say = Said(session.console)
    session.console.table(
        session.console.pick("day track step id", "日期 程序 步骤 编号").split(),
        [
            (one["on"], f"{say.track(one['kind'])} {one['track']}", say.step(one["step"]), one["id"])
            for one in rows
        ],
    )


async def _take(legal: "LegalService", matter: str, name: str, body: "StepBody", who: str) -> dict[str, Any]:
    """Take it, once: the same step of the same day again is on record, unless it was taken back since."""
    from services.legal.api.steps.bodies import KIND_OF, event_of
    from services.legal.application.handle import Meta
    from services.legal.application.steps import shown
    from services.legal.domain import commands as c
    from services.legal.domain.deadlines.reading import deadlines
    from services.legal.domain.thing_ids import STEP
    from services.legal.domain.thing_ids import TRACK as OF_TRACK

    acts = legal.acts
    before = (await acts.load(matter)).matter
    day = body.on or acts.today
    key = f"{name}|{day}|{len(before.retracted)}|{body.model_dump_json()}"
    named = {"client": CLIENT, "operation": "step", "key": key}
    track = getattr(body, "track", None) or acts.thing_id(OF_TRACK, matter, **named)
    step_id = acts.thing_id(STEP, matter, **named)
    event = event_of(KIND_OF[name], body, track=track, step=step_id, on=day, by=who)
    meta = Meta(actor=who, client=CLIENT, key=f"{step_id}|{before.version}")
    done = await acts.handle(matter, c.TakeStep(step=event, by=who), meta)
    known = await acts.load(matter)
    falls = deadlines(known.matter, known.claims, acts.ground, acts.today)
    return {
        "matter": matter, "track": track, "step": step_id, "recorded": bool(done.events),
        **shown.where(known.matter, track),
        "deadlines": [shown.due(one) for one in falls if one.thing == track and one.open],
    }  # fmt: skip


def _body(name: str, track: str | None, on: str | None, said: list[str]) -> "StepBody":
    """The body that these words spell. Raises WrongUsage, which names fields and never repeats values."""
    from pydantic import ValidationError

    from services.legal.api.steps.bodies import BODIES, KIND_OF

    if name not in KIND_OF:
        known = ", ".join(one.lower().replace("_", "-") for one in KIND_OF)
        raise WrongUsage(en=f"STEP is one of: {known}", zh=f"STEP 应为：{known}")
    kind = BODIES[KIND_OF[name]]
    given: dict[str, Any] = {"step": name} | ({} if track is None else {"track": track})
    for one in said:
        field, equals, value = one.partition("=")
        if not equals or field not in kind.model_fields or field in ("step", "track", "on"):
            fields = ", ".join(one for one in kind.model_fields if one not in ("step", "track", "on"))
            raise WrongUsage(en=f"FIELD is one of: {fields or 'none'}", zh=f"字段应为：{fields or '无'}")
        given[field] = _spelt(kind.model_json_schema()["properties"][field], value)
    try:
        found = kind.model_validate(given)
    except ValidationError as wrong:
        fields = ", ".join(sorted({str(one["loc"][0]) for one in wrong.errors()}))
        raise WrongUsage(
            en=f"missing, or not as it is written: {fields}", zh=f"缺少或格式不符：{fields}"
        ) from None
    return found if on is None else found.model_copy(update={"on": day_of(on, option="--on")})


def _spelt(schema: dict[str, Any], value: str) -> Any:
    """A value as JSON has it: by what its field takes."""
    kinds = schema.get("anyOf", [schema])
    if any("AmountSent" in one.get("$ref", "") for one in kinds):
        if value.startswith("-"):
            raise WrongUsage(en="an amount is not negative", zh="金额不得为负")
        return {"amount": value[:-3].strip(), "currency": value[-3:]}
    types = {one.get("type") for one in kinds}
    if "array" in types:
        return [one for one in value.split(",") if one]
    if "integer" in types and value.isdecimal():
        return int(value)
    if "boolean" in types:
        return {"true": True, "false": False}.get(value, value)
    return value
