"""The worker that sweeps each day once it is over: it waits for the lender's day to turn, on whichever clock counts."""

from datetime import date

from services.legal.application.sweeping.days import LegalDays
from shared.telemetry.turning import Turning


class LegalSweeper(Turning):
    """Sweeps the days of the legal service until it is stopped: what was missed, then each day as it ends.

    A day that was cut short is begun again by whoever comes next.
    """

    name = "legal-sweep"

    def __init__(self, days: LegalDays) -> None:
        super().__init__()
        self._days = days

    def turn(self) -> date:
        """The newest day that is over."""
        return self._days.yesterday

    async def work(self) -> None:
        """Sweep what is to be swept."""
        swept = await self._days.sweep(stopping=self._stopping.is_set)
        if swept is None:
            return
        self._log.info(
            "day_swept",
            day=swept.as_of.isoformat(),
            cases=swept.cases,
            changed=swept.changed,
            events=swept.events,
        )
        for case_id, error in swept.failed:
            self._log.warning("case_not_judged", case=case_id, error=error)
