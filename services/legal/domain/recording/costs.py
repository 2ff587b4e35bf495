"""What a matter costs, and who bears it."""

from services.legal.domain.facts import matter as m
from services.legal.domain.known import Known
from services.legal.domain.led import Led
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.all_tracks import kind_of
from shared.kernel.refusal import Refused

KINDS = ("COURT_FEE", "ARBITRATION_FEE", "LAWYER", "SECURITY", "SERVICE", "APPRAISAL", "OTHER")
BEARERS = ("LENDER", "DEBTOR", "OTHER_SIDE")


class CostNotPositive(Refused):
    """A cost is more than nothing. What was booked in error is reversed, not booked the other way."""

    code = "legal-cost-not-positive"
    title_en = "The cost must be more than zero"
    title_zh = "费用金额须大于零"


class MatterCostUnknown(Refused):
    """The matter has no such cost, or it was reversed already."""

    code = "legal-cost-unknown"
    title_en = "The matter has no such cost that stands"
    title_zh = "该法务事项没有此项未冲销费用"


def standing(matter: Matter) -> tuple[m.MatterCostBooked, ...]:
    """The costs that were not reversed."""
    gone = {one.cost for one in matter.all(m.MatterCostReversed)}
    return tuple(one for one in matter.all(m.MatterCostBooked) if one.cost not in gone)


def booked(known: Known, fact: m.MatterCostBooked) -> Led:
    """It has cost something. Raises CostNotPositive, TrackUnknown."""
    if fact.amount.minor <= 0:
        raise CostNotPositive
    if fact.track is not None:
        kind_of(known.matter, fact.track)
    return Led(matter=(fact,))


def reversed_(known: Known, fact: m.MatterCostReversed) -> Led:
    """It has not, after all. Raises MatterCostUnknown."""
    if all(one.cost != fact.cost for one in standing(known.matter)):
        raise MatterCostUnknown
    return Led(matter=(fact,))
