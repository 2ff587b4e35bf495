"""A strategy's file: TOML, read strictly; the shipped one is read the same way."""

import tomllib
from functools import lru_cache
from importlib import resources
from pathlib import Path

from services.case.domain.treatment.document import StrategyMalformed, read
from services.case.domain.treatment.strategy import Strategy

BYTES_MAX = 1_000_000
SHIPPED = "cn_retail_treatment_1.toml"


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


def read_file(path: Path) -> Strategy:
    """The strategy of a file. Raises StrategyMalformed, OSError."""
    with path.open("rb") as file:
        return parsed(file.read(BYTES_MAX + 1))


@lru_cache(maxsize=1)
def shipped() -> tuple[Strategy, ...]:
    """The strategies that every tenant has."""
    return (parsed((resources.files(__package__) / SHIPPED).read_bytes()),)
