"""An outreach strategy's file; the shipped one is read the same way."""

from functools import lru_cache
from importlib import resources
from pathlib import Path

from services.contact.application.outreach.strategy_text import BYTES_MAX, parsed
from services.contact.domain.outreach.strategy import Strategy

SHIPPED = "cn_retail_outreach_1.toml"


def read_file(path: Path) -> Strategy:
    """The strategy of a file. Raises OutreachStrategyMalformed, OSError."""
    with path.open("rb") as file:
        return parsed(file.read(BYTES_MAX + 1))


@lru_cache(maxsize=1)
def shipped() -> tuple[Strategy, ...]:
    """The strategies that every tenant has."""
    return (parsed((resources.files(__package__) / SHIPPED).read_bytes()),)
