"""Structured logs: one JSON object a line on standard error, and only keys that cannot carry personal data.

A key that is not in `KEYS` is replaced by its name in `withheld`, so a careless `log.info(..., debtor=ref)` says
that something was left out and not what.
"""

import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

KEYS = frozenset(
    {
        "at", "level", "event", "log", "service", "request_id", "method", "route", "status", "milliseconds",
        "view", "version", "lane", "position", "head", "lag", "error", "port", "pid", "reason", "count", "parked",
        "day", "case", "cases", "changed", "events",
    }
)  # fmt: skip
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def _only_known_keys(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    withheld = sorted(entry.keys() - KEYS)
    if withheld:
        entry = {key: value for key, value in entry.items() if key in KEYS}
        entry["withheld"] = withheld
    return entry


def configure(*, level: str = "info") -> None:
    """Set up logging for this process; `level` is one of LEVELS."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _only_known_keys,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> FilteringBoundLogger:
    """The log of one part of the platform (`http`, `projection`)."""
    bound: Any = structlog.get_logger().bind(log=name)
    return bound  # type: ignore[no-any-return]
