"""A strategy's text: TOML in UTF-8, read strictly."""

import tomllib

from services.contact.domain.outreach.document import OutreachStrategyMalformed, read
from services.contact.domain.outreach.strategy import Strategy

BYTES_MAX = 1_000_000


def parsed(data: bytes) -> Strategy:
    """The strategy in the bytes of a file. Raises OutreachStrategyMalformed, also for what is no TOML, or no UTF-8."""
    if len(data) > BYTES_MAX:
        raise OutreachStrategyMalformed(faults=("file: TOO_LARGE",))
    try:
        tables = tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise OutreachStrategyMalformed(faults=("file: NOT_UTF8",)) from None
    except (tomllib.TOMLDecodeError, RecursionError):
        raise OutreachStrategyMalformed(faults=("file: NOT_TOML",)) from None
    return read(tables)
