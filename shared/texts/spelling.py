"""One spelling for text that is searched for words: what only looks different is made the same, and patterns are
lenient in what stands between letters.

Against full-width and styled letters, zero-width and bidirectional marks, accents, look-alikes of other scripts,
traditional characters, digits for letters, doubled letters, and anything but letters between the letters.
"""

import re
import unicodedata
from collections.abc import Mapping

_LOOK_ALIKES = str.maketrans(
    # Cyrillic, then Greek, then Latin letters that compatibility forms leave alone
    "авекмнорстухіјѕԁԛԝѵьёαβεικνορτυχωϲϳıłøđħŧɑɡⅼꓲ",
    "abekmhopctyxijsdqwvbeabeikvoptuxwcjilodhtagll",
)
_LEET = {
    "a": "a4@", "b": "b8", "e": "e3", "g": "g9", "i": "i1l!|", "l": "l1i|", "o": "o0", "s": "s5$", "t": "t7",
}  # fmt: skip
BETWEEN_HAN = r"[\W_]{0,6}"
BETWEEN_LATIN = r"[\W_]{0,3}"
GAP = "…"
_GAP = r"[\s\S]{0,20}?"
_WORD_BEFORE, _WORD_AFTER = r"(?<![a-z0-9])", r"(?![a-z0-9])"


def folded(text: str, variants: Mapping[int, str]) -> str:
    """The text in the spelling that patterns are written for. `variants`: character -> the one written for it."""
    plain = unicodedata.normalize("NFKD", text)
    kept = (
        one for one in plain if unicodedata.category(one) not in ("Cf", "Mn", "Me", "Cc") or one in "\n\t "
    )
    return "".join(kept).casefold().translate(_LOOK_ALIKES).translate(dict(variants))


def han(phrase: str) -> str:
    """The pattern of a Chinese phrase; `…` stands for up to twenty characters."""
    return _GAP.join(BETWEEN_HAN.join(re.escape(one) for one in part) for part in phrase.split(GAP))


def latin(phrase: str) -> str:
    """The pattern of a phrase in Latin letters: whole words, `*` at the end of one for any ending, `…` a gap."""
    return _GAP.join(
        _WORD_BEFORE
        + BETWEEN_LATIN.join(_word(word) for word in part.split())
        + ("" if part.endswith("*") else _WORD_AFTER)
        for part in phrase.split(GAP)
        if part.strip()
    )


def _word(word: str) -> str:
    letters = word.rstrip("*").casefold()
    pattern = BETWEEN_LATIN.join(f"[{_LEET.get(one, one)}]{{1,3}}" for one in letters)
    return pattern + ("[a-z]*" if word.endswith("*") else "")
