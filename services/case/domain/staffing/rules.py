"""The rules cases are shared out by, as data: read from TOML, checked, and kept with every run that used one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.case.domain.facts.allocation import AllocationTerms
from services.case.domain.staffing.member import ROLES
from services.case.domain.staffing.sharing import AMOUNT, COUNT, HELD, RUN
from shared.kernel.refusal import Refused

BANDS_MAX, DAYS_MAX = 20, 3_660
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VERSION = re.compile(r"[a-z][a-z0-9-]{0,39}/[0-9]{1,6}")


class AllocationRulesUnreadable(Refused):
    """The rules for sharing cases out make no sense; context says where.

    A file of rules has `version` (`cn-staffing/1`) and a table for each rule, `[rule.NAME]`; the how-to on sharing
    cases out names what a rule consists of.
    """

    code = "allocation-rules-unreadable"
    title_en = "The rules for sharing cases out cannot be used"
    title_zh = "分案规则无法使用"


class AllocationRuleUnknown(Refused):
    """There is no rule of that name. Context: rules."""

    code = "allocation-rule-unknown"
    title_en = "There is no such rule for sharing cases out"
    title_zh = "没有该分案规则"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one version; the first is used where none is named."""

    version: str
    by_name: Mapping[str, AllocationTerms]

    def named(self, name: str | None) -> AllocationTerms:
        """The rule of that name. Raises AllocationRuleUnknown."""
        if name is None:
            return next(iter(self.by_name.values()))
        if name not in self.by_name:
            raise AllocationRuleUnknown(rules=tuple(self.by_name))
        return self.by_name[name]


def read(document: Mapping[str, Any]) -> Rules:
    """The rules a document holds. Raises AllocationRulesUnreadable."""
    version, tables = document.get("version"), document.get("rule")
    _must(set(document) <= {"version", "rule"}, "top")
    _must(isinstance(version, str) and _VERSION.fullmatch(version) is not None, "version")
    _must(isinstance(tables, dict) and bool(tables), "rule")
    assert isinstance(tables, dict)
    found = {}
    for place, (name, said) in enumerate(tables.items(), 1):
        _must(isinstance(name, str) and _NAME.fullmatch(name) is not None, f"rule {place}")
        _must(isinstance(said, dict), f"rule {place}")
        found[name] = _terms(f"{version}/{name}", said, place)
    return Rules(str(version), found)


_FIELDS = (
    "roles", "keep", "keep_leave_days", "rotation_days", "last_first", "share", "over", "bands",
)  # fmt: skip


def _terms(rule: str, said: Mapping[str, Any], place: int) -> AllocationTerms:
    def where(field: str) -> str:
        return f"rule {place}, {field}"

    _must(set(said) <= set(_FIELDS), where("a field that is not known"))
    roles = said.get("roles", ["COLLECTOR"])
    _must(isinstance(roles, list) and bool(roles) and all(one in ROLES for one in roles), where("roles"))
    for field in ("keep", "last_first"):
        _must(isinstance(said.get(field, True), bool), where(field))
    for field in ("keep_leave_days", "rotation_days"):
        _must(_whole(said.get(field, 1), DAYS_MAX), where(field))
    share, over = said.get("share", COUNT), said.get("over", RUN)
    _must(share in (COUNT, AMOUNT), where("share"))
    _must(over in (RUN, HELD) and not (over == HELD and share == AMOUNT), where("over"))
    bands = said.get("bands", [])
    _must(isinstance(bands, list) and len(bands) <= BANDS_MAX, where("bands"))
    _must(
        all(_whole(one, 10**12) and one > 0 for one in bands) and bands == sorted(set(bands)), where("bands")
    )
    return AllocationTerms(
        rule=rule,
        roles=tuple(roles),
        keep=said.get("keep", True),
        keep_leave_days=said.get("keep_leave_days", 7),
        rotation_days=said.get("rotation_days"),
        last_first=said.get("last_first", True),
        share=share,
        over=over,
        bands=tuple(bands),
    )


def _whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _must(holds: bool, where: str) -> None:
    if not holds:
        raise AllocationRulesUnreadable(where=where)
