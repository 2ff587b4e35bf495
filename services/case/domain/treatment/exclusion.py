"""What keeps a step from being taken on a day: holds, the debtor's word, who collects."""

from collections.abc import Collection

from services.case.domain import mode, plan, promise, settlement
from services.case.domain.judge import Picture
from services.case.domain.treatment import strategy as s


def excluded_by(picture: Picture, kinds: Collection[str]) -> str | None:
    """The first of these kinds that stands in the way as of the picture's day, as a code; None where nothing does."""
    found = {
        s.MODE: picture.mode if picture.mode != mode.INTERNAL else None,
        s.DISPUTE: "DISPUTE" if "DISPUTE" in picture.hold_kinds else None,
        s.PLAN: "PLAN"
        if any(one.status in (plan.ACTIVE, plan.BREACHED) for one in picture.plans.values())
        else None,
        s.PROMISE: "PROMISE"
        if any(one.status == promise.ACTIVE for one in picture.promises.values())
        else None,
        s.SETTLEMENT: "SETTLEMENT" if _agreed(picture) else None,
        s.HOLD: _hold(picture),
        s.NOTHING_OWED: "NOTHING_OWED" if picture.arrears.minor <= 0 else None,
    }
    return next((code for kind, code in found.items() if kind in kinds and code is not None), None)


def _agreed(picture: Picture) -> bool:
    return any(one.status == settlement.APPROVED for one in picture.settlements.values())


def _hold(picture: Picture) -> str | None:
    kinds = sorted(picture.hold_kinds - {"DISPUTE", "PLAN"})
    return f"HOLD_{kinds[0]}" if kinds else None
