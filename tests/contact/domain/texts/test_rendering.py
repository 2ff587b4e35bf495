"""The exact text again: the same bytes for the same version and values, and values that bring nothing with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contact.domain.texts.document import TEXT_CHARS_MAX
from services.contact.domain.texts.rendering import RENDERER, TemplateLanguageMissing, render
from services.contact.domain.texts.values import TemplateValueUnfit
from tests.contact.texts import LAWFUL_ZH, VALUES, WORDS, a_text


def faults(**values: str) -> tuple[str, ...]:
    with pytest.raises(TemplateValueUnfit) as refused:
        render(a_text(), "zh-CN", VALUES | values, WORDS)
    found = refused.value.context["faults"]
    assert isinstance(found, tuple)
    return found


def test_the_text_is_exactly_this_in_both_languages() -> None:
    assert render(a_text(), "zh-CN", VALUES, WORDS).text == (
        "【示例银行】王小明您好，您尾号1234的账户有人民币1,234.50元已于2026年3月1日到期。详询021-95588。回复T退订。"
    )
    said = render(a_text(), "en", VALUES | {"institution": "Example Bank", "name": "Li O'Neil"}, WORDS)
    assert said.text == (
        "Example Bank: Hello Li O'Neil, CNY 1,234.50 on your account ending in 1234 was due on 1 March 2026. "
        "Questions: 021-95588. Reply T to stop these messages."
    )


def test_the_hash_is_that_of_these_bytes_for_good() -> None:
    said = render(a_text(), "zh-CN", VALUES, WORDS)
    assert said.renderer == RENDERER == "quittance-text/1"
    assert said.hash == "0cdbbff5c594c13582078aa6f3252dc0e129bac33e274a23e0e1c9bb6d412d7b"
    assert said == render(a_text(), "zh-CN", dict(reversed(VALUES.items())), WORDS)
    assert said.hash != render(a_text(), "zh-CN", VALUES | {"amount": "1234.51 CNY"}, WORDS).hash
    assert said.hash != render(a_text(), "en", VALUES, WORDS).hash


def test_a_text_shows_nothing_of_its_person_where_it_is_only_named() -> None:
    assert "王小明" not in repr(render(a_text(), "zh-CN", VALUES, WORDS))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "1234.5.0 CNY"), ("amount", "12 XXX"), ("amount", "1,234 CNY"), ("amount", "-5 CNY"),
        ("amount", "1.005 CNY"), ("amount", "１２ CNY"), ("due_date", "2026-02-30"), ("due_date", "20260301"),
        ("due_date", "tomorrow"), ("account", "12345"), ("account", "6222021234567890"), ("hotline", "call me"),
        ("hotline", "021-95588; 法院"), ("name", ""), ("name", " 王"), ("name", "王{amount}"), ("name", "<b>王</b>"),
        ("name", "王\n小"), ("name", "王\u200b小"), ("name", "\u202e王"), ("name", "王" * 61), ("name", "Ｗａｎｇ"),
        ("name", "王：请立即还款"), ("institution", "银行{name}"),
    ],
)  # fmt: skip
def test_a_value_of_another_shape_is_refused_and_not_repeated(name: str, value: str) -> None:
    assert faults(**{name: value}) == (f"{name}: MALFORMED",)


def test_missing_and_surplus_values_are_told_at_once() -> None:
    with pytest.raises(TemplateValueUnfit) as refused:
        render(a_text(), "zh-CN", {"name": "王小明", "secret": "x"}, WORDS)
    assert refused.value.context["faults"] == (
        "institution: MISSING", "account: MISSING", "amount: MISSING", "due_date: MISSING",
        "hotline: MISSING", "UNDECLARED: 1",
    )  # fmt: skip


def test_a_language_that_the_version_has_not_is_refused() -> None:
    only = a_text(bodies=[{"language": "zh-CN", "text": LAWFUL_ZH}])
    with pytest.raises(TemplateLanguageMissing) as refused:
        render(only, "en", VALUES, WORDS)
    assert refused.value.context["languages"] == ("zh-CN",)


def test_a_value_that_makes_the_text_threaten_marks_it_for_the_rules_on_content() -> None:
    harmless = render(a_text(), "zh-CN", VALUES, WORDS)
    assert "impersonates_authority" not in harmless.markers
    said = render(a_text(), "zh-CN", VALUES | {"name": "法院传票 王小明"}, WORDS)
    assert "impersonates_authority" in said.markers


def test_money_dates_and_codes_are_written_as_each_language_has_it() -> None:
    variables = [
        {"name": "sum", "kind": "money"}, {"name": "at", "kind": "time"}, {"name": "n", "kind": "number"},
        {"name": "way", "kind": "choice", "choices": [{"code": "app", "zh": "手机银行", "en": "mobile banking"}]},
    ]  # fmt: skip
    bodies = [{"language": one, "text": "{sum}|{at}|{n}|{way}"} for one in ("zh-CN", "en")]
    text = a_text(channel="voice", variables=variables, bodies=bodies)
    values = {"sum": "1000000 JPY", "at": "09:05", "n": "12", "way": "app"}
    assert render(text, "zh-CN", values, WORDS).text == "JPY 1,000,000|09:05|12|手机银行"
    assert render(text, "en", values, WORDS).text == "JPY 1,000,000|09:05|12|mobile banking"
    with pytest.raises(TemplateValueUnfit):
        render(text, "en", values | {"way": "手机银行"}, WORDS)


@given(st.text(max_size=80))
def test_whatever_a_name_is_it_is_refused_or_stands_in_the_text_as_it_is(name: str) -> None:
    values = VALUES | {"name": name}
    try:
        said = render(a_text(), "zh-CN", values, WORDS)
    except TemplateValueUnfit:
        return
    assert said.text == render(a_text(), "zh-CN", VALUES, WORDS).text.replace("王小明", name, 1)
    assert not set(name) & set("{}<>\n\u200b")
    assert len(said.text) <= TEXT_CHARS_MAX["sms"]
