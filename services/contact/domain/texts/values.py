"""Values of variables: what each kind takes, strictly, and how each language writes it.

A value is a plain string of its kind, so that it can be stored and the same text made again: money "1234.50 CNY", date
"2026-12-01", time "15:30", number "3", masked_account the last four characters, choice a code. How a language writes
them is ours and fixed, because a library's calendar and number data change with its releases.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time

from services.contact.domain.facts.texts import Variable
from shared.kernel import money
from shared.kernel.refusal import Refused

CHINESE, ENGLISH = "zh-CN", "en"
LANGUAGES = (CHINESE, ENGLISH)
KINDS = (
    "money", "date", "time", "number", "name", "institution", "masked_account", "phone", "choice",
)  # fmt: skip
MALFORMED = "MALFORMED"
NAME_CHARS_MAX = 60
_NAME_MARKS = frozenset(" ·•.'’-–,，()（）&/")
"""What stands in names of people and firms beside letters and digits."""
_WIDE_MARKS = str.maketrans("（），", "(),")
_MONEY = re.compile(r"(?P<amount>[0-9.]+) (?P<currency>[A-Z]{3})")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")
_LAST_FOUR = re.compile(r"[0-9A-Z]{4}")
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){3,18}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


class TemplateValueUnfit(Refused):
    """A value does not fit the variable: missing, of another kind, or with characters that a value never has.

    Context: faults, as `variable: CODE`; values that the template does not declare are only counted. Nothing of the
    value itself is repeated. `GET /v1/templates/{template_id}/versions/{version}` lists the variables and their kinds.
    """

    code = "template-value-unfit"
    title_en = "A value does not fit the template"
    title_zh = "变量取值与模板不符"


SAMPLES: Mapping[str, str] = {
    "money": "1234.50 CNY",
    "date": "2026-03-01",
    "time": "15:30",
    "number": "6",
    "name": "示例 Example",
    "institution": "示例银行 Example Bank",
    "masked_account": "1234",
    "phone": "021-95588",
}
"""A value of each kind, nobody's, to look at a text with."""


def samples(variables: tuple[Variable, ...]) -> dict[str, str]:
    """A value for each variable; of a choice its first text."""
    return {one.name: one.choices[0].code if one.choices else SAMPLES[one.kind] for one in variables}


def masked(variables: tuple[Variable, ...], said: Mapping[str, str]) -> dict[str, str]:
    """What is written, with names hidden but for their first character."""
    names = {one.name for one in variables if one.kind == "name"}
    return {name: f"{text[:1]}**" if name in names else text for name, text in said.items()}


def written(variables: tuple[Variable, ...], values: Mapping[str, str], language: str) -> dict[str, str]:
    """Each variable as the language writes it. Raises TemplateValueUnfit, with every fault at once."""
    found: dict[str, str] = {}
    faults = []
    for variable in variables:
        value = values.get(variable.name)
        said = None if value is None else _written(variable, value, language)
        if said is None:
            faults.append(f"{variable.name}: {'MISSING' if value is None else MALFORMED}")
        else:
            found[variable.name] = said
    surplus = len(set(values) - {variable.name for variable in variables})
    if surplus:
        faults.append(f"UNDECLARED: {surplus}")
    if faults:
        raise TemplateValueUnfit(faults=tuple(faults))
    return found


def _written(variable: Variable, value: str, language: str) -> str | None:
    if variable.kind == "choice":
        chosen = next((one for one in variable.choices if one.code == value), None)
        return None if chosen is None else (chosen.zh if language == CHINESE else chosen.en)
    return _WRITERS[variable.kind](value, language == CHINESE)


def _money(value: str, chinese: bool) -> str | None:
    parts = _MONEY.fullmatch(value)
    if parts is None:
        return None
    try:
        amount = money.parse(parts["amount"], parts["currency"])
    except Refused:
        return None
    whole, dot, fraction = amount.decimal().partition(".")
    grouped = f"{int(whole):,}{dot}{fraction}"
    if chinese:
        return f"人民币{grouped}元" if amount.currency == "CNY" else f"{amount.currency} {grouped}"
    return f"{amount.currency} {grouped}"


def _date(value: str, chinese: bool) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if day.isoformat() != value:
        return None
    if chinese:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _time(value: str, chinese: bool) -> str | None:
    return time.fromisoformat(value).strftime("%H:%M") if _TIME.fullmatch(value) else None


def _number(value: str, chinese: bool) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _name(value: str, chinese: bool) -> str | None:
    if not 1 <= len(value) <= NAME_CHARS_MAX or value != value.strip():
        return None
    plain = value.translate(_WIDE_MARKS)
    if unicodedata.normalize("NFKC", plain) != plain:
        return None
    fit = all(unicodedata.category(one)[0] in "LMN" or one in _NAME_MARKS for one in value)
    return value if fit else None


def _masked_account(value: str, chinese: bool) -> str | None:
    if not _LAST_FOUR.fullmatch(value):
        return None
    return f"尾号{value}" if chinese else f"ending in {value}"


def _phone(value: str, chinese: bool) -> str | None:
    return value if _PHONE.fullmatch(value) else None


_WRITERS: Mapping[str, Callable[[str, bool], str | None]] = {
    "money": _money,
    "date": _date,
    "time": _time,
    "number": _number,
    "name": _name,
    "institution": _name,
    "masked_account": _masked_account,
    "phone": _phone,
}
