"""Clock cases as JSON, in the shape of `data/README.md`, and the answers to them."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.pack import AnyClock, LawPack
from services.legal.domain.clocks.reading import Reading
from services.legal.domain.clocks.running import read_clock
from shared.kernel.refusal import Refused


class ClockCasesUnusable(Refused):
    """The file is not a list of clock cases: `id`, `pack`, `clock`, `as_of` and `facts` each.

    The pack and the clock must be ones that this release knows. Context: `number` of the first case that cannot be
    read, from 1, or none where the file is no JSON list.
    """

    code = "clock-cases-unusable"
    title_en = "The file does not hold clock cases"
    title_zh = "该文件中不是期间计算案例"


def answers(path: Path, packs: Mapping[str, LawPack], *, why: bool = False) -> Iterator[dict[str, Any]]:
    """The answer to every case of a file; `why`: with the chain. Raises ClockCasesUnusable; OSError as `open`."""
    try:
        raw = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError:
        raise ClockCasesUnusable(number=None) from None
    if not isinstance(raw, list):
        raise ClockCasesUnusable(number=None)
    for number, case in enumerate(raw, start=1):
        try:
            clock, facts, as_of = _case(case, packs)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise ClockCasesUnusable(number=number) from None
        yield _answer(str(case["id"]), read_clock(clock, facts, as_of), why=why)


def _case(
    case: Mapping[str, Any], packs: Mapping[str, LawPack]
) -> tuple[AnyClock, tuple[ClockFact, ...], date]:
    clock = packs[case["pack"]].named(case["clock"])
    if clock is None:
        raise KeyError(case["clock"])
    facts = tuple(
        msgspec.convert({key: value for key, value in fact.items() if value is not None}, ClockFact)
        for fact in case["facts"]
    )
    return clock, facts, date.fromisoformat(case["as_of"])


def _answer(case_id: str, reading: Reading, *, why: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": case_id,
        "state": reading.state,
        "raw_on": _day(reading.raw_on),
        "expires_on": _day(reading.expires_on),
    }
    if why:
        said["chain"] = [
            {
                "fact": link.fact.id,
                "kind": link.fact.kind,
                "on": link.fact.on.isoformat(),
                "effect": link.effect,
                "article": link.article,
                "raw_on": _day(link.raw_on),
            }
            for link in reading.chain
        ]
    return said


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
