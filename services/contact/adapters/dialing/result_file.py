"""Call results as a dialer's CSV, read by a mapping of its columns and codes to ours."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import msgspec

from services.contact.adapters.handed_in_file import (
    Cells,
    Unfit,
    instant_of,
    needed_of,
    read_cells,
    text_of,
    whole_of,
)
from services.contact.application.dialing.results import DialResult
from services.contact.application.handed_in import MISSING, Flaw
from services.contact.domain.outcomes import OUTCOMES
from shared.kernel.clock import UnknownZone, zone
from shared.kernel.refusal import Refused

SHIPPED = "outcomes.toml"
OUTCOME_UNKNOWN = "outcome-unknown"
NEEDED = ("source_ref", "at", "outcome")
OURS = (*NEEDED, "permit", "list", "line", "seconds", "identity", "said", "collector", "told_at")
IDENTITIES = ("VERIFIED", "FAILED")


class DialerMappingUnusable(Refused):
    """It is TOML with `zone`, `[columns]` (ours = "theirs") and `[outcomes]` (theirs = "ours"); ours are known ones."""

    code = "dialer-mapping-unusable"
    title_en = "The mapping of the dialer's codes cannot be used"
    title_zh = "拨号系统映射文件无法使用"


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    zone: str | None = None
    columns: dict[str, str] = {}
    outcomes: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class DialerMapping:
    """What a dialer calls our columns, and its codes in our words. Our own outcomes always count as themselves."""

    zone: str | None
    columns: Mapping[str, str]
    outcomes: Mapping[str, str]

    def column(self, ours: str) -> str:
        """What the dialer calls it."""
        return self.columns.get(ours, ours)

    def outcome(self, theirs: str) -> str | None:
        """Our word for their code, None where there is none."""
        return theirs if theirs in OUTCOMES else self.outcomes.get(theirs.upper())


def dialer_mapping(file: Path | None = None) -> DialerMapping:
    """The mapping in a file, or the shipped one. Raises DialerMappingUnusable, OSError."""
    shipped = files(__package__).joinpath(SHIPPED)
    try:
        text = shipped.read_text(encoding="utf-8") if file is None else file.read_text(encoding="utf-8")
        written = msgspec.convert(tomllib.loads(text), _Written)
        if written.zone is not None:
            zone(written.zone)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, UnknownZone):
        raise DialerMappingUnusable from None
    if set(written.columns) - set(OURS) or set(written.outcomes.values()) - OUTCOMES:
        raise DialerMappingUnusable
    outcomes = {theirs.upper(): ours for theirs, ours in written.outcomes.items()}
    return DialerMapping(written.zone, written.columns, outcomes)


def read_results(path: Path, mapping: DialerMapping) -> Iterator[tuple[int, DialResult | Flaw]]:
    """(line, result or what is wrong with the row). Raises HandedInUnusable, OSError."""
    for line, cells in read_cells(path, tuple(mapping.column(name) for name in NEEDED)):
        if isinstance(cells, Flaw):
            yield line, cells
            continue
        named = {ours: cells.get(mapping.column(ours), "") for ours in OURS}
        try:
            yield line, _result(named, mapping)
        except Unfit as wrong:
            yield line, wrong.flaw


def _result(cells: Cells, mapping: DialerMapping) -> DialResult:
    at = instant_of(cells, "at", zone_name=mapping.zone)
    if at is None:
        raise Unfit(MISSING, "at")
    outcome = mapping.outcome(needed_of(cells, "outcome"))
    if outcome is None:
        raise Unfit(OUTCOME_UNKNOWN, "outcome")
    identity = text_of(cells, "identity")
    if identity not in (None, *IDENTITIES):
        raise Unfit(OUTCOME_UNKNOWN, "identity")
    return DialResult(
        source_ref=needed_of(cells, "source_ref"),
        at=at,
        outcome=outcome,
        permit=text_of(cells, "permit"),
        list=text_of(cells, "list"),
        line=whole_of(cells, "line"),
        seconds=whole_of(cells, "seconds"),
        identity=identity,
        said=tuple((text_of(cells, "said") or "").split()),
        collector=text_of(cells, "collector"),
        told_at=instant_of(cells, "told_at", zone_name=mapping.zone),
    )
