"""Word list and templates from files: they decide only when they are what they were when they were pinned."""

import json
from pathlib import Path

import pytest

from services.contact.adapters.texts.template_files import (
    parsed,
    pins_of,
    read_file,
    shipped_templates,
)
from services.contact.adapters.texts.word_file import (
    PACKAGE,
    WORDS,
    WordListUnusable,
    load_words,
    shipped_words,
)
from services.contact.domain.texts.document import TemplateMalformed

FOLDER = Path(__file__).parents[4] / PACKAGE.replace(".", "/")
TEXT = (FOLDER / WORDS).read_text(encoding="utf-8")


def test_the_pins_are_those_of_the_files() -> None:
    assert json.loads((FOLDER / "pins.json").read_text()) == pins_of()


def test_a_list_that_is_not_the_pinned_one_does_not_decide() -> None:
    with pytest.raises(WordListUnusable):
        load_words(TEXT.replace("老赖", "老头", 1), pinned=pins_of()[WORDS])


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ('text = "你这个老赖"\nrules = ["W-INSULT"]', 'text = "你这个老赖"', "comes out wrong"),
        ('id = "W-INSULT"\n', 'id = "W-CRIMINAL"\n', "named twice"),
        ('marker = "insult"\nsource = "CBA2026"', 'marker = "insult"\nsource = "NONE"', "no source"),
        ('parts = ["stops_contact"]', 'parts = ["nothing"]', "no part"),
        ("[list]", "[", "not TOML"),
        ('id = "W-INSULT"\n', 'id = "W-INSULT"\nanything = 1\n', "anything"),
    ],
)
def test_a_list_that_is_not_as_it_must_be_does_not_load(old: str, new: str, flaw: str) -> None:
    assert old in TEXT
    with pytest.raises(WordListUnusable) as refused:
        load_words(TEXT.replace(old, new, 1), pinned=None)
    assert flaw in str(refused.value.context["flaw"])


def test_every_rule_of_the_list_is_proved_by_a_case_of_its_own() -> None:
    proved = {rule for case in shipped_words().words.case for rule in case.rules}
    assert {one.id for one in shipped_words().words.rule} == proved


def test_the_strategy_that_is_shipped_finds_every_template_it_names() -> None:
    named = {
        "m1-remind",
        "m1-call",
        "m2-call",
        "m2-notice",
        "m2-firm-call",
        "m3-formal",
        "m3-call",
        "m4-final",
    }
    assert named | {"plan-offer"} <= set(shipped_templates())


def test_a_file_of_templates_is_read_strictly(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text((FOLDER / "reminders.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert [one.code for one in read_file(file)][:2] == ["before-due-sms", "before-due-email"]
    for data, fault in (
        (b"\xff", "file: NOT_UTF8"), (b"[", "file: NOT_TOML"), (b"", "file: NO_TEMPLATES"),
        (b"[[template]]\n", "template[1]: CODE_MALFORMED"), (b"template = 1", "file: NO_TEMPLATES"),
        (b'[[template]]\ntemplate = "x"\nversion = "1"', "template[1]: SHAPE"),
        (b'[[template]]\ntemplate = "x"\n', "template[1].template: SHAPE"),
    ):  # fmt: skip
        with pytest.raises(TemplateMalformed) as refused:
            parsed(data)
        assert refused.value.context["faults"] == (fault,)
