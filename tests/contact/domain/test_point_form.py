"""One number or address has one form, however it is written."""

from __future__ import annotations

import pytest

from services.contact.domain.point_form import normal, region_of


@pytest.mark.parametrize(
    ("medium", "value", "form"),
    [
        ("phone", "13912345678", "+8613912345678"),
        ("phone", "+86 139-1234-5678", "+8613912345678"),
        ("phone", "0086 139 1234 5678", "+8613912345678"),
        ("phone", "１３９１２３４５６７８", "+8613912345678"),
        ("phone", "+1 415 555 2671", "+14155552671"),
        ("phone", "", None),
        ("phone", "12", None),
        ("phone", "tel:13912345678", None),
        ("phone", "13912345678 call me", None),
        ("phone", "张三", None),
        ("email", "Zhang.Wei@Example.COM", "zhang.wei@example.com"),
        ("email", " a@例子.中国 ", "a@xn--fsqu00a.xn--fiqs8s"),
        ("email", "no at sign", None),
        ("email", "a@b@c", None),
        ("email", "a\r\n@example.com", None),
        ("post", " 1  High\nStreet ", "1 High Street"),
        ("post", "  ", None),
    ],
)
def test_a_point_has_one_form(medium: str, value: str, form: str | None) -> None:
    assert normal(medium, value) == form
    if form is not None:
        assert normal(medium, form) == form


def test_a_number_without_a_country_code_is_of_the_region() -> None:
    assert normal("phone", "(415) 555-2671", region=region_of("US-MA")) == "+14155552671"
    assert normal("phone", "020 7946 0018", region=region_of("UK")) == "+442079460018"
    assert normal("phone", "020 7946 0018", region="nowhere") is None
