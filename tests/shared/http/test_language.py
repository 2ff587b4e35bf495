"""Which language a reader gets."""

import pytest

from shared.http.language import chosen


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh", "zh-CN"),
        ("zh-Hans-CN, en", "zh-CN"),
        ("en;q=0.9, zh;q=0.8", "en"),
        ("en;q=0.2, zh-TW;q=0.8", "zh-CN"),
        ("fr", "en"),
        ("fr, zh;q=0.1", "zh-CN"),
        ("zh;q=0", "en"),
        ("*", "en"),
        ("zh;q=lots", "en"),
        ("zh;level=1", "zh-CN"),
        (",;,=;q", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_the_heaviest_language_that_we_write_is_chosen(header: str | None, language: str) -> None:
    assert chosen(header) == language
