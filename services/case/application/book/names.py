"""How the things of a book are called in the ledger: ids by HMAC, found again by who has the key, saying nothing else.

An account's stream lies in its debtor's lane, so it cannot be found by the account's reference alone. What tells it is
the command that booked the account first: its id is made of the account's reference, and its answer names the stream.
"""

from collections.abc import Sequence
from uuid import UUID

from services.case.domain.book.rows import CollateralRow, PointRow, RoleRow
from shared.eventstore.ledger import Ledger

CLIENT = "import"
FIRST_BOOKED = "book-account-first"


class BookNames:
    """Of one tenant."""

    def __init__(self, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    def party(self, ref: str) -> str:
        """The stream of a party."""
        return self._ledger.stream_id("party", ref, debtor_ref=ref, tenant=self._tenant)

    def person(self, ref: str) -> str:
        """A party as the other services know them: the same pseudonym wherever the key is the same."""
        return "prs_" + self._ledger.blind("person", ref, tenant=self._tenant)[:16].hex()

    def account(self, account_ref: str, debtor_ref: str) -> str:
        """The stream of a debtor's account."""
        return self._ledger.stream_id("account", account_ref, debtor_ref=debtor_ref, tenant=self._tenant)

    def case(self, debtor_ref: str, episode: int) -> str:
        """The stream of a debtor's `episode`-th case."""
        return self._ledger.stream_id(
            "case", debtor_ref, str(episode), debtor_ref=debtor_ref, tenant=self._tenant
        )

    def point(self, row: PointRow) -> str:
        """A contact point of a party."""
        return self._named("pnt", "point", row.party_ref, row.medium, row.label, row.value)

    def role(self, row: RoleRow) -> str:
        """What a party is to an account."""
        return self._named("rol", "role", row.account_ref, row.party_ref, row.role)

    def collateral(self, row: CollateralRow) -> str:
        """What secures an account."""
        return self._named("col", "collateral", row.account_ref, row.reference)

    def _named(self, prefix: str, *key: str) -> str:
        stream = self._ledger.stream_id(*key, debtor_ref=key[1], tenant=self._tenant)
        return f"{prefix}_{stream.partition('-')[2].replace('-', '')}"

    def command(self, operation: str, key: str) -> UUID:
        """The id of a command of the import."""
        return self._ledger.command_id(CLIENT, operation, key, tenant=self._tenant)

    async def homes(self, account_refs: Sequence[str]) -> dict[str, str]:
        """Account reference -> stream, of those that a book has named before, whoever their debtor is."""
        ids = {self.command(FIRST_BOOKED, ref).bytes: ref for ref in account_refs}
        found: dict[str, str] = {}
        for lane in await self._ledger.lane_numbers(self._tenant):
            for stored in await self._ledger.store.find_commands(lane, list(ids)):
                found[ids[stored.command_id]] = stored.refs.decode()
        return found
