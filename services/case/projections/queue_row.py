"""A case in its queue as people and programs are shown it: the rank's parts in words, and what it waits for."""

from datetime import date
from typing import Any, NamedTuple

from services.case.domain.queue import MODE_OF
from services.case.projections import queue_state, queue_words
from services.case.projections.policy_named import policy_named
from shared.kernel import money


class QueueRow(NamedTuple):
    """A case in its queue. rank is the sum of the five `rank_…`, under `policy`; the higher, the sooner.

    `as_of` is the day of the lender's latest report; `assignee` the collector it was given to, if any, on
    `allocated_on`, who keeps it up to `retained_until`; `state` is what queue_state.py makes of the case's life.
    """

    case_id: str
    lane: int
    queue: str
    rank: int
    rank_stage: int
    rank_days: int
    rank_arrears: int
    policy: str
    stage: str
    days_past_due: int
    arrears_minor: int
    currency: str
    opened_on: date
    as_of: date
    rank_promises: int = 0
    rank_contact: int = 0
    assignee: str | None = None
    state: str = ""
    allocated_on: date | None = None
    retained_until: date | None = None

    def why(self, language: str) -> str:
        """Why the case stands where it stands, in the reader's language."""
        owed = f"{money.decimal(self.arrears_minor, self.currency)} {self.currency}"
        if queue_words.is_chinese(language):
            parts = [
                f"阶段 {self.stage}：{self.rank_stage} 分", f"逾期 {self.days_past_due} 天：{self.rank_days} 分",
                f"拖欠 {owed}：{self.rank_arrears} 分",
            ]  # fmt: skip
            parts += [f"失信承诺：{self.rank_promises} 分"] if self.rank_promises else []
            parts += [f"从未联系到本人：{self.rank_contact} 分"] if self.rank_contact else []
            ranked = f"{'；'.join(parts)}；合计 {self.rank} 分（{self.policy}）"
            waits = "、".join(one.words(language) for one in self.waits_for())
            return f"等待：{waits}；{ranked}" if waits else ranked
        parts = [
            f"stage {self.stage}: {self.rank_stage}", f"{self.days_past_due} days past due: {self.rank_days}",
            f"{owed} in arrears: {self.rank_arrears}",
        ]  # fmt: skip
        parts += [f"broken promises: {self.rank_promises}"] if self.rank_promises else []
        parts += [f"never reached: {self.rank_contact}"] if self.rank_contact else []
        ranked = f"{'; '.join(parts)}; together {self.rank} under {self.policy}"
        waits = ", ".join(one.words(language) for one in self.waits_for())
        return f"waits for {waits}; {ranked}" if waits else ranked

    def waits_for(self) -> list["Waits"]:
        """Why the case stands apart; nothing where it may be worked."""
        state = queue_state.read(self.state)
        found = [Waits("MODE", state.mode, None, None)] if self.queue in MODE_OF else []
        stopping = state.stopping(policy_named(self.policy).queue)
        found += [Waits("HOLD", held.kind, ref, held.until) for ref, held in sorted(stopping.items())]
        return found + [Waits("WORD", "PAY_BY", ref, due) for ref, due in sorted(state.words.items())]

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        return {
            "id": self.case_id,
            "queue": self.queue,
            "rank": self.rank,
            "rank_parts": {
                "stage": self.rank_stage,
                "days": self.rank_days,
                "arrears": self.rank_arrears,
                "broken_promises": self.rank_promises,
                "never_reached": self.rank_contact,
            },
            "policy": self.policy,
            "stage": self.stage,
            "days_past_due": self.days_past_due,
            "arrears": {
                "amount": money.decimal(self.arrears_minor, self.currency),
                "currency": self.currency,
            },
            "opened_on": self.opened_on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "assignee": self.assignee,
            "waits_for": [one.as_json() for one in self.waits_for()],
        }


class Waits(NamedTuple):
    """One reason why a case stands apart: `kind` MODE, HOLD or WORD; `until`: the day it ends, where one is known."""

    kind: str
    code: str
    ref: str | None
    until: date | None

    def words(self, language: str) -> str:
        """The reason for a person."""
        chinese = queue_words.is_chinese(language)
        if self.kind == "MODE":
            return queue_words.queue(self.code.lower(), language)
        said = (
            queue_words.hold(self.code, language) if self.kind == "HOLD" else "还款" if chinese else "payment"
        )
        if self.until is None:
            return said
        return f"{said}（至 {self.until}）" if chinese else f"{said} (until {self.until})"

    def as_json(self) -> dict[str, str | None]:
        """How HTTP and the command line show it."""
        until = self.until.isoformat() if self.until else None
        return {"kind": self.kind, "code": self.code, "ref": self.ref, "until": until}
