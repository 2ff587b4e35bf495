"""When a message that was not sent is tried again: a pure function of the tries made, the cause and the deadline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

PROVIDER_DOWN, BUSY, RATE_LIMITED, AUTHENTICATION = "PROVIDER_DOWN", "BUSY", "RATE_LIMITED", "AUTHENTICATION"
CIRCUIT_OPEN, CONFIGURATION, NEVER_SEEN = "CIRCUIT_OPEN", "CONFIGURATION", "NEVER_SEEN"
SPOOL_FULL, SPOOL_UNWRITABLE = "SPOOL_FULL", "SPOOL_UNWRITABLE"
ADDRESS_UNKNOWN, ADDRESS_INVALID = "ADDRESS_UNKNOWN", "ADDRESS_INVALID"

OF_THE_PROVIDER = frozenset(
    {
        PROVIDER_DOWN,
        BUSY,
        RATE_LIMITED,
        AUTHENTICATION,
        CIRCUIT_OPEN,
        CONFIGURATION,
        NEVER_SEEN,
        SPOOL_FULL,
        SPOOL_UNWRITABLE,
    }
)
"""Causes that lie with the provider or its settings: no message is given up for them before its deadline."""
OF_THE_ADDRESS = frozenset({ADDRESS_UNKNOWN})
"""Permanent causes that say the address is no good for anybody's message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Tries at growing gaps: `first`, then times `factor`, never more than `longest` apart.

    `tries_max` counts tries that failed for the message's own sake; causes of the provider are tried until the
    deadline. `gaps`: another first gap for a cause. `spread`: up to this share is added, so that not all come at once.
    """

    first: timedelta = timedelta(seconds=30)
    factor: float = 3.0
    longest: timedelta = timedelta(minutes=30)
    tries_max: int = 6
    spread: float = 0.2
    gaps: Mapping[str, timedelta] = field(
        default_factory=lambda: MappingProxyType(
            {
                NEVER_SEEN: timedelta(seconds=1),
                RATE_LIMITED: timedelta(seconds=5),
                AUTHENTICATION: timedelta(minutes=5),
            }
        )
    )


RETRY = RetryPolicy()


def next_try(
    tries: int,
    cause: str,
    now: datetime,
    send_by: datetime,
    *,
    wait_s: float | None = None,
    share: float = 0.0,
    policy: RetryPolicy = RETRY,
) -> datetime | None:
    """When to try again after `tries` (from 1) were made; None: no more. `send_by` is exclusive.

    `wait_s`: the provider's own wish, kept where it is longer. `share` in [0, 1) places the message in the spread.
    """
    if tries >= policy.tries_max and cause not in OF_THE_PROVIDER:
        return None
    first = policy.gaps.get(cause, policy.first)
    steps = min(max(tries, 1) - 1, 32)
    seconds = min(first.total_seconds() * policy.factor**steps, policy.longest.total_seconds())
    seconds = max(seconds * (1 + policy.spread * share), wait_s or 0.0)
    again = now + timedelta(seconds=min(seconds, timedelta(days=366).total_seconds()))
    return again if again < send_by else None
