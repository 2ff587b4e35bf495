"""A matter is with one licensed law firm at a time, under a mandate that is on file."""

from services.legal.domain.facts import matter as m
from services.legal.domain.known import Known
from services.legal.domain.led import Led
from services.legal.domain.matter import Matter
from shared.kernel.refusal import Refused

MANDATE = "MANDATE"


class MandateMissing(Refused):
    """A firm acts under a mandate: file the document first, of kind MANDATE, and name its hash."""

    code = "mandate-missing"
    title_en = "The mandate is not among the matter's documents"
    title_zh = "委托书尚未归入该法务事项的文件"


class PlacedAlready(Refused):
    """The matter is with a firm. End that placement first. Context: `placement`."""

    code = "matter-placed-already"
    title_en = "The matter is with a law firm already"
    title_zh = "该法务事项已委托律师事务所"


class PlacementTermsRefused(Refused):
    """A mandate ends after it begins."""

    code = "legal-placement-terms-refused"
    title_en = "The placement ends before it begins"
    title_zh = "委托结束日期早于开始日期"


class PlacementUnknown(Refused):
    """No such placement of the matter is under way."""

    code = "legal-placement-unknown"
    title_en = "There is no such placement under way"
    title_zh = "没有该进行中的委托"


def placement(matter: Matter) -> m.PlacedWithFirm | None:
    """The newest placement that was not ended; None: the matter is with no firm. It may have run out (`until`)."""
    ended = {one.placement for one in matter.all(m.PlacementEnded)}
    open_ones = [one for one in matter.all(m.PlacedWithFirm) if one.placement not in ended]
    return open_ones[-1] if open_ones else None


def placed(known: Known, fact: m.PlacedWithFirm) -> Led:
    """It is with a firm. Raises MandateMissing, PlacedAlready, PlacementTermsRefused."""
    if fact.until is not None and fact.until <= fact.on:
        raise PlacementTermsRefused
    filed = known.matter.all(m.DocumentFiled)
    if all(one.kind != MANDATE or one.sha256 != fact.mandate for one in filed):
        raise MandateMissing
    now = placement(known.matter)
    if now is not None and now.placement != fact.placement and (now.until is None or now.until > fact.on):
        raise PlacedAlready(placement=now.placement)
    return Led(matter=(fact,))


def ended(known: Known, fact: m.PlacementEnded) -> Led:
    """The firm has it no longer. Raises PlacementUnknown."""
    now = placement(known.matter)
    if now is None or now.placement != fact.placement:
        raise PlacementUnknown
    return Led(matter=(fact,))
