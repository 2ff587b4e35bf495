"""A law pack: the clocks it knows, each with its start, its length by date, its article and how sure the source is."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, convert, field

from services.legal.domain.clocks.counting import Span


class Article(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a clock comes from. `confidence`: verified where the text was read."""

    law: str
    article: str
    confidence: Literal["verified", "quoted", "secondary", "weak", "memory"]


class Length(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A length and the day from which it holds, by the day on which the clock starts.

    `for_`: only for facts of that complexity. `transition` "shorter": a clock started before this length held, and not
    yet run out by then, ends at the shorter of both (an unverified transition is planned on the safe side).
    """

    from_: date = field(name="from")
    years: int = 0
    months: int = 0
    days: int = 0
    business_days: int = 0
    for_: str | None = field(name="for", default=None)
    transition: Literal["shorter"] | None = None

    @property
    def span(self) -> Span:
        """The civil part of the length."""
        return Span(self.years, self.months, self.days)


class ClockRule(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What every clock has. `starts` are the kinds of fact that start it; `length` by date, newest last.

    `undoings`: kinds after which the procedure they name counts for nothing (taken back, not taken up). `articles`: by
    kind of fact, where it is another than the clock's own.
    """

    name: str
    source: Article
    starts: tuple[str, ...]
    length: Annotated[tuple[Length, ...], Meta(min_length=1)]
    rolls: Literal["cn", "none"]
    undoings: tuple[str, ...] = ()
    articles: dict[str, str] = {}

    def article_of(self, kind: str) -> str:
        """The article by which a fact of this kind touches the clock."""
        return self.articles.get(kind, self.source.article)


class Term(ClockRule, frozen=True, kw_only=True, tag="term"):
    """A period that simply runs from its start. `ends` are kinds that keep it, in time, from running out.

    Of several starts the `earliest` or the `latest` counts.
    """

    of_several: Literal["earliest", "latest"] = "latest"
    ends: tuple[str, ...] = ()


class Restarting(ClockRule, frozen=True, kw_only=True, tag="restarting"):
    """A period that begins anew with each of `restarts` that comes in time.

    `procedures` restart it and hold it until one of `procedure_ends`; `obstacles` suspend it in its last
    `last_months`, until as long after one of `obstacle_ends`; `waivers` begin it anew although it had run out;
    `absolute_years` from the start is the end whatever came between, a waiver given after it excepted (None: no such
    end). `starts_first`: of `starts`, those before which the others give way.
    """

    restarts: tuple[str, ...]
    procedures: tuple[str, ...] = ()
    procedure_ends: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    obstacle_ends: tuple[str, ...] = ()
    last_months: int = 6
    waivers: tuple[str, ...] = ()
    absolute_years: int | None = None
    starts_first: tuple[str, ...] = ()


AnyClock: TypeAlias = Term | Restarting


class LimitationRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which clocks say whether a claim can still be enforced, and what follows once it cannot.

    `clock` is the claim's, `guarantee` a guarantor's period, `guarantee_clock` the limitation of what the guarantor
    owes, `title` that of a judgment or award; None: this law knows none. `title_starts` are the kinds of fact that make
    a title, `title_ends` those that take it away. `demands` reach a guarantor, `suits` sue somebody. On an expired
    claim suing, or threatening to, is refused: "never" by whatever reason, "override" unless a second person gives one
    of `override_reasons`.
    """

    rule: str
    source: Article
    on_expired: Literal["override", "never"]
    clock: str | None = None
    guarantee: str | None = None
    guarantee_clock: str | None = None
    title: str | None = None
    title_starts: tuple[str, ...] = ()
    title_ends: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    suits: tuple[str, ...] = ()
    override_reasons: tuple[str, ...] = ()

    @property
    def clocks(self) -> tuple[str, ...]:
        """Every clock it names."""
        return tuple(
            one for one in (self.clock, self.guarantee, self.guarantee_clock, self.title) if one is not None
        )


class LawPack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The clocks of one body of law; named by id, version and hash."""

    id: str
    version: str
    clock: tuple[AnyClock, ...]
    limitation: LimitationRule
    hash: str = ""

    def named(self, name: str) -> AnyClock | None:
        """The clock of that name."""
        return next((clock for clock in self.clock if clock.name == name), None)


class LawFlaw(ValueError):
    """A law pack that may not decide: what is wrong with it."""


def read_law(raw: dict[str, Any], digest: str) -> LawPack:
    """The pack that parsed TOML describes. Raises LawFlaw."""
    try:
        pack = convert({**raw, "hash": digest}, LawPack)
    except Exception as problem:
        raise LawFlaw(str(problem)) from None
    names = [clock.name for clock in pack.clock]
    if len(set(names)) != len(names):
        raise LawFlaw("a clock is named twice")
    if unknown := set(pack.limitation.clocks) - set(names):
        raise LawFlaw(f"[limitation] names clocks that are not there: {', '.join(sorted(unknown))}")
    for clock in pack.clock:
        for kind in {length.for_ for length in clock.length}:
            dates = [length.from_ for length in clock.length if length.for_ == kind]
            if dates != sorted(set(dates)):
                raise LawFlaw(f"{clock.name}: the dates of its lengths overlap")
    return pack
