"""A debtor's demands and filings of before go-live: which case and debts each is about, told to the legal service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.case.application.history.legal_port import CaseAbout, LegalHistory, LegalTold
from services.case.application.history.source import PlacedRow
from services.case.domain.history import refusals as why
from services.case.domain.history.import_run import REJECTED
from services.case.domain.history.refusals import HistoryRefused
from services.case.domain.history.rows import DemandRow, FilingRow, LegalRow
from services.case.domain.history.take_in import CaseNow, Outcome
from shared.eventstore.ledger import Ledger

PERSON_BYTES = 16
"""Of a pseudonym: as the contact service makes them."""


class OfDebtor(NamedTuple):
    """What the ledger has of the debtor; `since`: the first day of the oldest account, if known."""

    cases: Sequence[CaseNow]
    since: date | None


@dataclass(frozen=True, slots=True)
class TellLegal:
    """Tells the legal service, None: it is not reached, and every row is rejected with that."""

    ledger: Ledger
    tenant: str
    legal: LegalHistory | None

    async def take(
        self, debtor_ref: str, rows: Sequence[PlacedRow], known: OfDebtor, *, go_live: date, check: bool
    ) -> tuple[list[tuple[PlacedRow, Outcome]], int]:
        """What becomes of each row, and how many events that is."""
        if self.legal is None:
            return [(placed, Outcome(REJECTED, why.NO_LEGAL, "row")) for placed in rows], 0
        found: list[tuple[PlacedRow, Outcome]] = []
        by_case: dict[str, tuple[CaseAbout, list[tuple[PlacedRow, LegalTold]]]] = {}
        for placed in rows:
            row = placed.row
            assert isinstance(row, DemandRow | FilingRow), "as they were parted"
            try:
                about, told = self._about(debtor_ref, row, known, go_live)
            except HistoryRefused as refused:
                found.append((placed, Outcome(REJECTED, refused.reason, refused.field)))
                continue
            by_case.setdefault(about.case, (about, []))[1].append((placed, told))
        events = 0
        for about, together in by_case.values():
            outcomes, added = await self.legal.take(about, [told for _, told in together], check=check)
            events += added
            found += zip((placed for placed, _ in together), outcomes, strict=True)
        return found, events

    def _about(
        self, debtor_ref: str, row: LegalRow, known: OfDebtor, go_live: date
    ) -> tuple[CaseAbout, LegalTold]:
        """Raises HistoryRefused."""
        _in_order(row, go_live)
        if known.since is not None and row.on < known.since:
            raise HistoryRefused(why.BEFORE_DEBT, "on")
        case = _case_of(known.cases, row.on)
        worked = case.worked
        if worked is None:
            raise HistoryRefused(why.FORGOTTEN, "debtor_ref")
        debts = worked.debts
        if row.account_ref is not None:
            account = self.ledger.stream_id(
                "account", row.account_ref, debtor_ref=debtor_ref, tenant=self.tenant
            )
            if account not in debts:
                raise HistoryRefused(why.OTHER_ACCOUNT, "account_ref")
            debts = (account,)
        kind = "demand" if isinstance(row, DemandRow) else "filing"
        ref = self.ledger.blind(f"history-{kind}", f"{case.id}|{row.ref}", tenant=self.tenant)
        told = LegalTold(
            row=row, ref=f"{kind}-{ref[:PERSON_BYTES].hex()}", debts=debts, all_debts=row.account_ref is None,
            person=None if row.person_ref in (None, debtor_ref) else self._person(str(row.person_ref)),
        )  # fmt: skip
        return CaseAbout(case=case.id, opened_on=case.opened_on, debts=worked.debts), told

    def _person(self, reference: str) -> str:
        blind = self.ledger.blind("person", reference, tenant=self.tenant)
        return f"prs_{blind[:PERSON_BYTES].hex()}"


def _case_of(cases: Sequence[CaseNow], on: date) -> CaseNow:
    """The debtor's case that had begun by that day, else the first one. Raises HistoryRefused."""
    if not cases:
        raise HistoryRefused(why.NO_CASE, "debtor_ref")
    begun: Callable[[CaseNow], bool] = lambda case: case.worked is None or case.opened_on <= on  # noqa: E731
    return next((case for case in reversed(cases) if begun(case)), cases[0])


def _in_order(row: LegalRow, go_live: date) -> None:
    """All of it lies before go-live, the end not before the beginning. Raises HistoryRefused."""
    later = ("retracted_on", row.retracted_on) if isinstance(row, DemandRow) else ("ended_on", row.ended_on)
    for name, day in (("on", row.on), later):
        if day is not None and day >= go_live:
            raise HistoryRefused(why.AFTER_GO_LIVE, name)
    if later[1] is not None and later[1] < row.on:
        raise HistoryRefused(why.DATE_ORDER, later[0])
    if isinstance(row, DemandRow) and row.retracted_on is not None and row.reason is None:
        raise HistoryRefused(why.NO_REASON, "reason")
