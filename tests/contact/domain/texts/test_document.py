"""A template is read strictly: of closed lists, within bounds, every fault named with where it stands."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contact.domain.texts import document
from services.contact.domain.texts.document import TemplateMalformed
from services.contact.domain.texts.lint import lint
from tests.contact.texts import LAWFUL_ZH, WORDS, a_text, raw

BODY = {"language": "zh-CN", "text": LAWFUL_ZH}


def faults(**changes: Any) -> tuple[str, ...]:
    with pytest.raises(TemplateMalformed) as refused:
        document.read(raw(**changes))
    found = refused.value.context["faults"]
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"channel": "social"}, "channel: NOT_OF_THE_LIST"),
        ({"channel": "postcard"}, "channel: NOT_OF_THE_LIST"),
        ({"situation": "pressure"}, "situation: NOT_OF_THE_LIST"),
        ({"purpose": "pressure"}, "purpose: NOT_OF_THE_LIST"),
        ({"purpose": "share"}, "purpose: NOT_OF_THE_LIST"),
        ({"audience": "joint_creditor"}, "audience: NOT_OF_THE_LIST"),
        ({"audience": "third_party"}, "audience: OTHERS_ARE_ONLY_ASKED_WHERE"),
        ({"situation": "locate", "purpose": "location"}, "audience: OTHERS_ARE_ONLY_ASKED_WHERE"),
        ({"stages": ["M5"]}, "stages: NOT_OF_THE_LIST"),
        ({"stages": ["M1", "M1"]}, "stages: TWICE"),
        ({"bodies": []}, "bodies: NONE"),
        ({"bodies": [BODY, BODY]}, "bodies: TWICE"),
        ({"bodies": [{"language": "fr", "text": "x"}]}, "bodies: LANGUAGE_NOT_OF_THE_LIST"),
        ({"bodies": [{"language": "en", "text": "  "}]}, "bodies.en: EMPTY"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "字" * 500}]}, "bodies.zh-CN: TOO_LONG"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "{"}]}, "bodies.zh-CN: PLACEHOLDER_MALFORMED"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "{{name}}"}]}, "bodies.zh-CN: PLACEHOLDER_MALFORMED"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "{name!r}"}]}, "bodies.zh-CN: PLACEHOLDER_MALFORMED"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "{name.x}"}]}, "bodies.zh-CN: PLACEHOLDER_MALFORMED"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "\ufffc"}]}, "bodies.zh-CN: PLACEHOLDER_MALFORMED"),
        ({"bodies": [{**BODY, "text": LAWFUL_ZH + "{else_}"}]}, "bodies.zh-CN: VARIABLE_UNDECLARED"),
        (
            {"bodies": [{**BODY, "text": LAWFUL_ZH.replace("{name}", "")}]},
            "bodies.zh-CN: VARIABLE_UNUSED name",
        ),
        ({"bodies": [{**BODY, "subject_line": "x"}]}, "bodies.zh-CN.subject_line: UNWANTED"),
        ({"channel": "letter"}, "bodies.zh-CN.subject_line: MISSING"),
        (
            {"channel": "letter", "bodies": [{**BODY, "subject_line": "a\nb"}]},
            "bodies.zh-CN.subject_line: MALFORMED",
        ),
        ({"anything": 1}, "template: UNKNOWN_FIELDS 1"),
        ({"bodies": "text"}, "template: SHAPE"),
        ({"stages": None}, "template: SHAPE"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(**changes)


@pytest.mark.parametrize(
    ("variable", "fault"),
    [
        ({"name": "Name", "kind": "name"}, "variables[1]: NAME_MALFORMED"),
        ({"name": "x", "kind": "html"}, "variables[1]: KIND_NOT_OF_THE_LIST"),
        ({"name": "x", "kind": "choice"}, "variables[1]: CHOICES_OF_A_CHOICE_ONLY"),
        (
            {"name": "x", "kind": "name", "choices": [{"code": "a", "zh": "甲", "en": "a"}]},
            "variables[1]: CHOICES_OF_A_CHOICE_ONLY",
        ),
        (
            {"name": "x", "kind": "choice", "choices": [{"code": "a", "zh": "{y}", "en": "a"}]},
            "variables[1]: CHOICES_MALFORMED",
        ),
    ],
)
def test_a_variable_that_is_not_as_it_must_be_is_named(variable: dict[str, Any], fault: str) -> None:
    assert fault in faults(variables=[variable])


def test_many_faults_are_told_at_once_and_no_more_than_fifty() -> None:
    assert len(faults(channel="x", situation="x", purpose="x")) >= 3
    with pytest.raises(TemplateMalformed) as refused:
        document.read(raw(variables=[{"name": "X", "kind": "x"} for _ in range(40)]))
    assert len(refused.value.context["faults"] or ()) == 50  # type: ignore[arg-type]
    assert refused.value.context["more"] == 35


def test_the_hash_is_of_the_content_and_not_of_its_order() -> None:
    turned = dict(reversed(raw().items()))
    assert document.digest(document.read(turned)) == document.digest(a_text())
    assert document.digest(a_text(stages=["M2"])) != document.digest(a_text())


_PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["{name}", "{amount}", "{", "}", "{{", "{x}", "\ufffc", "\u200b", "老赖", "\r\n", "{hotline}"]
    ),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(_PIECES, max_size=12))
def test_whatever_a_text_holds_it_is_refused_or_read_and_linted(pieces: list[str]) -> None:
    bodies = [{"language": "en", "text": LAWFUL_ZH + "".join(pieces)}]
    try:
        text = document.read(raw(bodies=bodies))
    except TemplateMalformed:
        return
    assert lint(text, WORDS) == lint(text, WORDS)


@given(st.dictionaries(st.sampled_from([*raw(), "else"]), _JSON, max_size=8))
def test_whatever_a_request_holds_it_is_refused_or_read(changes: dict[str, Any]) -> None:
    with suppress(TemplateMalformed):
        text = document.read({**raw(), **changes})
        assert document.read(msgspec.to_builtins(text)) == text
