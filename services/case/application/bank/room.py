"""Money in, put together: what wiring names once."""

from collections.abc import Callable

from services.case.application.bank.by_hand import ByHand
from services.case.application.bank.importing import PaymentImport
from services.case.application.bank.returning import ReturnDesk
from services.case.application.bank.settling import Settling
from services.case.application.bank.traces import Traces
from services.case.application.bank.wave_reads import WaveCases, WavePayments, WaveReads, WaveTraces
from services.case.application.deciding import CaseDecisions
from services.case.application.import_result import Progress
from services.case.application.matching import CasesOf
from services.case.application.payments import PaymentDesk
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock
from shared.kernel.policy import PolicyBook


class MoneyIn:
    """What one tenant's banks and gateways report."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        tenant: str,
        payments: PaymentDesk,
        decisions: CaseDecisions,
        policies: PolicyBook[CasePolicy],
        cases_of: CasesOf,
        clock: Clock,
    ) -> None:
        self._ledger, self._tenant, self._decisions = ledger, tenant, decisions
        self._policies, self._cases_of, self._clock = policies, cases_of, clock
        traces = Traces(ledger=ledger, tenant=tenant)
        self.returns = ReturnDesk(
            ledger=ledger, tenant=tenant, payments=payments, decisions=decisions, traces=traces
        )
        self.by_hand = ByHand(ledger=ledger, tenant=tenant, payments=payments, returns=self.returns)
        self.settling = Settling(ledger=ledger, tenant=tenant, returns=self.returns, traces=traces)

    def taking_in(self, *, actor: str, progress: Callable[[Progress], None] | None = None) -> PaymentImport:
        """One import of one file, with desks of its own: they decide on what a wave has read together."""
        ledger, tenant, policies = self._ledger, self._tenant, self._policies
        reads = WaveReads(ledger=ledger, tenant=tenant)
        cases = WaveCases(ledger=ledger, tenant=tenant, policies=policies)
        decisions = CaseDecisions(
            desk=cases, ledger=ledger, tenant=tenant, policies=policies, clock=self._clock
        )
        payments = WavePayments(
            ledger=ledger, tenant=tenant, desk=cases, decisions=decisions, policies=policies,
            cases_of=self._cases_of,
        )  # fmt: skip
        traces = WaveTraces(ledger=ledger, tenant=tenant)
        cases.reads = payments.reads = traces.reads = reads
        returns = ReturnDesk(
            ledger=ledger, tenant=tenant, payments=payments, decisions=decisions, traces=traces
        )
        return PaymentImport(
            ledger=ledger,
            tenant=tenant,
            cases=cases,
            payments=payments,
            returns=returns,
            traces=traces,
            settling=Settling(ledger=ledger, tenant=tenant, returns=returns, traces=traces),
            reads=reads,
            today=lambda: decisions.today,
            zone=decisions.policy.zone,
            actor=actor,
            progress=progress,
        )

    def source_of(self, account: str) -> str:
        """What a bank account is called that the mapping does not name: the same for the same account, by HMAC."""
        made = self._ledger.stream_id("bank-account", account, debtor_ref=account, tenant=self._tenant)
        return "BANK_" + made.removeprefix("bank-account-").replace("-", "")[:16].upper()
