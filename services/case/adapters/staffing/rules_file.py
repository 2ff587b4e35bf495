"""Rules for sharing cases out, from a TOML file: the ones that come with the product, or the lender's own."""

import tomllib
from functools import cache
from pathlib import Path

from services.case.domain.staffing.rules import AllocationRulesUnreadable, Rules, read

BUNDLED = Path(__file__).with_name("rules.toml")
BYTES_MAX = 65_536


def load(path: Path) -> Rules:
    """The rules in a file. Raises AllocationRulesUnreadable, and OSError as `open` does."""
    with path.open("rb") as file:
        raw = file.read(BYTES_MAX + 1)
    try:
        if len(raw) > BYTES_MAX:
            raise AllocationRulesUnreadable(where="top")
        document = tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise AllocationRulesUnreadable(where="top") from None
    return read(document)


@cache
def bundled() -> Rules:
    """The rules that come with the product."""
    return load(BUNDLED)
