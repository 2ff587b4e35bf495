"""What the service has to do with the end of a day, in one place."""

from services.legal.application.handle import LegalDesk
from services.legal.application.sweeping.days import CaseDays, LegalDays
from services.legal.application.sweeping.worker import LegalSweeper


def sweeping_room(*, desk: LegalDesk, view: CaseDays) -> tuple[LegalDays, LegalSweeper]:
    """The days of one tenant, and somebody who sweeps them for as long as a process runs."""
    days = LegalDays(desk=desk, view=view)
    return days, LegalSweeper(days)
