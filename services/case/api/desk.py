"""What the routes need of the service; wiring provides it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import sqlalchemy as sa

from services.case.application.asked_as_of import CaseClocks
from services.case.application.audit_search import AuditDesk
from services.case.application.bank.room import MoneyIn
from services.case.application.book.account_asked import BookClocks
from services.case.application.deciding import CaseDecisions
from services.case.application.figures.desk import FigureDesk
from services.case.application.handle import CaseDesk
from services.case.application.history.jobs import ImportJobs
from services.case.application.payments import PaymentDesk
from services.case.application.privacy.access import AccessDesk
from services.case.application.privacy.contact_sheets import ContactSheets
from services.case.application.privacy.legal_sheets import LegalSheets
from services.case.application.sheet import CaseBook
from services.case.application.staffing.room import StaffingRoom
from services.case.application.treatment.room import TreatmentRoom
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.view import View
from shared.http.office import OpenOffice
from shared.kernel.clock import Clock
from shared.messaging.feed import Feed

T = TypeVar("T")


class Desk(Protocol):
    """The open case service."""

    ledger: Ledger
    tenant: str
    feed: Feed
    cases: CaseBook
    acts: CaseDesk
    clocks: CaseClocks
    decisions: CaseDecisions
    payments: PaymentDesk
    money_in: MoneyIn
    books: BookClocks
    audit: AuditDesk
    figures: FigureDesk
    imports: ImportJobs
    privacy: AccessDesk
    contact_sheets: ContactSheets
    legal_sheets: LegalSheets
    staffing: StaffingRoom
    treatment: TreatmentRoom
    views: tuple[View, ...]
    clock: Clock

    @property
    def zone(self) -> str:
        """The zone in which a date is read."""

    async def ask(self, question: Callable[[sa.Connection], T]) -> T:
        """Put a question to the views."""

    async def change(self, question: Callable[[sa.Connection], T]) -> T:
        """Change an ephemeral table of the views, such as who holds which case."""


class Office(OpenOffice[Desk]):
    """The case service's desk once it is open, and whether the process is about to end."""
