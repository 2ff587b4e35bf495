"""Sweeping the newest day that is over: which cases, in which order, and when to look at each again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from services.legal.application.handle import LegalDesk
from services.legal.application.sweeping.sweep import Looked, Swept, sweep
from shared.kernel.calendar import ANNOUNCED_YEARS
from shared.kernel.day_over import DayNotOver

PAGE = 500
_DAY = timedelta(days=1)


class CaseDays(Protocol):
    """At which cases to look: a view, and what sweeps noted in it."""

    async def catch_up(self) -> None:
        """Bring it up to the head."""

    async def due(self, *, as_of: date, law: str, after: str, limit: int) -> tuple[Sequence[str], str | None]:
        """Cases to look at for a day among the next after the cursor, and the next cursor; None at the end."""

    async def note(self, looked: Sequence[Looked], *, law: str) -> None:
        """Write down when to look at these again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptLegalDay:
    """What was done as of a day. `failed`: case id and class of the fault."""

    as_of: date
    cases: int
    changed: int
    events: int
    failed: tuple[tuple[str, str], ...]


class LegalDays:
    """The days of one tenant."""

    def __init__(self, *, desk: LegalDesk, view: CaseDays) -> None:
        self._desk, self._view = desk, view

    @property
    def yesterday(self) -> date:
        """The newest day that is over, where the lender is."""
        return self._desk.today - _DAY

    @property
    def law(self) -> str:
        """By what deadlines are counted: the law pack, and the years whose working days are announced."""
        law = self._desk.ground.law
        return f"{self._desk.ground.named}+{law.hash[:16]}+{ANNOUNCED_YEARS.stop}"

    async def sweep(
        self, as_of: date | None = None, *, stopping: Callable[[], bool] = lambda: False
    ) -> SweptLegalDay | None:
        """Sweep as of the end of a day (default: yesterday); None if `stopping` cut it short.

        Days missed before need no sweep of their own. Raises DayNotOver, and what the store and the views raise.
        """
        day = as_of or self.yesterday
        if day > self.yesterday:
            raise DayNotOver
        await self._view.catch_up()
        total, law, after = Swept(), self.law, ""
        while True:
            page, cursor = await self._view.due(as_of=day, law=law, after=after, limit=PAGE)
            done = await sweep(page, desk=self._desk, as_of=day, stopping=stopping)
            await self._view.note(done.looked, law=law)
            _add(total, done)
            if stopping() and done.cases < len(page):
                return None
            if cursor is None:
                break
            after = cursor
        return SweptLegalDay(
            as_of=day,
            cases=total.cases,
            changed=total.changed,
            events=total.events,
            failed=tuple(total.failed),
        )


def _add(total: Swept, done: Swept) -> None:
    total.cases += done.cases
    total.changed += done.changed
    total.events += done.events
    total.failed += done.failed
