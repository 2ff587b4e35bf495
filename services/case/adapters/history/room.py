"""Imports, put together: what wiring names once."""

from pathlib import Path

from services.case.adapters.history.job_files import JobFolder
from services.case.adapters.history.job_kinds import kinds
from services.case.adapters.history.job_runner import JobRunner
from services.case.adapters.history.taking_in import HistoryTaking
from services.case.application.bank.room import MoneyIn
from services.case.application.handle import CaseDesk
from services.case.application.history.import_runs import ImportRuns
from services.case.application.history.jobs import ImportJobs
from services.case.domain.policy import CasePolicy
from shared.eventstore.ledger import Ledger
from shared.eventstore.projection.projections import Projections
from shared.kernel.clock import Clock
from shared.kernel.policy import PolicyBook


class ImportRoom:
    """The runs of one tenant's imports; history; and the imports asked for over HTTP, with who takes them in."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        desk: CaseDesk,
        policies: PolicyBook[CasePolicy],
        tenant: str,
        clock: Clock,
        projections: Projections,
        money_in: MoneyIn,
        keys: Path,
    ) -> None:
        self.runs = ImportRuns(ledger=ledger, tenant=tenant)
        self.history = HistoryTaking(
            ledger=ledger, desk=desk, policies=policies, tenant=tenant, clock=clock, runs=self.runs
        )
        # Beside the keys: the one folder that every store has, and that nobody else may read.
        folder = JobFolder(keys.parent / "imports" / tenant)
        known = kinds(
            ledger=ledger, policies=policies, tenant=tenant, projections=projections, history=self.history,
            room=money_in,
        )  # fmt: skip
        self.runner = JobRunner(runs=self.runs, folder=folder, kinds=known, now=clock.now)
        self.jobs = self.runner.jobs = ImportJobs(
            ledger=ledger, tenant=tenant, files=folder, work=self.runner
        )
