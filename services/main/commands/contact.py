"""`quittance contact …`: may a debtor be contacted? Decided by the policy packs, without a store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.main.options import Json, Store, command, group
from services.main.session import Session

if TYPE_CHECKING:
    from services.contact.domain.asked import Question
    from services.contact.domain.pack import Pack

app = group("contact", "Whether a debtor may be contacted, and by which rules.")


@app.callback()
def _contact() -> None:
    """Whether a debtor may be contacted, and by which rules."""


@command(
    app,
    "decide",
    "quittance contact decide --cases cases.json",
    "quittance contact decide --cases cases.json --house --why",
)
def decide(
    cases: Annotated[
        Path,
        typer.Option(
            "--cases", metavar="FILE", help="Decision cases as JSON: a list of {id, ctx}", show_default=False
        ),
    ],
    house: Annotated[
        bool, typer.Option("--house", help="The house pack as well; else the packs of law alone")
    ] = False,
    why: Annotated[
        bool, typer.Option("--why", help="With each failing rule: its words, source, figures and events")
    ] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Answer decision cases: [{id, outcome, rules, warnings, until}], one JSON document with or without --json.

    Exit code 0 whatever the outcomes. Nothing is read from a store and nothing is stored.
    """
    from services.contact.adapters.decision_cases import read_cases
    from services.contact.adapters.pack_files import shipped

    session = Session.begin(store=store, as_json=json)
    packs = shipped(house=house)
    language = "zh-CN" if session.console.chinese else "en"
    answers = [
        _answer(case_id, question, packs, language if why else None)
        for case_id, question in read_cases(cases)
    ]
    session.console.answer(answers)


def _answer(
    case_id: str, question: "Question", packs: "tuple[Pack, ...]", language: str | None
) -> dict[str, Any]:
    from services.contact.adapters.decision_cases import answer_of
    from services.contact.domain.decide import decide as decided
    from services.contact.domain.explaining import explained

    decision = decided(question, packs)
    answer = answer_of(case_id, question, decision)
    if language is None:
        return answer
    return {
        **answer,
        "why": [explained(found, packs, language=language) for found in decision.findings],
        "obligations": list(decision.obligations),
        "valid_until": decision.valid_until.isoformat() if decision.valid_until else None,
        "zones": list(decision.zones),
        "packs": [
            {"id": one.id, "version": one.version, "hash": one.hash, "provisional": one.provisional}
            for one in decision.packs
        ],
    }


@command(app, "packs", "quittance contact packs", "quittance contact packs --check house.mine.toml --json")
def packs(
    check: Annotated[
        Path | None,
        typer.Option(
            "--check", metavar="FILE", help="Read a pack of yours and run its cases", show_default=False
        ),
    ] = None,
    store: Store = None,
    json: Json = False,
) -> None:
    """The policy packs that decide, with their versions and hashes; or whether a pack of yours could.

    Every pack was read, compared with its pinned hash and proved by its own worked cases before it is listed.
    """
    from services.contact.adapters.pack_files import added, load_pack, shipped

    session = Session.begin(store=store, as_json=json)
    found = shipped(house=True)
    if check is not None:
        own = load_pack(check.stem, check.read_text(encoding="utf-8"), pinned=None)
        found = added((), (own,))
    if session.console.as_json:
        session.console.answer([_described(pack) for pack in found])
        return
    console = session.console
    console.table(
        console.pick(
            "pack version status rules cases sources", "规则包 版本 状态 规则数 案例数 来源"
        ).split(),
        [
            (
                pack.pack.id,
                pack.pack.version,
                pack.pack.status,
                len(pack.rule),
                len(pack.case),
                console.pick("to be read in full", "待查原文")
                if pack.provisional
                else console.pick("read", "已读"),
            )
            for pack in found
        ],
        right=(3, 4),
    )


def _described(pack: "Pack") -> dict[str, Any]:
    return {
        "id": pack.pack.id,
        "version": pack.pack.version,
        "hash": pack.hash,
        "status": pack.pack.status,
        "provisional": pack.provisional,
        "debtor_in": list(pack.pack.applies.debtor_in),
        "collector_role": list(pack.pack.applies.collector_role),
        "rules": [
            {
                "id": rule.id,
                "kind": rule.__struct_config__.tag,
                "enabled": rule.enabled,
                "source": rule.source,
                "pinpoint": rule.pinpoint or None,
                "confidence": pack.rests_on(rule.id).confidence,
            }
            for rule in pack.rule
        ],
        "cases": len(pack.case),
    }
