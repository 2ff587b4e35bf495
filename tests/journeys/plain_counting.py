"""DESIGN.md 6 by counting over the file, with nothing of the product in it."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.kit.importing import rows_of

BUCKETS = ("M0", "M1", "M2", "M3", "M4+")
Line = dict[str, str]


def months(path: Path) -> list[str]:
    """The month ends in the file."""
    return sorted({line["as_of"] for line in rows_of(path)})


def bucket(line: Line) -> str:
    """M0 for 0 months, … M4+ for 4 or more."""
    return BUCKETS[min(int(line["months_past_due"]), 4)]


def latest(path: Path, day: str) -> dict[str, Line]:
    """Each account's latest line not after the day."""
    found: dict[str, Line] = {}
    for line in sorted(rows_of(path), key=lambda one: one["as_of"]):
        if line["as_of"] <= day:
            found[line["account_ref"]] = line
    return found


def buckets(path: Path, day: str) -> list[dict[str, Any]]:
    """What `report buckets --json` must answer."""
    accounts: dict[tuple[str, str], int] = defaultdict(int)
    balance: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in latest(path, day).values():
        key = (bucket(line), line["currency"])
        accounts[key] += 1
        balance[key] += Decimal(line["statement_balance"])
    return [
        {"bucket": name, "accounts": accounts[name, currency], "balance": f"{balance[name, currency]:.2f}",
         "currency": currency}
        for name, currency in sorted(accounts)
    ]  # fmt: skip


def roll_rates(path: Path, from_: str, to: str) -> list[dict[str, Any]]:
    """What `report roll-rates --json` must answer."""
    was, became = latest(path, from_), latest(path, to)
    accounts: dict[tuple[str, str, str], int] = defaultdict(int)
    balance: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for ref, line in was.items():
        if ref in became:
            key = (bucket(line), bucket(became[ref]), line["currency"])
            accounts[key] += 1
            balance[key] += Decimal(line["statement_balance"])
    return [
        {"from": key[0], "to": key[1], "accounts": accounts[key], "balance": f"{balance[key]:.2f}",
         "currency": key[2]}
        for key in sorted(accounts)
    ]  # fmt: skip


def cases(path: Path) -> dict[str, Any]:
    """What `report cases --json` must answer."""
    behind: dict[str, str] = {}
    closed = 0
    for line in sorted(rows_of(path), key=lambda one: one["as_of"]):
        ref = line["account_ref"]
        if int(line["months_past_due"]):
            behind[ref] = bucket(line)
        elif behind.pop(ref, None):
            closed += 1
    by_stage: dict[str, int] = defaultdict(int)
    for stage in behind.values():
        by_stage[stage] += 1
    reasons = {"CURED": closed} if closed else {}
    return {
        "open": len(behind),
        "closed": closed,
        "by_reason": reasons,
        "by_stage": dict(sorted(by_stage.items())),
    }
