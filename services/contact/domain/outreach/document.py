"""A strategy read strictly from the tables of its file, and its canonical form: nothing guessed, nothing left over."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any

from msgspec import ValidationError, convert

from services.contact.domain.outreach.strategy import FROM_DUE, FROM_STAGE, VOICE, Step, Strategy, Written
from shared.kernel.clock import UnknownZone, zone
from shared.kernel.policy import PolicyVersion
from shared.kernel.refusal import Refused

_AT = re.compile(r" - at `\$\.?(.*)`$")
_FAULTS = (
    ("Object missing", "MISSING"), ("Object contains unknown", "UNKNOWN_KEY"), ("Invalid enum", "NOT_ONE_OF"),
    ("Invalid", "NOT_ALLOWED"),
)  # fmt: skip


class OutreachStrategyMalformed(Refused):
    """The strategy cannot be read; each fault is named with where it stands. Nothing was recorded.

    Context: faults, as `where: code`. docs/how-to/write-an-outreach-strategy.md lists the keys.
    """

    code = "outreach-strategy-malformed"
    title_en = "The outreach strategy cannot be read"
    title_zh = "触达策略文件无法读取"


def read(tables: Mapping[str, Any]) -> Strategy:
    """The strategy of a file's tables. Raises OutreachStrategyMalformed."""
    try:
        written = convert(tables, Written)
    except ValidationError as problem:
        raise OutreachStrategyMalformed(faults=(_fault(str(problem)),)) from None
    faults = tuple(_crossed(written))
    if faults:
        raise OutreachStrategyMalformed(faults=faults)
    document = canonical(tables)
    return Strategy(
        version=PolicyVersion(written.version, written.effective_from),
        content=hashlib.sha256(document.encode()).hexdigest(),
        document=document,
        written=written,
    )


def of_document(document: str) -> Strategy:
    """The strategy of a stored document. Raises OutreachStrategyMalformed."""
    return read(json.loads(document))


def canonical(tables: Mapping[str, Any]) -> str:
    """The tables as canonical JSON: sorted keys, no spaces, days and times in ISO 8601."""
    return json.dumps(tables, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise OutreachStrategyMalformed(faults=("file: NOT_ALLOWED",))


def _fault(said: str) -> str:
    """Where and what, without a value of the file: a key that is not ours is not told again."""
    at = _AT.search(said)
    where = at[1] if at else "file"
    code = next((code for begins, code in _FAULTS if said.startswith(begins)), "WRONG_TYPE")
    return f"{where}: {code}"


def _crossed(written: Written) -> Iterator[str]:
    """What is well-formed by itself and makes no sense together."""
    try:
        zone(written.zone)
    except UnknownZone:
        yield "zone: NOT_ALLOWED"
    stages = [one.stage for one in written.stages]
    for n, stage in enumerate(stages):
        if stage in stages[:n]:
            yield f"stages[{n}].stage: TWICE"
        yield from _steps(f"stages[{n}].steps", written.stages[n].steps)
    yield from _steps("promised", written.promised)
    for n, one in enumerate(written.promised):
        if one.anchor != FROM_DUE or one.day > 0:
            yield f"promised[{n}].day: BEFORE_DUE_ONLY"
        if one.repeat is not None or one.unless:
            yield f"promised[{n}].repeat: NOT_ALLOWED"


def _steps(where: str, steps: Sequence[Step]) -> Iterator[str]:
    names = [one.name for one in steps]
    for n, one in enumerate(steps):
        if one.name in names[:n]:
            yield f"{where}[{n}].name: TWICE"
        if one.anchor == FROM_STAGE and one.day < 0:
            yield f"{where}[{n}].day: OUT_OF_RANGE"
        if (one.channel == VOICE) != (one.template is None) or (one.channel == VOICE) != bool(one.situation):
            yield f"{where}[{n}].template: OF_MESSAGES_ONLY"
        if one.window.to <= one.window.from_:
            yield f"{where}[{n}].window: NOTHING_BETWEEN"
        if one.window.from_.tzinfo or one.window.to.tzinfo:
            yield f"{where}[{n}].window: NOT_ALLOWED"
        if one.repeat is not None and (one.anchor == FROM_DUE or one.repeat.every <= one.within):
            yield f"{where}[{n}].repeat: OVERLAPS"
