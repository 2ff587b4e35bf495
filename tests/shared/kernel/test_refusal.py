"""A refusal cannot be defined without saying what, why and in which words."""

import pytest

from shared.kernel import money
from shared.kernel.refusal import Refused, all_refusals


def test_a_refusal_has_a_code_two_titles_and_a_docstring() -> None:
    for code, kind in all_refusals().items():
        assert kind.code == code
        if not kind.__module__.startswith(("shared.", "services.")):
            continue  # made up by another test
        assert all((kind.title_en, kind.title_zh, kind.__doc__))
        assert any("一" <= letter <= "鿿" for letter in kind.title_zh)


@pytest.mark.parametrize("missing", ["code", "title_en", "title_zh", "__doc__"])
def test_a_refusal_without_one_of_them_cannot_be_defined(missing: str) -> None:
    body = {"code": "never-defined", "title_en": "No", "title_zh": "否", "__doc__": "Why."}
    del body[missing]
    with pytest.raises(TypeError, match=missing):
        type("Incomplete", (Refused,), body)


@pytest.mark.parametrize("code", ["Not-Kebab", "snake_case", "-dash", "1st", "a--b"])
def test_a_code_is_kebab_case(code: str) -> None:
    with pytest.raises(TypeError, match="kebab"):
        type("Odd", (Refused,), {"code": code, "title_en": "No", "title_zh": "否", "__doc__": "Why."})


def test_a_code_belongs_to_one_refusal_for_ever() -> None:
    body = {"code": "unknown-currency", "title_en": "No", "title_zh": "否", "__doc__": "Why."}
    with pytest.raises(TypeError, match="belongs to UnknownCurrency"):
        type("Thief", (Refused,), body)


def test_the_title_follows_the_language() -> None:
    refusal = money.UnknownCurrency(allowed=("CNY", "TWD"))
    assert refusal.title("zh-CN") == refusal.title("ZH") == "币种代码无法识别"
    assert refusal.title("en-GB") == refusal.title("fr") == "The currency is not known"
    assert refusal.context == {"allowed": ("CNY", "TWD")}
