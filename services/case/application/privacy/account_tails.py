"""How the reference of an account ends: enough to know it by, for whoever has it, and never all of it."""

from shared.eventstore.ledger import Ledger

TAIL = 4
"""So many of the last characters are told."""
FIRST_EVENTS = 10
"""An account is named by the first that is told of it."""


async def tail_of(ledger: Ledger, account: str, debtor_ref: str, *, tenant: str) -> str | None:
    """How the reference of an account ends; None where the lender never told it, or it was erased.

    A lender of statements knows the debtor by the account itself, and so may who opens cases over HTTP.
    """
    for seen in await ledger.read_stream(account, limit=FIRST_EVENTS, tenant=tenant):
        ref = getattr(seen.event, "account_ref", None)
        if isinstance(ref, str):
            return ref[-TAIL:]
    own = ledger.stream_id("account", debtor_ref, debtor_ref=debtor_ref, tenant=tenant)
    return debtor_ref[-TAIL:] if own == account else None
