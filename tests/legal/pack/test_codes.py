"""Every code that a pack prints has words in both languages."""

import pytest

from services.contact.domain.asked import CHANNELS
from services.contact.domain.outcomes import OUTCOMES
from services.legal.adapters.pack import codes, words
from services.legal.domain.clocks import reading


@pytest.mark.parametrize("code", [*CHANNELS, *sorted(OUTCOMES), "in", "out"])
def test_contacts(code: str) -> None:
    assert codes.contact(code, "en") != code or code in ("letter", "visit", "busy", "rejected")
    assert not codes.contact(code, "zh-CN").isascii()


def test_effects_and_headings() -> None:
    effects = (
        reading.START, reading.RESTART, reading.HELD, reading.RUNS_AGAIN, reading.SUSPENDS, reading.RESUMES,
        reading.WAIVES, reading.TOO_LATE, reading.UNDONE,
    )  # fmt: skip
    assert set(effects) == set(codes.EFFECTS)
    assert all((en and not zh.isascii()) or "SHA" in zh for en, zh in words.WORDS.values())
