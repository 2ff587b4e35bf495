"""Prior consent to be called more often: for whom, for which debts, and until when it holds.

12 CFR 1006.14(b)(3)(i) with cmts -1 to -3: given directly to the collector, it covers at most seven consecutive
days, the day of consent being the first; it ends sooner by its own terms, by being revoked, and with the next
conversation.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.contact.domain.asked import Past
from services.contact.domain.moment import Moment


def covers(moment: Moment, at: datetime, debts: frozenset[str], zone: ZoneInfo, *, days: int) -> bool:
    """Was a call at this instant about these debts made under a consent that still held?"""
    return any(
        given.t < at and _holds(moment, given, at, zone, days) and moment.touches(given, debts)
        for given in moment.of("prior_consent")
    )


def _holds(moment: Moment, given: Past, at: datetime, zone: ZoneInfo, days: int) -> bool:
    on, day = given.t.astimezone(zone).date(), at.astimezone(zone).date()
    if day >= on + timedelta(days=days) or (given.until is not None and at >= given.until):
        return False
    if given.only and day not in given.only:
        return False
    return not any(given.t < one.t < at and _ends(moment, one, given) for one in moment.past)


def _ends(moment: Moment, one: Past, given: Past) -> bool:
    if moment.whose(one) != moment.whose(given):
        return False
    if one.ev == "consent_revoked" and one.channel in (None, "voice"):
        return not given.debts or moment.touches(one, moment.groups(given.debts))
    return one.ev == "call" and one.outcome == "conversation"
