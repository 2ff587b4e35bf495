"""Values of variables: what each kind takes, strictly, and how each language writes it.

A value is a plain string of its kind, so that it can be stored and the same text made again: money "1234.50 CNY", date
"2026-12-01", time "15:30", number "3", masked_account the last four characters, choice a code. How a language writes
them is ours and fixed, because a library's calendar and number data change with its releases.
"""

from collections.abc import Mapping

from services.contact.domain.facts.texts import Variable
from shared.kernel.refusal import Refused
from shared.texts.writing import CHINESE, WRITERS

KINDS = (
    "money", "date", "time", "number", "name", "institution", "masked_account", "phone", "choice",
)  # fmt: skip
MALFORMED = "MALFORMED"


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
    return WRITERS[variable.kind](value, language == CHINESE)
