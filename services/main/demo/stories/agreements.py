"""Agreements: a plan completed, a plan breached, and a settlement for less that a second person approves."""

from datetime import date

from services.main.demo.counter import DIALER, SUPERVISOR
from services.main.demo.stories.tale import Tale, twd

COMPLETED, BREACHED, SETTLED = "TWC-000973", "TWC-000799", "TWC-000063"


def tell(tale: Tale) -> None:
    """All of them."""
    _completed(tale)
    _breached(tale)
    _settled(tale)


def _agreed(tale: Tale, total: str, count: int, *, first_due: str, on: str) -> None:
    asked = {"total": twd(total), "count": count, "first_due": first_due, "on": on}
    quote = tale.about("plan-quotes", asked)
    offer = tale.about("plans", {"quote_id": quote.id, "affordability": "AFF-1", "on": on})
    signed = {"supplement": f"DOC-{tale.case_id[-4:]}", "on": on}
    tale.ask(f"/v1/plans/{offer.id}/acceptances", signed, deciding=True)


def _completed(tale: Tale) -> None:
    with tale.story(
        "completed",
        COMPLETED,
        "A plan of two instalments, signed and paid to the cent",
        "两期还款计划：签署补充协议并足额还清",
    ):
        _agreed(tale, "10159.00", 2, first_due="2005-11-10", on="2005-11-02")
        for day, amount in ((date(2005, 11, 10), "5080.00"), (date(2005, 12, 9), "5079.00")):
            tale.go_to(day)
            paid = {"amount": twd(amount), "channel": "BANK_TRANSFER", "on": str(day)}
            tale.about("payments", paid, by=DIALER)


def _breached(tale: Tale) -> None:
    with tale.story(
        "breached",
        BREACHED,
        "A plan whose first instalment never comes: missed, breached, in default",
        "首期即未还的计划：错过、违约、终止",
    ):
        _agreed(tale, "15355.00", 3, first_due="2005-12-13", on="2005-12-09")
        tale.go_to(date(2005, 12, 17))
        tale.go_to(date(2006, 1, 3))


def _settled(tale: Tale) -> None:
    with tale.story(
        "settled",
        SETTLED,
        "A settlement for less: nobody approves what they proposed",
        "减免和解：提出者不得自行批准",
    ):
        offer = {"amount": twd("17500.00"), "pay_by": "2006-01-20", "on": "2006-01-03"}
        proposed = tale.about("settlements", offer)
        approving = f"/v1/settlements/{proposed.id}/approvals"
        tale.ask(approving, {"on": "2006-01-03"}, deciding=True, fails=True)
        tale.ask(approving, {"on": "2006-01-03"}, deciding=True, by=SUPERVISOR)
        tale.go_to(date(2006, 1, 10))
        paid = {"amount": twd("17500.00"), "channel": "BANK_TRANSFER", "on": "2006-01-10"}
        tale.about("payments", paid, by=DIALER)
