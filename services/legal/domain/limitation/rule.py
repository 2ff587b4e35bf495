"""Suing, or threatening to, on an expired claim: refused by the law pack's rule, unless it lets a second person decide.

China: the court does not raise it of its own motion (Civil Code art. 193), so counsel may sue all the same, for a
reason that the pack lists. United States, third parties: never (12 CFR 1006.26(b)).
"""

from collections.abc import Iterable
from datetime import date

from services.legal.domain.clocks.pack import LawPack
from services.legal.domain.facts.matter import OverrideGiven
from services.legal.domain.forbidden import LawForbids
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.reading import expired
from shared.kernel.refusal import Refused


class ClaimExpired(LawForbids):
    """The claim can no longer be enforced: its limitation, guarantee period or title has run out.

    Context: `rule` and `source` of the law pack, `debts`, `clock`, `expired_on` (the earliest), and `reasons` for which
    a second person may let it through; none: nobody may. `GET /v1/cases/{id}/limitation` shows why; a proof that is
    missing there can be recorded first.
    """

    code = "claim-expired"
    title_en = "The claim has expired: it may not be sued on, nor may anybody threaten to"
    title_zh = "请求权已超过时效或期间，不得起诉，也不得以起诉相告"


class OverrideForbidden(Refused):
    """This law lets nobody sue, or threaten to, on an expired claim, for whatever reason. Context: `rule`."""

    code = "override-forbidden"
    title_en = "The law allows no exception here"
    title_zh = "该法律不允许例外"


class OverrideReasonUnknown(Refused):
    """An exception needs one of the reasons that the law pack lists. Context: `reasons`."""

    code = "override-reason-unknown"
    title_en = "The exception is for no reason that the law pack lists"
    title_zh = "特批理由不在法律规则包所列范围内"


def may_sue(
    claims: Claims,
    law: LawPack,
    *,
    debts: Iterable[str],
    persons: Iterable[str | None],
    as_of: date,
    override: OverrideGiven | None = None,
) -> None:
    """May these persons (None: the debtor) be sued, or told that they will be, for these debts on that day?

    `debts` none: all in the case. `override` is one that was given for this very step. Raises ClaimExpired.
    """
    over = expired(claims, law, debts, as_of=as_of, persons=persons)
    rule = law.limitation
    if not over or (override is not None and allows(law, override.reason)):
        return
    first = min(over, key=lambda one: (one.raw_on or date.max, one.debt))
    raise ClaimExpired(
        tuple(dict.fromkeys(one.debt for one in over)),
        rule=rule.rule,
        by=rule.source.article,
        clock=first.clock,
        expired_on=first.expires_on or first.raw_on,
        reasons=rule.override_reasons if rule.on_expired == "override" else (),
    )


def allows(law: LawPack, reason: str) -> bool:
    """Does the pack let a second person allow it for this reason?"""
    rule = law.limitation
    return rule.on_expired == "override" and reason in rule.override_reasons


def check_override(law: LawPack, reason: str) -> None:
    """Raises OverrideForbidden, OverrideReasonUnknown where an override may not be given for this reason."""
    rule = law.limitation
    if rule.on_expired == "never":
        raise OverrideForbidden(rule=rule.rule)
    if reason not in rule.override_reasons:
        raise OverrideReasonUnknown(reasons=rule.override_reasons)
