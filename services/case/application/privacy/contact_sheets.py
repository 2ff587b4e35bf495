"""Who is to be reached about an open case, and how: handed to the contact service, each look on record first.

Only cases that are open, only roles and points that the book still has: contact needs no more, and is told no more.
"""

from dataclasses import dataclass
from typing import Any

from services.case.application.handle import CaseDesk
from services.case.application.privacy.access import AccessDesk, Reader
from services.case.application.privacy.account_tails import tail_of
from services.case.application.sheet import CaseUnknown
from services.case.domain.privacy.party_sheet import PartySheet
from services.case.domain.state import ClosedCase, NoCase
from shared.eventstore.ledger import Ledger

PURPOSE = "CONTACT"
DEBTOR = "DEBTOR"


@dataclass(frozen=True, slots=True)
class ContactSheets:
    """Sheets of one tenant's cases."""

    access: AccessDesk
    cases: CaseDesk
    ledger: Ledger
    tenant: str

    async def about(
        self, reader: Reader, *, case: str | None = None, party: str | None = None, account: str | None = None
    ) -> list[dict[str, Any]]:
        """The sheets of a case, or of the cases in which a party has a role, or an account is. Empty: none is open.

        As far as the views know: whoever asks lets them hold what it has heard of. Raises what the ledger raises.
        """
        finder = self.access.finder
        named = [case] if case is not None else []
        if party is not None:
            named += [one for role in (await finder.roles([party]))[party] for one in role["cases"]]
        if account is not None:
            named += await finder.cases_of_account(account)
        sheets = [await self._sheet(reader, one) for one in dict.fromkeys(named)]
        return [sheet for sheet in sheets if sheet is not None]

    async def _sheet(self, reader: Reader, case: str) -> dict[str, Any] | None:
        try:
            loaded = await self.cases.load(case)
        except CaseUnknown:
            return None
        if loaded.erased or loaded.debtor_ref is None or isinstance(loaded.state, ClosedCase | NoCase):
            return None
        finder = self.access.finder
        parties = await finder.in_case(case)
        roles = await finder.roles(parties)
        held = {
            party: sorted(
                {str(one["kind"]) for one in roles[party] if case in one["cases"] and one["ended_on"] is None}
            )
            for party in parties
        }
        named = [party for party in parties if held[party]]
        seen = await self.access.hand_over(reader, named, purpose=PURPOSE, case=case)
        return {
            "case": case,
            "debtor_ref": loaded.debtor_ref,
            "people": [_person(sheet, held[sheet.party]) for sheet in seen if sheet.party_ref is not None],
            "accounts": [
                {"account": debt, "tail": tail}
                for debt in loaded.state.debts
                if (tail := await tail_of(self.ledger, debt, loaded.debtor_ref, tenant=self.tenant))
                is not None
            ],
        }


def _person(sheet: PartySheet, roles: list[str]) -> dict[str, Any]:
    return {
        "reference": sheet.party_ref,
        "roles": roles,
        "language": sheet.language,
        "points": [
            {"medium": point.medium, "label": point.label, "zone": point.zone, "value": point.value}
            for point in sheet.points.values()
            if point.value is not None and point.ended_on is None
        ],
    }
