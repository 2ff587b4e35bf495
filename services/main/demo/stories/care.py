"""Care: a dispute that proves right, and relief for a debtor who fell ill."""

from datetime import date

from services.main.demo.counter import SUPERVISOR
from services.main.demo.stories.tale import Tale

DISPUTED, RELIEVED = "TWC-000355", "TWC-000837"


def tell(tale: Tale) -> None:
    """All of them."""
    with tale.story(
        "dispute",
        DISPUTED,
        "A debtor disputes 2,000: collecting stops, and they prove right",
        "债务人对 2,000 元提出异议：暂停催收，异议成立",
    ):
        raised = tale.about(
            "disputes",
            {"scope": "AMOUNT", "amount": {"amount": "2000.00", "currency": "TWD"}, "on": "2006-01-10"},
        )
        tale.go_to(date(2006, 1, 16))
        found = {
            "outcome": "UPHELD",
            "adjustment": {"principal": "2000.00", "currency": "TWD"},
            "on": "2006-01-16",
        }
        tale.ask(f"/v1/disputes/{raised.id}/resolutions", found, by=SUPERVISOR, deciding=True)
    with tale.story(
        "relief",
        RELIEVED,
        "Illness: relief for two weeks, days past due stand still",
        "因病：两周纾困，逾期天数停止计算",
    ):
        claim = tale.about("hardship-claims", {"cause": "ILLNESS", "on": "2006-01-16"})
        granted = {"until": "2006-01-30", "measures": ["GRACE"], "ageing": "FREEZE", "on": "2006-01-17"}
        tale.go_to(date(2006, 1, 17))
        tale.ask(f"/v1/hardship-claims/{claim.id}/grants", granted, by=SUPERVISOR, deciding=True)
        tale.go_to(date(2006, 1, 31))
