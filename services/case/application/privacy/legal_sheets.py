"""A case as a lawyer needs it: what was owed on each debt at the end of a day, and who owes it, handed to legal.

Open cases and closed ones: a suit may outlast the case, and a pack for court is made when all is over. Each look is on
record, with the purpose LEGAL, before anything is told.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.case.application.asked_as_of import CaseAsOf, CaseClocks
from services.case.application.case_shown import split
from services.case.application.privacy.access import AccessDesk, Reader
from services.case.application.privacy.account_tails import tail_of
from services.case.application.sheet import CaseUnknown
from services.case.domain.privacy.party_sheet import PartySheet
from shared.eventstore.ledger import Ledger
from shared.kernel import parts

PURPOSE = "LEGAL"
DEBTOR = "DEBTOR"
PERSON_DIGITS = 16
"""Bytes of a pseudonym: the contact service and the legal service name people by the same ones."""


@dataclass(frozen=True, slots=True)
class LegalSheets:
    """Sheets of one tenant's cases."""

    access: AccessDesk
    clocks: CaseClocks
    ledger: Ledger
    tenant: str

    async def about(self, reader: Reader, case: str, *, as_of: date) -> dict[str, Any]:
        """The case's sheet: balances at the end of `as_of`, people as the book has them now.

        A role that ended is left out. Raises CaseUnknown, also where the case had not begun by then or was erased;
        what the ledger raises.
        """
        seen = await self.clocks.case(case, as_of=as_of)
        if seen.debtor_ref is None:
            raise CaseUnknown
        return {
            "case": case,
            "subject": self.ledger.stream_id(
                "subject", seen.debtor_ref, debtor_ref=seen.debtor_ref, tenant=self.tenant
            ),
            "as_of": seen.as_of.isoformat(),
            "version": seen.version,
            "debts": [
                {
                    "debt": debt,
                    "tail": await self._tail(seen.debtor_ref, debt),
                    "owed": self._owed(seen, debt),
                }
                for debt in seen.picture.debts
            ],
            "people": await self._people(reader, case, seen.debtor_ref),
        }

    async def _tail(self, debtor_ref: str, debt: str) -> str:
        """Empty where the lender never told the account's reference."""
        return await tail_of(self.ledger, debt, debtor_ref, tenant=self.tenant) or ""

    def _owed(self, seen: CaseAsOf, debt: str) -> dict[str, Any]:
        known = seen.picture.balance.by_account.get(debt)
        return split(parts.nothing(seen.picture.owed.currency) if known is None else known)

    async def _people(self, reader: Reader, case: str, debtor_ref: str) -> list[dict[str, Any]]:
        """Everybody with a role that stands; a debtor of whom the book tells nothing but the reference as well."""
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
        people = [
            self._person(sheet.party_ref, held[sheet.party], sheet)
            for sheet in seen
            if sheet.party_ref is not None
        ]
        booked = any(DEBTOR in roles_of for roles_of in held.values())
        return people if booked else [self._person(debtor_ref, [DEBTOR], None), *people]

    def _person(self, reference: str, roles: list[str], sheet: PartySheet | None) -> dict[str, Any]:
        blind = self.ledger.blind("person", reference, tenant=self.tenant)
        return {
            "person": None if DEBTOR in roles else f"prs_{blind[:PERSON_DIGITS].hex()}",
            "roles": roles,
            "reference": reference,
            "name": sheet.name if sheet else None,
            "identity_no": sheet.identity_no if sheet else None,
            "language": sheet.language if sheet else None,
            "postal": _ways(sheet, "ADDRESS"),
            "email": _ways(sheet, "EMAIL"),
        }


def _ways(sheet: PartySheet | None, medium: str) -> list[str]:
    """Addresses that still count, the newest first."""
    if sheet is None:
        return []
    found = [one for one in reversed(sheet.points.values()) if one.medium == medium and one.ended_on is None]
    found.sort(key=lambda one: one.since, reverse=True)
    return [one.value for one in found if one.value is not None]
