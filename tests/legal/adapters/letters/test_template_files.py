"""The texts of the release are those it was made with; a text that says what no letter says does not load."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from services.legal.adapters.letters import template_files as files
from services.legal.adapters.letters.template_files import (
    LetterTemplatesUnusable,
    load_templates,
    pins_of,
    shipped_letters,
)
from services.legal.domain.letters.kinds import KINDS
from shared.texts.writing import LANGUAGES

FOLDER = Path(files.__file__).parent
WORDS = (FOLDER / "words.toml").read_text(encoding="utf-8")
TEXTS = (FOLDER / "letters.toml").read_text(encoding="utf-8")


def load(changed: str) -> Any:
    return load_templates({"letters.toml": changed}, WORDS, pins=None)


def test_every_kind_of_letter_is_there_in_every_language() -> None:
    found = [one for versions in shipped_letters().values() for one in versions]
    assert {one.kind for one in found} == set(KINDS)
    assert all({body.language for body in one.bodies} == set(LANGUAGES) for one in found)
    assert all(len(one.content) == 64 for one in found)


def test_the_pins_are_those_of_the_files() -> None:
    changed = TEXTS.replace("15", "16", 1)
    with pytest.raises(LetterTemplatesUnusable) as refused:
        load_templates({"letters.toml": changed}, WORDS, pins=pins_of())
    assert refused.value.context["flaw"] == "its content is not the pinned one"


@pytest.mark.parametrize(
    ("said", "instead", "flaw"),
    [
        ("郑重致函如下", "若不还款将追究刑事责任", "FORBIDDEN L-CRIMINAL"),
        ("郑重致函如下", "我们将报 警处理", "FORBIDDEN L-CRIMINAL"),
        ("Please pay within", "The police will call. Please pay within", "FORBIDDEN L-CRIMINAL"),
        ("Please pay within", "P0LICE!! Please pay within", "FORBIDDEN L-CRIMINAL"),
        ("郑重致函如下", "我们将通知您的家人", "FORBIDDEN L-OTHERS"),
        ("该笔债务的诉讼时效期间已届满，", "", "MISSING L-EXPIRED-SAYS-SO"),
        ("本函不要求您作出任何答复", "否则委托人将提起诉讼", "FORBIDDEN L-EXPIRED-THREATENS"),
        ("You need not answer this letter.", "Our client will sue you.", "FORBIDDEN L-EXPIRED-THREATENS"),
        ("有异议", "有意见", "MISSING L-OBJECT"),
        ("{name}：", "{nobody}：", "EVERY_VARIABLE_AND_NO_OTHER"),
        ("{name}：", "{{name}：", "PLACEHOLDER_MALFORMED"),
        ('kind = "DEMAND"', 'kind = "POEM"', "NOT_OF_THE_LIST"),
        ('audience = "debtor"', 'audience = "guarantor"', "A_GUARANTOR_GETS_A_GUARANTOR_DEMAND"),
        ("answer_days = 15", "answer_days = 400", "OUT_OF_BOUNDS"),
        ("version = 1", "version = 2", "versions follow one another"),
        ('{ name = "name", kind = "name" }', '{ name = "name", kind = "money" }', "variables.name: KIND"),
    ],
)
def test_a_text_that_may_not_be_used_does_not_load(said: str, instead: str, flaw: str) -> None:
    assert said in TEXTS
    with pytest.raises(LetterTemplatesUnusable) as refused:
        load(TEXTS.replace(said, instead))
    assert flaw in str(refused.value.context["flaw"])


def test_what_is_no_toml_is_said() -> None:
    with pytest.raises(LetterTemplatesUnusable):
        load("template = [")
    assert tomllib.loads(TEXTS)["template"]
