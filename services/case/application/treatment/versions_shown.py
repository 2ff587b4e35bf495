"""Strategy versions as documents: how HTTP and the command line show them."""

import json
from typing import Any

from services.case.application.treatment.strategies import Version


def strategy_id(version: str) -> str:
    """How a version is called in an address: `cn-retail-treatment-2`."""
    return version.replace("/", "-")


def version_of(strategy: str) -> str:
    """The version that an id of an address stands for."""
    pack, dash, number = strategy.rpartition("-")
    return f"{pack}/{number}" if dash else strategy


def summary(one: Version) -> dict[str, Any]:
    """A version in a list."""
    strategy = one.strategy
    return {
        "id": strategy_id(strategy.version.id),
        "version": strategy.version.id,
        "status": one.status,
        "effective_from": strategy.version.effective_from.isoformat(),
        "content": strategy.content,
        "segments": len(strategy.segments),
        "rules": len(strategy.rules),
        "adopt": strategy.adopt,
        "proposed_on": one.proposed_on.isoformat() if one.proposed_on else None,
        "decided_on": one.decided_on.isoformat() if one.decided_on else None,
    }


def whole(one: Version) -> dict[str, Any]:
    """A version with all it says."""
    return summary(one) | {"document": json.loads(one.strategy.document)}
