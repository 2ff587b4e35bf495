"""What the service has to do with outreach, in one place: strategies, what was heard, steps, and the worker."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contact.application.handle import ContactDesk
from services.contact.application.outreach.desk import OutreachDesk
from services.contact.application.outreach.strategies import OutreachStrategies
from services.contact.application.outreach.taking import StepTaker
from services.contact.application.outreach.work import OutreachDiary, OutreachWork
from services.contact.application.outreach.worker import OutreachWorker
from services.contact.application.sending.messages import MessageDesk
from services.contact.application.texts.port import Texts
from services.contact.domain.outreach.strategy import Strategy
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class OutreachRoom:
    """The outreach of one tenant."""

    strategies: OutreachStrategies
    desk: OutreachDesk
    taker: StepTaker
    work: OutreachWork

    def worker(self) -> OutreachWorker:
        """Somebody who takes the steps that are due, for as long as a process runs."""
        return OutreachWorker(self.work)


def outreach_room(
    *,
    ledger: Ledger,
    tenant: str,
    clock: Clock,
    acts: ContactDesk,
    messages: MessageDesk,
    texts: Texts,
    diary: OutreachDiary,
    shipped: tuple[Strategy, ...],
    always: Mapping[str, Mapping[str, str]],
) -> OutreachRoom:
    """The room of one tenant. `always`: what every text may say, by language and variable."""
    strategies = OutreachStrategies(ledger=ledger, tenant=tenant, clock=clock, shipped=shipped)
    desk = OutreachDesk(ledger=ledger, tenant=tenant, strategies=strategies, clock=clock)
    taker = StepTaker(ledger=ledger, tenant=tenant, desk=acts, messages=messages, texts=texts, always=always)
    work = OutreachWork(desk=desk, strategies=strategies, taker=taker, diary=diary, clock=clock)
    return OutreachRoom(strategies, desk, taker, work)
