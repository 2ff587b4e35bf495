"""Whose whereabouts are unknown: they could only be served by public notice (民事诉讼法 95)."""

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as f
from services.legal.domain.matter import Matter
from services.legal.domain.tracks.against import persons_behind
from services.legal.domain.tracks.refusals import WhereaboutsUnknown

_SERVED = (f.SuitServed, f.JudgmentServed, o.PaymentOrderServed, a.ArbitrationServed, a.AwardReceived)


def missing(matter: Matter) -> frozenset[str | None]:
    """Those for whom a notice was published in any suit of the matter, and who were not served otherwise since."""
    found: set[str | None] = set()
    for one in matter.standing:
        if isinstance(one, f.ServiceNoticePublished):
            found.add(one.person)
        elif isinstance(one, _SERVED):
            found.discard(one.person)
    return frozenset(found)


def all_known(matter: Matter, named: tuple[str, ...]) -> None:
    """Raises WhereaboutsUnknown where one of these parties could not be found."""
    if missing(matter) & set(persons_behind(matter, named)):
        raise WhereaboutsUnknown
