"""What can be enforced in a matter: which track gave a title, over what, and until when it was to be performed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.facts.matter import MediationAgreed
from services.legal.domain.matter import Matter
from shared.kernel.money import Money

_TAKES = (a.AwardSetAside, a.EnforcementOfAwardRefused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title over `amount`, to be performed by `perform_until` (its last day), in force since `on`.

    `thing` is the track that brought it, or the mediation that a court confirmed; `step` by which.
    """

    thing: str
    step: str
    on: date
    amount: Money
    perform_until: date


def titles(matter: Matter) -> tuple[Title, ...]:
    """Every title that stands, in the order in which they came. A lost case gives none."""
    found: dict[str, Title] = {}
    for one in matter.standing:
        if isinstance(one, _TAKES):
            found.pop(one.track, None)
        elif (title := _given(matter, one)) is not None and title.amount.minor > 0:
            found[title.thing] = title
    return tuple(found.values())


def title_of(matter: Matter, thing: str) -> Title | None:
    """The title of a track or mediation, None: it gave none, or it stands no longer."""
    return next((one for one in titles(matter) if one.thing == thing), None)


def _given(matter: Matter, one: Any) -> Title | None:
    """A judgment or mediation in force (民事诉讼法 247), an award (仲裁法 57), an unopposed order (227)."""
    if isinstance(one, s.JudgmentEffective | a.AwardIssued | a.AwardEffective):
        return Title(
            thing=one.track, step=one.step, on=one.on, amount=one.amount, perform_until=one.perform_until
        )
    if isinstance(one, o.PaymentOrderUnopposed):
        steps = matter.steps(one.track)
        issued = next((it for it in steps if isinstance(it, o.PaymentOrderIssued)), None)
        if issued is None:  # its facts were erased: nobody can say over how much it is
            return None
        return Title(
            thing=one.track, step=one.step, on=one.on, amount=issued.amount, perform_until=one.perform_until
        )
    if isinstance(one, MediationAgreed) and one.confirmed:
        return Title(
            thing=one.mediation, step=one.mediation, on=one.on, amount=one.amount, perform_until=one.pay_by
        )
    return None
