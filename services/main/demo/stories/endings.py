"""Endings: a case for the lawyers, and a debt that is given up."""

from services.main.demo.counter import SUPERVISOR
from services.main.demo.stories.tale import Tale

REFERRED, WRITTEN_OFF = "TWC-000361", "TWC-000363"


def tell(tale: Tale) -> None:
    """All of them."""
    with tale.story(
        "referral",
        REFERRED,
        "Half a million, four months behind: to the lawyers",
        "拖欠逾五十万、四个月以上：移交法务",
    ):
        tale.about("legal-referrals", {"reason": "NO_OTHER_WAY", "on": "2006-01-31"}, deciding=True)
    with tale.story(
        "write-off", WRITTEN_OFF, "A debt is given up, by two people", "经两人确认，核销一笔债务"
    ):
        proposed = tale.about("write-offs", {"reason": "UNCOLLECTABLE", "on": "2006-01-31"})
        tale.ask(
            f"/v1/write-offs/{proposed.id}/approvals", {"on": "2006-01-31"}, deciding=True, by=SUPERVISOR
        )
