"""The worker that looks at outreach once in every minute of the clock that counts, a test clock's too."""

from datetime import datetime

from services.contact.application.outreach.work import OutreachWork
from shared.telemetry.turning import Turning


class OutreachWorker(Turning):
    """Looks at outreach until it is stopped: at what is due, then again when the next minute has begun."""

    name = "outreach"

    def __init__(self, work: OutreachWork) -> None:
        super().__init__()
        self._work = work

    def turn(self) -> datetime:
        """The minute that has begun."""
        return self._work.minute

    async def work(self) -> None:
        """Take or skip the steps that are due."""
        found = await self._work.look(stopping=self._stopping.is_set)
        if found.taken or found.skipped:
            self._log.info("steps", cases=found.looked, changed=found.taken + found.skipped)
        for outreach, error in found.failed:
            self._log.warning("not_looked_at", case=outreach, error=error)
