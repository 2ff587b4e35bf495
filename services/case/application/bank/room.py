"""Money in, put together: what wiring names once."""

from collections.abc import Callable

from services.case.application.bank.by_hand import ByHand
from services.case.application.bank.importing import PaymentImport
from services.case.application.bank.returning import ReturnDesk
from services.case.application.bank.settling import Settling
from services.case.application.bank.traces import Traces
from services.case.application.deciding import CaseDecisions
from services.case.application.import_result import Progress
from services.case.application.payments import PaymentDesk
from shared.eventstore.ledger import Ledger


class MoneyIn:
    """What one tenant's banks and gateways report."""

    def __init__(
        self, *, ledger: Ledger, tenant: str, payments: PaymentDesk, decisions: CaseDecisions
    ) -> None:
        self._ledger, self._tenant, self._payments, self._decisions = ledger, tenant, payments, decisions
        self._traces = Traces(ledger=ledger, tenant=tenant)
        self.returns = ReturnDesk(
            ledger=ledger, tenant=tenant, payments=payments, decisions=decisions, traces=self._traces
        )
        self.by_hand = ByHand(ledger=ledger, tenant=tenant, payments=payments, returns=self.returns)
        self.settling = Settling(ledger=ledger, tenant=tenant, returns=self.returns, traces=self._traces)

    def taking_in(self, *, actor: str, progress: Callable[[Progress], None] | None = None) -> PaymentImport:
        """One import of one file."""
        return PaymentImport(
            ledger=self._ledger,
            tenant=self._tenant,
            payments=self._payments,
            returns=self.returns,
            traces=self._traces,
            settling=self.settling,
            today=lambda: self._decisions.today,
            zone=self._decisions.policy.zone,
            actor=actor,
            progress=progress,
        )

    def source_of(self, account: str) -> str:
        """What a bank account is called that the mapping does not name: the same for the same account, by HMAC."""
        made = self._ledger.stream_id("bank-account", account, debtor_ref=account, tenant=self._tenant)
        return "BANK_" + made.removeprefix("bank-account-").replace("-", "")[:16].upper()
