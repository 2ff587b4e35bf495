"""Parts of a text message, by the counts of 3GPP TS 23.038 and 23.040."""

from __future__ import annotations

import pytest

from services.contact.domain.sending.sms_text import Parts, parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", Parts("GSM-7", 1)),
        ("a" * 160, Parts("GSM-7", 1)),
        ("a" * 161, Parts("GSM-7", 2)),
        ("a" * 306, Parts("GSM-7", 2)),
        ("a" * 307, Parts("GSM-7", 3)),
        ("€" * 80, Parts("GSM-7", 1)),
        ("€" * 81, Parts("GSM-7", 2)),
        ("€" * 152, Parts("GSM-7", 2)),  # 153 is odd: one place of each part stays empty
        ("€" * 153, Parts("GSM-7", 3)),
        ("款" * 70, Parts("UCS-2", 1)),
        ("款" * 71, Parts("UCS-2", 2)),
        ("款" * 134, Parts("UCS-2", 2)),
        ("款" * 135, Parts("UCS-2", 3)),
        ("a" * 69 + "款", Parts("UCS-2", 1)),
        ("a" * 70 + "款", Parts("UCS-2", 2)),
        ("😀" * 35, Parts("UCS-2", 1)),
        ("😀" * 66, Parts("UCS-2", 2)),  # 67 is odd: a pair is not cut
        ("😀" * 67, Parts("UCS-2", 3)),
        ("á", Parts("UCS-2", 1)),
        ("à", Parts("GSM-7", 1)),
    ],
)
def test_parts_of_a_text(text: str, parts: Parts) -> None:
    assert parts_of(text) == parts
