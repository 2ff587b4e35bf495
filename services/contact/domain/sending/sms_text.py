"""How many parts a text message takes on the air: what a provider bills, and where a long text is cut.

Source: 3GPP TS 23.038, 6.2.1 (alphabet and extension table), 6.2.3 (UCS-2); TS 23.040, 9.2.3.24.1 (header of a part).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Characters that take two places in the seven-bit alphabet."""
PLACES: dict[str, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
"""Places of a message in one part, and of each part of a longer one, whose header takes the rest."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How a text goes over the air: its encoding, and the number of parts (1 for an empty text)."""

    encoding: Literal["GSM-7", "UCS-2"]
    parts: int


def parts_of(text: str) -> Parts:
    """The parts of a text. One character outside of the seven-bit alphabet puts all of it into UCS-2."""
    seven = all(one in _BASIC or one in _EXTENDED for one in text)
    encoding: Literal["GSM-7", "UCS-2"] = "GSM-7" if seven else "UCS-2"
    whole, each = PLACES[encoding]
    widths = list(_widths(text, seven=seven))
    if sum(widths) <= whole:
        return Parts(encoding, 1)
    parts, used = 1, 0
    for width in widths:  # a character of two places is never cut
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return Parts(encoding, parts)


def _widths(text: str, *, seven: bool) -> Iterator[int]:
    for one in text:
        yield (2 if one in _EXTENDED else 1) if seven else (2 if ord(one) > 0xFFFF else 1)
