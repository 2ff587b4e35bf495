"""How an order for payment goes (支付令; 民事诉讼法 225 to 228 of 2023).

    ASSESSED ► APPROVED ► APPLIED ► ACCEPTED ► ISSUED ► SERVED ► ENFORCEABLE ► PERFORMED
                                └► REFUSED        └► NOT_SERVED └► OBJECTED (a suit may follow by itself)

Applying restarts limitation (provisions art. 11). Fifteen days after it was served on the last of them nobody can
object any more, and it is a title: the passing of time says so. It has to be served, and never is by public notice.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.legal.domain.facts import payment_order as f
from services.legal.domain.ground import Ground
from services.legal.domain.matter import Matter
from services.legal.domain.tracks import proving
from services.legal.domain.tracks import refusals as no
from services.legal.domain.tracks.against import first_day, is_against, persons
from services.legal.domain.tracks.machine import Asked, Machine, Proves
from services.legal.domain.tracks.outcomes import same
from services.legal.domain.tracks.periods import Period, longest, period
from services.legal.domain.tracks.whereabouts import all_known
from shared.kernel.four_eyes import second_person

KIND = "PAYMENT_ORDER"
ASSESSED, APPROVED, REJECTED, APPLIED = "ASSESSED", "APPROVED", "REJECTED", "APPLIED"
ACCEPTED, REFUSED, ISSUED, SERVED = "ACCEPTED", "REFUSED", "ISSUED", "SERVED"
NOT_SERVED, OBJECTED, ENFORCEABLE = "NOT_SERVED", "OBJECTED", "ENFORCEABLE"
PERFORMED, WITHDRAWN = "PERFORMED", "WITHDRAWN"
OBJECTION = "payment_order_objection"
"""The clock of the law pack."""


def objection_period(matter: Matter, track: str, steps: tuple[Any, ...], ground: Ground) -> Period | None:
    """The time to object that ends last, None while the order was not served on all of them (art. 227)."""
    served = first_day(steps, f.PaymentOrderServed)
    return longest(
        period(ground, OBJECTION, served[person]) if person in served else None
        for person in persons(matter, track)
    )


# -- guards


def _assessed(asked: Asked) -> None:
    all_known(asked.matter, asked.step.against)


def _applied(asked: Asked) -> None:
    all_known(asked.matter, asked.before[0].against)


def _second(asked: Asked) -> None:
    assessed = asked.done(f.PaymentOrderAssessed)
    second_person(None if assessed is None else assessed.by, asked.step.by)


def _objected(asked: Asked) -> None:
    is_against(asked)
    found = objection_period(asked.matter, asked.track, asked.before, asked.ground)
    if found is not None and asked.step.on > found.last:
        raise no.ObjectionTooLate(last_day=found.last)


def _unopposed(asked: Asked) -> None:
    """The time to object is the time to pay (art. 227), so it ends the time to perform."""
    found = objection_period(asked.matter, asked.track, asked.before, asked.ground)
    if found is None:
        served = first_day(asked.before, f.PaymentOrderServed)
        raise no.NotEveryoneServed(left=len(set(persons(asked.matter, asked.track)) - set(served)))
    if asked.step.on <= found.last:
        raise no.ObjectionStillOpen(last_day=found.last)
    if asked.step.perform_until != found.last:
        raise no.NotWhatWasDecided(field="perform_until")


def _performed(asked: Asked) -> None:
    same(asked.step, asked.done(f.PaymentOrderIssued), "amount")


# -- what it proves


def _of(kind: str) -> Any:
    return lambda asked: proving.proved(asked, kind)


def _objection_proves(asked: Asked) -> Proves:
    """Where the court goes on with a suit, the procedure goes on, from the day of the application (解释 439)."""
    return None if asked.step.to_suit else proving.proved(asked, proving.ENDED)


def _unopposed_proves(asked: Asked) -> Proves:
    return (
        proving.proved(asked, proving.TITLE, on=asked.step.perform_until),
        proving.proved(asked, proving.ENDED),
    )


def _performance_proves(asked: Asked) -> Proves:
    """Paid while there was time to object: no title came of it, and the procedure is over."""
    if asked.done(f.PaymentOrderUnopposed) is not None:
        return None
    return proving.proved(asked, proving.ENDED)


def _withdrawal_proves(asked: Asked) -> Proves:
    if asked.done(f.PaymentOrderApplied) is None:
        return None
    return proving.proved(asked, proving.WITHDRAWN)


_PROVED: Mapping[type, Any] = MappingProxyType({
    f.PaymentOrderApplied: _of("payment_order_applied"),
    f.PaymentOrderRefused: _of(proving.NOT_ACCEPTED),
    f.PaymentOrderServed: proving.served,
    f.PaymentOrderNotServed: _of(proving.ENDED),
    f.PaymentOrderObjected: _objection_proves,
    f.PaymentOrderUnopposed: _unopposed_proves,
    f.PaymentOrderPerformed: _performance_proves,
    f.PaymentOrderWithdrawn: _withdrawal_proves,
})  # fmt: skip

MACHINE = Machine(
    kind=KIND,
    begins=f.PaymentOrderAssessed,
    first=ASSESSED,
    moves=MappingProxyType({
        f.PaymentOrderApproved: (frozenset({ASSESSED}), APPROVED),
        f.PaymentOrderRejected: (frozenset({ASSESSED}), REJECTED),
        f.PaymentOrderApplied: (frozenset({APPROVED}), APPLIED),
        f.PaymentOrderAccepted: (frozenset({APPLIED}), ACCEPTED),
        f.PaymentOrderRefused: (frozenset({APPLIED, ACCEPTED}), REFUSED),
        f.PaymentOrderIssued: (frozenset({ACCEPTED}), ISSUED),
        f.PaymentOrderServed: (frozenset({ISSUED, SERVED}), SERVED),
        f.PaymentOrderNotServed: (frozenset({ISSUED, SERVED}), NOT_SERVED),
        f.PaymentOrderObjected: (frozenset({ISSUED, SERVED}), OBJECTED),
        f.PaymentOrderUnopposed: (frozenset({SERVED}), ENFORCEABLE),
        f.PaymentOrderPerformed: (frozenset({SERVED, ENFORCEABLE}), PERFORMED),
        f.PaymentOrderWithdrawn: (
            frozenset({ASSESSED, APPROVED, APPLIED, ACCEPTED, ISSUED, SERVED}), WITHDRAWN,
        ),
    }),
    ends=frozenset({REJECTED, REFUSED, NOT_SERVED, OBJECTED, ENFORCEABLE, PERFORMED, WITHDRAWN}),
    by_time=frozenset({f.PaymentOrderUnopposed}),
    needs_live_claim=frozenset({f.PaymentOrderApplied}),
    guards=MappingProxyType({
        f.PaymentOrderAssessed: _assessed,
        f.PaymentOrderApproved: _second,
        f.PaymentOrderRejected: _second,
        f.PaymentOrderApplied: _applied,
        f.PaymentOrderServed: is_against,
        f.PaymentOrderObjected: _objected,
        f.PaymentOrderUnopposed: _unopposed,
        f.PaymentOrderPerformed: _performed,
    }),
    proved=_PROVED,
)  # fmt: skip
"""The machine of an order for payment."""
