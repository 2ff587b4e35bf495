"""How a file of payments is to be read: a mapping in TOML, read as strictly as the mapping of a book.

format = "quittance-payments/1"
source = "ICBC"                      # whose references these are, where no column says it
channel = "BANK_TRANSFER"
[file]                               # a table: its shape, its columns in our words, code tables, constants
[columns]
[constants]
[codes.kind]
[accounts]                           # a bank's statement: what our bank accounts are called
[[references]]                       # which texts of a payment name an account or a debtor
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.case.adapters.book import reading
from services.case.adapters.book.file_keys import DELIMITERS, HEADER_ROW_MAX, date_forms
from services.case.adapters.book.mapping import CSV, ENCODINGS, FEN, XLSX, YUAN, FileShape, MappingUnusable
from services.case.adapters.book.strict_table import StrictTable, parsed

FORMAT = "quittance-payments/1"
FIELDS = (
    "kind", "source", "source_ref", "value_on", "currency", "amount", "debtor_ref", "account_ref", "text",
    "end_to_end", "original_ref", "channel", "reason",
)  # fmt: skip
"""What a column can fill, in the order in which a row is judged."""
CODED = ("kind", "source", "currency", "channel", "reason")
NEEDED = ("source_ref", "value_on", "amount")
PAYMENT, RETURN = "PAYMENT", "RETURN"
STRUCTURED, END_TO_END, MANDATE, UNSTRUCTURED, TEXT = (
    "STRUCTURED", "END_TO_END", "MANDATE", "UNSTRUCTURED", "TEXT",
)  # fmt: skip
PLACES = (STRUCTURED, END_TO_END, MANDATE, UNSTRUCTURED, TEXT)
TEXT_LETTERS_MAX = 1_000
"""Of a text in which a reference is looked for; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    """A pattern with a group `account_ref` or `debtor_ref`, and the texts in which it is looked for."""

    places: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """A whole mapping. `shape` None: it tells nothing of a table. `codes` by field, then by the lender's word.

    `originals`: types of a bank's own references by which a return names the payment that went back.
    """

    source: str | None = None
    channel: str = "BANK_TRANSFER"
    shape: FileShape | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    unit: str = YUAN
    thousands: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict)
    originals: tuple[str, ...] = ()
    rules: tuple[ReferenceRule, ...] = ()
    text: bytes = b""

    def named(self, texts: Mapping[str, Iterable[str]]) -> tuple[str | None, str | None]:
        """(account_ref, debtor_ref) that these texts name; nothing where two rules or texts disagree.

        The first rule that finds anything decides. Where one rule finds two different things, nobody is sure.
        """
        for rule in self.rules:
            found = {
                (groups.get("account_ref"), groups.get("debtor_ref"))
                for place in rule.places
                for text in texts.get(place, ())
                for match in rule.pattern.finditer(text[:TEXT_LETTERS_MAX])
                if any(groups := match.groupdict())
            }
            if found:
                return found.pop() if len(found) == 1 else (None, None)
        return None, None


def read_terms(path: Path | None) -> PaymentTerms:
    """The mapping in the file, or what holds without one. Raises MappingUnusable; OSError as `open` does."""
    if path is None:
        return PaymentTerms()
    text = path.read_bytes()
    root = parsed(text)
    root.text("format", among=(FORMAT,))
    source, channel = _word(root, "source", None), _word(root, "channel", "BANK_TRANSFER")
    dates, unit = date_forms(root, ("%Y-%m-%d",)), root.text("unit", YUAN, among=(YUAN, FEN))
    thousands = root.flag("thousands")
    columns, constants = root.pairs("columns"), root.pairs("constants")
    shape = _shape(root.table("file"), optional=tuple(columns.values())) if columns else None
    codes = _codes(root.table("codes"), columns)
    accounts = root.pairs("accounts")
    for name, word in accounts.items():
        _readable(root, f"accounts.{name}", word)
    originals = root.texts("original_refs", ())
    rules = tuple(_rule(table) for table in root.tables("references"))
    root.done()
    _complete(root, columns, constants, source)
    return PaymentTerms(
        source=source, channel=channel or "BANK_TRANSFER", shape=shape, columns=columns, constants=constants,
        codes=codes, dates=dates, unit=unit, thousands=thousands,
        accounts={_bare(name): word for name, word in accounts.items()},
        originals=originals, rules=rules, text=text,
    )  # fmt: skip


def account_name(terms: PaymentTerms, account: str) -> str | None:
    """What the mapping calls a bank account, however its number is spaced."""
    return terms.accounts.get(_bare(account))


def _bare(account: str) -> str:
    return re.sub(r"[\s-]", "", account).upper()


def _word(table: StrictTable, name: str, default: str | None) -> str | None:
    value: str | None = table.text(name, default)
    if value is not None:
        _readable(table, name, value)
    return value


def _readable(table: StrictTable, name: str, value: str) -> None:
    if not reading.WORD.fullmatch(value):
        raise table.refuse(name, "not-allowed", allowed=("A-Z, 0-9, _",))


def _shape(table: StrictTable, *, optional: tuple[str, ...]) -> FileShape:
    """A column that the mapping names and the file lacks is refused by the reader, not here."""
    form = table.text("format", CSV, among=(CSV, XLSX))
    encoding, delimiter, sheet = "utf-8", ",", None
    if form == CSV:
        encoding = table.text("encoding", "utf-8", among=ENCODINGS)
        delimiter = table.take("delimiter", ",")
        if delimiter not in DELIMITERS:
            raise table.refuse("delimiter", "not-allowed", allowed=DELIMITERS)
    else:
        sheet = table.text("sheet", None)
    shape = FileShape(
        name="payments", path="", format=form, encoding=encoding, delimiter=delimiter, sheet=sheet,
        header_row=table.whole("header_row", 1, least=1, most=HEADER_ROW_MAX), ignore=table.texts("ignore", ()),
        optional=optional,
    )  # fmt: skip
    table.done()
    return shape


def _codes(table: StrictTable, columns: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The code table of each coded column, all of whose words the field can take."""
    found = {}
    for name in table.names():
        if name not in CODED or name not in columns:
            raise table.refuse(name, "not-a-coded-column", allowed=CODED)
        pairs = table.pairs(name)
        for theirs, ours in pairs.items():
            allowed = (PAYMENT, RETURN) if name == "kind" else ()
            if ours not in allowed if allowed else not reading.WORD.fullmatch(ours):
                raise table.refuse(f"{name}.{theirs}", "not-allowed", allowed=allowed)
        found[name] = pairs
    return found


def _rule(table: StrictTable) -> ReferenceRule:
    places = table.texts("in", (STRUCTURED,))
    for place in places:
        if place not in PLACES:
            raise table.refuse("in", "not-allowed", allowed=PLACES)
    try:
        pattern = re.compile(table.text("pattern"))
    except re.error:
        raise table.refuse("pattern", "not-a-pattern") from None
    if not pattern.groupindex or not set(pattern.groupindex) <= {"account_ref", "debtor_ref"}:
        raise table.refuse("pattern", "not-allowed", allowed=("(?P<account_ref>…)", "(?P<debtor_ref>…)"))
    table.done()
    return ReferenceRule(places, pattern)


def _complete(
    root: StrictTable, columns: Mapping[str, str], constants: Mapping[str, str], source: str | None
) -> None:
    """Refuse columns that could not make one row, and what means nothing."""
    for name, found in (("columns", columns), ("constants", constants)):
        for one in found:
            if one not in FIELDS:
                raise MappingUnusable(key=f"{name}.{one}", wrong="unknown-key", allowed=FIELDS)
    for one, value in constants.items():
        if one in columns:
            raise MappingUnusable(key=f"constants.{one}", wrong="twice")
        if one not in CODED or not reading.WORD.fullmatch(value):
            raise MappingUnusable(key=f"constants.{one}", wrong="not-allowed", allowed=CODED)
    if constants and not columns:
        raise root.refuse("columns", "missing")
    if not columns:
        return
    for one in NEEDED:
        if one not in columns:
            raise root.refuse(f"columns.{one}", "missing")
    if "source" not in columns and "source" not in constants and source is None:
        raise root.refuse("source", "missing")
    if "currency" not in columns and "currency" not in constants:
        raise root.refuse("columns.currency", "missing")
