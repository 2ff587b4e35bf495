"""A strategy read strictly from the tables of its file, and its canonical form.

Every fault is named with where it stands, all of them at once; nothing is guessed and nothing is left over. Names and
codes are words of a closed form, so that no free text, and with it no person, gets into a stored fact.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.case.domain.treatment import strategy as s
from services.case.domain.treatment.document_conditions import conditions
from services.case.domain.treatment.document_tables import Fault, Table, Tables, duplicates
from services.case.domain.treatment.signs import SIGNS, SignRule, WarningRules
from shared.kernel.policy import PolicyVersion
from shared.kernel.refusal import Refused

_VERSION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]{0,5}")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,9}")
SEGMENT = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+){0,9}")
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
DAYS_MAX = 3_660
POINTS_MAX = 1_000
BPS_MAX = 10_000


class StrategyMalformed(Refused):
    """The strategy cannot be read: each fault is named with where it stands. Nothing was recorded.

    Context: faults, as `where: code`, and how many more there are than are named.
    """

    code = "strategy-malformed"
    title_en = "The strategy cannot be read"
    title_zh = "策略文件无法读取"


FAULTS_SHOWN = 50


def read(tables: Mapping[str, Any]) -> s.Strategy:
    """The strategy of a file's tables. Raises StrategyMalformed."""
    root = Tables(tables)
    found = _strategy(root)
    faults = [*root.faults, *([] if found is None else _crossed(found))]
    if faults or found is None:
        named = tuple(f"{one.where}: {one.code}" for one in faults[:FAULTS_SHOWN])
        raise StrategyMalformed(faults=named, more=max(len(faults) - FAULTS_SHOWN, 0))
    return found


def of_document(document: str) -> s.Strategy:
    """The strategy of a stored document. Raises StrategyMalformed."""
    tables = json.loads(document)
    tables["effective_from"] = date.fromisoformat(tables["effective_from"])
    return read(tables)


def canonical(tables: Mapping[str, Any]) -> str:
    """The tables as canonical JSON: sorted keys, no spaces, days as YYYY-MM-DD."""
    return json.dumps(
        tables, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=lambda day: day.isoformat()
    )


def _strategy(root: Tables) -> s.Strategy | None:
    top = root.top(
        {
            "version",
            "effective_from",
            "adopt",
            "excluded_by",
            "default",
            "rules",
            "segments",
            "split",
            "early_warning",
        }
    )
    version = top.word("version", _VERSION)
    begins = top.day("effective_from")
    adopt = top.one_of("adopt", s.ADOPTIONS)
    excluded = top.some_of("excluded_by", s.EXCLUSIONS)
    default = top.word("default", SEGMENT)
    rules = tuple(_rule(one) for one in top.tables("rules", at_least=0))
    segments = tuple(_segment(one) for one in top.tables("segments"))
    split = top.table("split", {"seed", "challenger_bps"})
    seed, bps = split.word("seed", NAME), split.number("challenger_bps", 0, BPS_MAX)
    warning = _warning(top.table("early_warning", {"listed_from", "just_in_days", "signs"}))
    if root.faults:
        return None
    document = canonical(root.given)
    return s.Strategy(
        version=PolicyVersion(version, begins),
        content=hashlib.sha256(document.encode()).hexdigest(),
        document=document,
        adopt=adopt,
        excluded_by=frozenset(excluded),
        rules=rules,
        default=default,
        segments=segments,
        split=s.Split(seed, bps),
        warning=warning,
    )


def _rule(table: Table) -> s.Rule:
    table.only({"name", "segment", "when"})
    return s.Rule(
        name=table.word("name", NAME),
        segment=table.word("segment", SEGMENT),
        when=conditions(table.table("when", None)),
    )


def _segment(table: Table) -> s.Segment:
    table.only({"name", "steps", "challenger"})
    challenger = table.tables("challenger", at_least=1) if "challenger" in table.given else None
    return s.Segment(
        name=table.word("name", SEGMENT),
        steps=tuple(_step(one) for one in table.tables("steps", at_least=0)),
        challenger=None if challenger is None else tuple(_step(one) for one in challenger),
    )


def _step(table: Table) -> s.Step:
    table.only({"name", "day", "from", "within", "act", "channel", "template", "who"})
    act = table.one_of("act", s.ACTS)
    channel = table.word("channel", CODE) if act in s.CONTACTS or "channel" in table.given else None
    return s.Step(
        name=table.word("name", NAME),
        day=table.number("day", 0, DAYS_MAX),
        anchor=table.one_of("from", s.ANCHORS),
        within=table.number("within", 0, DAYS_MAX),
        act=act,
        channel=channel,
        template=table.word("template", NAME) if "template" in table.given else None,
        who=table.word("who", CODE),
    )


def _warning(table: Table) -> WarningRules:
    signs = []
    for one in table.tables("signs"):
        one.only({"sign", "points", "threshold"})
        signs.append(
            SignRule(
                sign=one.one_of("sign", SIGNS),
                points=one.number("points", 1, POINTS_MAX),
                threshold=one.number("threshold", 0, POINTS_MAX) if "threshold" in one.given else 0,
            )
        )
    return WarningRules(
        listed_from=table.number("listed_from", 1, POINTS_MAX * len(SIGNS)),
        just_in_days=table.number("just_in_days", 0, DAYS_MAX),
        signs=tuple(signs),
    )


def _crossed(found: s.Strategy) -> list[Fault]:
    """What is well-formed by itself and makes no sense together."""
    faults = [Fault(f"rules/{n}/segment", "UNKNOWN_SEGMENT")
              for n, rule in enumerate(found.rules) if found.segment(rule.segment) is None]  # fmt: skip
    if found.segment(found.default) is None:
        faults.append(Fault("default", "UNKNOWN_SEGMENT"))
    faults += duplicates("rules", [one.name for one in found.rules])
    faults += [Fault(f"rules/{n}/name", "RESERVED")
               for n, rule in enumerate(found.rules) if rule.name == s.DEFAULT_RULE]  # fmt: skip
    faults += duplicates("segments", [one.name for one in found.segments])
    used = {found.default, *(one.segment for one in found.rules)}
    for n, segment in enumerate(found.segments):
        if segment.name not in used:
            faults.append(Fault(f"segments/{n}/name", "NO_RULE_LEADS_HERE"))
        faults += duplicates(f"segments/{n}/steps", [one.name for one in segment.steps])
        faults += duplicates(f"segments/{n}/challenger", [one.name for one in segment.challenger or ()])
    faults += duplicates("early_warning/signs", [one.sign for one in found.warning.signs])
    return faults
