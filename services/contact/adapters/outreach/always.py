"""What every text of outreach says, as the lender sets it: who writes, and whom one can call."""

from collections.abc import Mapping
from typing import NamedTuple

from services.contact.domain.facts.texts import Variable
from services.contact.domain.texts.values import TemplateValueUnfit, written
from shared.texts.writing import LANGUAGES


class Setting(NamedTuple):
    """One setting as the reference shows it; `variable` is what the texts call it, of that kind."""

    name: str
    variable: str
    kind: str
    means: str


SETTINGS = (
    Setting(
        "QUITTANCE_INSTITUTION", "institution", "institution",
        "The lender's name as messages of outreach say it. Without it no such message is sent: its step waits, and is "
        "skipped with NO_VALUES.",
    ),
    Setting("QUITTANCE_HOTLINE", "hotline", "phone", "The number that messages of outreach name for questions."),
)  # fmt: skip


def given(environment: Mapping[str, str]) -> dict[str, str]:
    """What is said, by variable. Raises ValueError with the setting's name for what is no such value."""
    found = {}
    for one in SETTINGS:
        value = environment.get(one.name)
        if not value:
            continue
        try:
            for language in LANGUAGES:
                written((Variable(name=one.variable, kind=one.kind),), {one.variable: value}, language)
        except TemplateValueUnfit:
            raise ValueError(one.name) from None
        found[one.variable] = value
    return found


def by_language(said: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """The same in every language."""
    return dict.fromkeys(LANGUAGES, said)
