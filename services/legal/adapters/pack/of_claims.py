"""Parts about what is owed, by whom, until when, and what was delivered."""

from typing import Any

from services.legal.adapters.pack import codes
from services.legal.adapters.pack.gathering import Gathered
from services.legal.adapters.pack.part import Part, text
from services.legal.adapters.pack.words import Words
from services.legal.domain.facts.letter import LetterDelivered, LetterUndeliverable
from services.legal.projections.words import saying
from shared.kernel import money
from shared.kernel.evidence import GRADES
from shared.kernel.parts import NAMES, Parts
from shared.printing.document import Section


def balance(it: Gathered, say: Words) -> Part:
    """What was owed on each debt at the end of the day, and who owes it; names and numbers in clear."""
    sheet = it.sheet
    people: list[dict[str, Any]] = [
        {
            "person": one.person, "roles": list(one.roles), "reference": one.reference, "name": one.name,
            "identity_no": one.identity_no, "postal": list(one.postal), "email": list(one.email),
        }
        for one in sheet.people
    ]  # fmt: skip
    debts = [{"debt": one.debt, "tail": one.tail, "owed": _split(one.owed)} for one in sheet.debts]
    parties = Section(
        columns=say.all("role", "name", "identity_no", "address"), widths=(3, 3, 5, 8),
        rows=[
            (
                text([saying.code(role, it.asked.language) for role in one["roles"]]), text(one["name"]),
                text(one["identity_no"]), text([*one["postal"], *one["email"]]),
            )
            for one in people
        ],
    )  # fmt: skip
    return Part(
        name="03-balance", title=say["balance"], before=(parties,), wide=True,
        data={
            "case": sheet.case, "as_of": sheet.as_of.isoformat(), "debts": debts,
            "people": people,
        },
        columns=say.all("debt", "tail", *NAMES, "total"), widths=(7, 3, 3, 3, 3, 3, 3),
        rows=[
            (one.debt, text(one.tail), *map(_plain, _amounts(one.owed)), _plain(one.owed.total))
            for one in sheet.debts
        ],
    )  # fmt: skip


def _amounts(owed: Parts) -> list[money.Money]:
    return [money.Money(minor, owed.currency) for minor in owed.minors]


def _split(owed: Parts) -> dict[str, Any]:
    named = dict(zip(NAMES, map(money.to_json, _amounts(owed)), strict=True))
    return {**named, "total": money.to_json(owed.total)}


def _plain(amount: money.Money) -> str:
    return f"{amount.decimal()} {amount.currency}"


def limitation(it: Gathered, say: Words) -> Part:
    """Until when each debt can be enforced against whom; each link with its evidence and article; the weakest one."""
    found, language = it.limitation, it.asked.language
    if found is None:
        return Part(
            name="06-limitation", title=say["limitation"], data=None, paragraphs=(say["no_limitation"],)
        )
    claims = Section(
        columns=say.all("debt", "role", "person", "period", "status", "expires_on", "weakest", "advice"),
        widths=(5, 3, 4, 4, 3, 3, 6, 6),
        rows=[
            (
                one["debt"], saying.code(one["role"], language), text(one["person"]),
                saying.code(one["period"], language),
                saying.code(one["state"], language), text(one["expires_on"] or one["raw_on"]),
                _weakest(one["weakest"], it), text(one["weakest"] and one["weakest"]["advice"]),
            )
            for one in found["claims"]
        ],
    )  # fmt: skip
    return Part(
        name="06-limitation", title=say["limitation"], data=found, before=(claims,), wide=True,
        columns=say.all("debt", "role", "day", "kind", "effect", "article", "evidence", "raw_on"),
        widths=(5, 3, 3, 4, 3, 5, 6, 3),
        rows=[
            (
                one["debt"], saying.code(one["role"], language), link["on"], saying.code(link["kind"], language),
                codes.effect(link["effect"], language), link["article"], grade(link["evidence"], it),
                text(link["raw_on"]),
            )
            for one in found["claims"]
            for link in one["chain"]
        ],
    )  # fmt: skip


def _weakest(one: Any, it: Gathered) -> str:
    if one is None:
        return "–"
    kind = saying.code(one["kind"], it.asked.language)
    return f"{one['on']} {kind}: {grade(one['evidence'], it)}"


def _medium(medium: str | None, it: Gathered) -> str:
    return codes.contact(None if medium is None else medium.lower(), it.asked.language)


def grade(evidence: str | None, it: Gathered) -> str:
    """A grade of evidence in words."""
    known = GRADES.get(evidence or "")
    return text(evidence) if known is None else known.zh if it.chinese else known.en


def deliveries(it: Gathered, say: Words) -> Part:
    """What is proved to have arrived: demands by their proofs, letters by what came back of them."""
    demands = [] if it.limitation is None else [
        {**one, "what": "DEMAND"} for one in it.limitation["proofs"] if one["kind"] == "demand_delivered"
    ]  # fmt: skip
    letters = [
        {
            "what": type(one.event).__name__, "letter": one.event.track, "on": one.event.on.isoformat(),
            "proof": getattr(one.event, "proof", None), "reason": getattr(one.event, "reason", None),
            "message": one.event.message, "document": getattr(one.event, "document", None),
        }
        for matter in it.matters
        for one in matter.seen
        if isinstance(one.event, LetterDelivered | LetterUndeliverable)
        and one.event.step not in matter.matter.retracted
    ]  # fmt: skip
    language = it.asked.language
    return Part(
        name="05-deliveries", title=say["deliveries"], data={"demands": demands, "letters": letters}, wide=True,
        columns=say.all("day", "what", "medium", "evidence", "document", "retracted", "id"),
        widths=(3, 4, 3, 6, 7, 4, 8),
        rows=[
            (
                one["on"], saying.code(one["kind"], language), _medium(one["medium"], it), grade(one["evidence"], it),
                text(one["document"]), text(one["retracted"] and one["retracted"]["on"]), one["id"],
            )
            for one in demands
        ] + [
            (
                one["on"], saying.title(f"legal.{one['what']}", language), say["letter"],
                grade(one["proof"], it) if one["proof"] else text(one["reason"]), text(one["document"]), "–",
                one["letter"],
            )
            for one in letters
        ],
    )  # fmt: skip
