"""A policy pack: what was read, the rules made of it, and worked cases that it must pass before it may decide."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, convert

from services.contact.domain.kinds.counting import AdviseCross, AdvisePace, Cap, Cooldown, OncePerPerson
from services.contact.domain.kinds.hours import AllowedHours, Inconvenient, RestDays
from services.contact.domain.kinds.procedure import (
    Agreement,
    ContentForbidden,
    ContentRequired,
    EmailProcedure,
    EmployerEmail,
    IdentityFirst,
    PlaceForbidden,
    SmsProcedure,
    VisitStaff,
)
from services.contact.domain.kinds.rule import Source
from services.contact.domain.kinds.standing import Flag, Mandate, OptOut, Party

AnyRule: TypeAlias = (
    AllowedHours
    | RestDays
    | Inconvenient
    | Cap
    | Cooldown
    | OncePerPerson
    | AdviseCross
    | AdvisePace
    | Flag
    | Party
    | OptOut
    | Mandate
    | SmsProcedure
    | EmailProcedure
    | EmployerEmail
    | ContentRequired
    | ContentForbidden
    | IdentityFirst
    | VisitStaff
    | PlaceForbidden
    | Agreement
)
"""The closed set of rule kinds."""

STATUSES = ("draft", "reviewed", "in_force", "withdrawn")
HOUSE = "house"


class Applies(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a pack is for: debtors of these places, contacted by these collectors; `*` in places: everywhere."""

    debtor_in: tuple[str, ...]
    collector_role: tuple[Literal["third_party", "first_party"], ...]


class Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack's own name, version and state. `zones`: all of its places, for a debtor whose zone is unknown."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")]
    version: str
    status: Literal["draft", "reviewed", "in_force", "withdrawn"]
    reviewed_by: str = ""
    applies: Applies
    zones: tuple[str, ...]


class WorkedCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision that the pack, alone, must come to. `ctx` is a question, as data/README.md describes it."""

    id: str
    source: str
    given: str = ""
    ask: str = ""
    ctx: dict[str, Any]
    outcome: Literal["allow", "deny", "defer"]
    rules: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    until: str | None = None


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pack. `hash` is the SHA-256 of its canonical JSON; a pack is named by id, version and hash together."""

    pack: Head
    source: tuple[Source, ...]
    rule: tuple[AnyRule, ...]
    case: tuple[WorkedCase, ...] = ()
    hash: str = ""

    @property
    def provisional(self) -> bool:
        """Does any rule of it rest on a source that nobody has read in full?"""
        sure = {source.id for source in self.source if source.confidence in ("verified", "quoted")}
        return any(rule.enabled and rule.source not in sure for rule in self.rule)

    def rests_on(self, rule: str) -> Source:
        """The source of a rule of this pack."""
        named = next(one.source for one in self.rule if one.id == rule)
        return next(source for source in self.source if source.id == named)


class PackFlaw(ValueError):
    """A pack that may not decide: what is wrong with it, in words for whoever wrote it."""


def read_pack(raw: dict[str, Any], digest: str) -> Pack:
    """The pack that parsed TOML describes. Raises PackFlaw for anything that is not as it must be."""
    try:
        pack = convert({**raw, "hash": digest}, Pack)
    except Exception as problem:
        raise PackFlaw(str(problem)) from None
    _unique("rule", [rule.id for rule in pack.rule])
    _unique("source", [source.id for source in pack.source])
    _unique("case", [case.id for case in pack.case])
    known = {source.id for source in pack.source}
    for rule in pack.rule:
        if rule.source not in known:
            raise PackFlaw(f"{rule.id}: no source is called {rule.source}")
        _dated(rule.id, [(value.from_, value.until) for value in rule.value])
        source = pack.rests_on(rule.id)
        if rule.enabled and source.confidence in ("weak", "memory"):
            raise PackFlaw(f"{rule.id}: a rule on a {source.confidence} source is shipped disabled")
        if pack.pack.id != HOUSE and not pack.pack.id.startswith(HOUSE + ".") and source.force == HOUSE:
            raise PackFlaw(f"{rule.id}: a pack of law has no house rules")
    if not pack.case:
        raise PackFlaw("a pack without worked cases does not load")
    return pack


def _unique(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PackFlaw(f"{what} named twice: {', '.join(twice)}")


def _dated(rule: str, values: list[tuple[date, date | None]]) -> None:
    """Figures hold one after another: by day, none twice, none into the next one's time."""
    if not values:
        raise PackFlaw(f"{rule}: no figures, so it is never in force")
    for (from_, until), (after, _) in pairwise(values):
        if after <= from_ or (until is not None and until > after):
            raise PackFlaw(f"{rule}: the dates of its figures overlap")
    for from_, until in values:
        if until is not None and until <= from_:
            raise PackFlaw(f"{rule}: figures that end before they begin")
