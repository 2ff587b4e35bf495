"""A strategy's text: TOML in UTF-8, read strictly."""

import tomllib

from services.case.domain.treatment.document import StrategyMalformed, read
from services.case.domain.treatment.strategy import Strategy

BYTES_MAX = 1_000_000


def parsed(data: bytes) -> Strategy:
    """The strategy in the bytes of a file. Raises StrategyMalformed, also for what is no TOML, or no UTF-8."""
    if len(data) > BYTES_MAX:
        raise StrategyMalformed(faults=("file: TOO_LARGE",), more=0)
    try:
        tables = tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise StrategyMalformed(faults=("file: NOT_UTF8",), more=0) from None
    except (tomllib.TOMLDecodeError, RecursionError):
        raise StrategyMalformed(faults=("file: NOT_TOML",), more=0) from None
    return read(tables)
