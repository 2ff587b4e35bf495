"""One case as it stood at a moment: folded from its stream, on both clocks.

`as_of` asks what was true then (effective time), `known_at` what we knew then (recorded time). Both together tell
what we then thought had been true.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.case.domain.events import CaseClosed, CaseOpened, PaymentReceived
from services.case.domain.state import CaseState, ClosedCase, NoCase, OpenCase, fold_case
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded
from shared.eventstore.registry import ERASED, Erased
from shared.kernel import money
from shared.kernel.refusal import Refused

CASE_PREFIX = "case-"
_ID = re.compile(CASE_PREFIX + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EPISODES_MAX = 10_000


class CaseUnknown(Refused):
    """No case has this id, and no account of this reference has had a case by the moment asked about.

    Check the id or the account's reference; `quittance queue list` and `GET /v1/cases` show what there is.
    """

    code = "case-unknown"
    title_en = "There is no such case"
    title_zh = "没有这个案件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A case at a moment. `version`: events of its stream that count; `events`: those, in order.

    `debtor_ref` is None once erased. `state` is what the rules see of the case.
    """

    case_id: str
    version: int
    position: int
    state: CaseState
    debtor_ref: str | None
    opened_on: date | None
    closed_on: date | None
    stage: str | None
    days_past_due: int | None
    arrears: money.Money | None
    as_of: date | None
    debts: tuple[str, ...]
    episode: int | None
    payments: int
    paid: money.Money | None
    events: Sequence[Recorded[Any]]

    def as_json(self) -> dict[str, Any]:
        """How HTTP and the command line show it."""
        closed = self.state if isinstance(self.state, ClosedCase) else None
        return {
            "id": self.case_id,
            "debtor_ref": self.debtor_ref,
            "episode": self.episode,
            "lifecycle": "closed" if closed else "open",
            "stage": self.stage,
            "days_past_due": self.days_past_due,
            "arrears": money.to_json(self.arrears) if self.arrears else None,
            "paid": money.to_json(self.paid) if self.paid else None,
            "payments": self.payments,
            "debts": list(self.debts),
            "as_of": _day(self.as_of),
            "opened_on": _day(self.opened_on),
            "closed_on": _day(self.closed_on),
            "reason": closed.reason if closed else None,
            "version": self.version,
        }


class CaseBook:
    """Cases of one tenant, read from the ledger itself: always current, no view involved."""

    def __init__(self, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    async def sheet(
        self, name: str, *, effective_before: datetime | None = None, known_at: datetime | None = None
    ) -> Sheet:
        """The case of that id, or the newest one of the account with that reference, at a moment.

        Shapes: events effective before `effective_before` (exclusive) and recorded up to `known_at` (inclusive)
        count; None: all. For a reference the newest case that had been opened by then is meant.
        Raises: CaseUnknown.
        """
        if is_case_id(name):
            histories = [(name, await self._history(name))]
        else:
            histories = await self._episodes(name)
        for case_id, history in reversed(histories):
            counted = [
                seen
                for seen in history
                if (effective_before is None or seen.effective_at < effective_before)
                and (known_at is None or seen.recorded_at <= known_at)
            ]
            if counted:
                return _folded(case_id, counted)
        raise CaseUnknown

    async def _history(self, case_id: str) -> Sequence[Recorded[Any]]:
        return await self._ledger.whole_stream(case_id, tenant=self._tenant)

    async def _episodes(self, ref: str) -> list[tuple[str, Sequence[Recorded[Any]]]]:
        """Every case of a debtor, in order."""
        found: list[tuple[str, Sequence[Recorded[Any]]]] = []
        for episode in range(1, EPISODES_MAX + 1):
            case_id = self._ledger.stream_id("case", ref, str(episode), debtor_ref=ref, tenant=self._tenant)
            history = await self._history(case_id)
            if not history:
                break
            found.append((case_id, history))
        return found


def is_case_id(text: str) -> bool:
    """Has it the form of a case's id? A lender may call an account `case-…` too: that is a reference."""
    return _ID.fullmatch(text) is not None


def _folded(case_id: str, counted: Sequence[Recorded[Any]]) -> Sheet:
    events = [seen.event for seen in counted if not isinstance(seen.event, Erased)]
    state = fold_case(events)
    opened = next((event for event in events if isinstance(event, CaseOpened)), None)
    closed = next((event for event in reversed(events) if isinstance(event, CaseClosed)), None)
    # A closed case keeps its last figures: fold what came before it closed.
    last = fold_case([event for event in events if not isinstance(event, CaseClosed)])
    figures = last if isinstance(last, OpenCase) else None
    payments = [event.amount for event in events if isinstance(event, PaymentReceived)]
    debtor: object = opened.debtor_ref if opened else None
    return Sheet(
        case_id=case_id,
        version=counted[-1].version,
        position=counted[-1].position,
        state=state,
        debtor_ref=None if debtor is ERASED else debtor,  # type: ignore[arg-type]
        opened_on=opened.as_of if opened else None,
        closed_on=closed.as_of if closed else None,
        stage=figures.stage if figures else None,
        days_past_due=figures.days_past_due if figures else None,
        arrears=figures.arrears if figures else None,
        as_of=figures.as_of if figures else None,
        debts=figures.debts if figures else (),
        episode=None if isinstance(state, NoCase) else state.episode,
        payments=len(payments),
        paid=_sum(payments, opened.arrears.currency) if opened else None,
        events=counted,
    )


def _sum(amounts: Sequence[money.Money], currency: str) -> money.Money:
    """The total of a case's payments (a case has one currency)."""
    return sum(amounts, start=money.zero(currency))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
