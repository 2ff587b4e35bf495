"""`{name}` in a text: where variables stand, and the text with values in their places.

One pass over the template alone: what a value holds is never read again, so no value can bring syntax with it. There is
no way to write a brace, no expression, no condition: what varies more than that is another template.
"""

import re
from collections.abc import Iterator, Mapping

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HELD = re.compile(r"\{(" + NAME.pattern + r")\}")
STANDS_FOR_A_VALUE = "\ufffc"
"""Written where a variable stands when a text is read for words: no letter of any language."""


def named_in(text: str) -> Iterator[str]:
    """The variables a text uses, in order, as often as it does."""
    return (held[1] for held in _HELD.finditer(text))


def well_formed(text: str) -> bool:
    """Is every brace part of a variable, and the mark that stands for values none of the text's own?"""
    return not re.search(r"[{}" + STANDS_FOR_A_VALUE + "]", _HELD.sub("", text))


def without_values(text: str) -> str:
    """The text with a mark where values will stand."""
    return _HELD.sub(STANDS_FOR_A_VALUE, text)


def filled(text: str, written: Mapping[str, str]) -> str:
    """The text with each value in its place. Every variable of the text has one."""
    return _HELD.sub(lambda held: written[held[1]], text)
