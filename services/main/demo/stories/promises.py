"""Promises: one kept, and opened again when its payment bounces; one broken."""

from datetime import date

from services.main.demo.counter import DIALER
from services.main.demo.stories.tale import Tale, twd

KEPT, BROKEN = "TWC-000131", "TWC-000427"


def tell(tale: Tale) -> None:
    """All of them."""
    _kept_and_bounced(tale)
    _broken(tale)


def _kept_and_bounced(tale: Tale) -> None:
    with tale.story(
        "kept",
        KEPT,
        "A call, a promise, a payment: the promise is kept",
        "一通电话、一个承诺、一笔还款：承诺兑现",
    ):
        tale.about(
            "contact-attempts",
            {
                "attempt_ref": "dialer-20051010-1",
                "at": "2005-10-10T08:50:00+08:00",
                "channel": "VOICE",
                "outcome": "RIGHT_PARTY",
                "actor_kind": "COLLECTOR",
            },
            by=DIALER,
        )
        tale.about("promises", {"amount": twd("4000.00"), "due_on": "2005-10-14", "on": "2005-10-10"})
        tale.go_to(date(2005, 10, 13))
        paid = tale.about(
            "payments", {"amount": twd("4000.00"), "channel": "BANK_TRANSFER", "on": "2005-10-13"}, by=DIALER
        )
    with tale.story(
        "bounced",
        KEPT,
        "The bank takes the payment back: the promise is opened again, and the case",
        "银行退回该笔还款：承诺与案件重新打开",
    ):
        tale.go_to(date(2005, 10, 18))
        tale.ask(f"/v1/payments/{paid.id}/reversals", {"reason": "NO_FUNDS", "on": "2005-10-18"}, by=DIALER)


def _broken(tale: Tale) -> None:
    with tale.story("broken", BROKEN, "A promise that nobody keeps", "无人兑现的承诺"):
        tale.about("promises", {"amount": twd("3000.00"), "due_on": "2005-10-21", "on": "2005-10-18"})
        tale.go_to(date(2005, 11, 2))
