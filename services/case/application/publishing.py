"""What the case service says of its events to the readers of its feed, beside their facts.

`debtorsubject` names the debtor as the contact service does: `subject-…`, an HMAC under the key that both services
have (DESIGN.md 3). Whoever lacks the key learns nothing by it, and it is the same for all of a debtor's cases.
"""

from collections.abc import Mapping
from typing import Any

from services.case.domain.events import AccountBooked, CaseOpened
from shared.eventstore.ledger import Ledger
from shared.eventstore.recorded import Recorded

SUBJECT = "debtorsubject"


class Publishing:
    """For the feed of one tenant."""

    def __init__(self, ledger: Ledger, tenant: str) -> None:
        self._ledger, self._tenant = ledger, tenant

    def beside(self, seen: Recorded[Any]) -> Mapping[str, str]:
        """Whom a case or an account is about, where it begins; nothing once the debtor was erased."""
        if not isinstance(seen.event, CaseOpened | AccountBooked):
            return {}
        ref: object = seen.event.debtor_ref
        return {SUBJECT: self.subject_of(ref)} if isinstance(ref, str) else {}

    def subject_of(self, debtor_ref: str) -> str:
        """The debtor as the contact service names them."""
        return self._ledger.stream_id("subject", debtor_ref, debtor_ref=debtor_ref, tenant=self._tenant)
