"""What becomes of a raw return: which payment it is of, and when it is left to a person."""

from datetime import date

import pytest
from msgspec.structs import replace

from services.case.domain import events as e
from services.case.domain.bank import returns as rules
from services.case.domain.bank.returns import EnterReturn, FoundOriginal, Original
from services.case.domain.entry import DuplicateSourceRef
from services.case.domain.payment import AmountNotPositive
from shared.kernel.money import Money

DAY = date(2026, 3, 12)


def ask(minor: int = 500_00, **more: object) -> EnterReturn:
    """A return of 500 that names its payment."""
    said = EnterReturn(
        source="BANK",
        source_ref="R-1",
        original_ref="P-1",
        end_to_end=None,
        amount=Money(minor, "CNY"),
        on=DAY,
        reason="AM04",
    )
    return replace(said, **more)


def original(entry: str, minor: int, currency: str = "CNY") -> Original:
    """A payment with so much left."""
    return Original(entry, Money(minor, currency))


def find(by_ref: list[Original], end_to_end: list[Original]) -> FoundOriginal | str:
    """What the rule makes of a return of 500."""
    return rules.find_original(Money(500_00, "CNY"), by_ref, end_to_end)


def test_the_sources_own_reference_counts_first() -> None:
    """Both references may be given; the bank's own word for the payment wins."""
    assert find([original("a", 500_00)], [original("b", 500_00)]) == FoundOriginal("a", "ORIGINAL_REF")
    assert find([], [original("b", 600_00)]) == FoundOriginal("b", "END_TO_END")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([], "UNKNOWN_ORIGINAL"),
        ([original("a", 500_00), original("b", 500_00)], "SEVERAL_PAYMENTS"),
        ([original("a", 499_99)], "TOO_LARGE"),
        ([original("a", 0)], "GONE_BACK"),
        ([original("a", 500_00, "USD")], "OTHER_CURRENCY"),
    ],
)
def test_where_it_is_not_sure_it_says_why(found: list[Original], why: str) -> None:
    """Nothing is guessed."""
    assert find(found, []) == find([], found) == why


def test_a_return_is_known_by_its_reference_and_must_say_the_same_money() -> None:
    """Another message may know more references; never another amount or day."""
    state = rules.fold_return([rules.entered(ask())])
    assert rules.known(state, ask(original_ref=None, end_to_end="E-1", reason="MD06"))
    for other in (ask(1), ask(on=date(2026, 3, 13))):
        with pytest.raises(DuplicateSourceRef):
            rules.known(state, other)
    assert not rules.known(rules.NO_RETURN, ask())
    with pytest.raises(AmountNotPositive):
        rules.entered(ask(0))


def test_the_life_of_a_return() -> None:
    """It waits, the reason may change, it is matched once; without its first event there is nothing."""
    gone = e.ReturnMatched(
        entry="a", returned="ret_1", amount=ask().amount, on=DAY, by="RULE", rule="END_TO_END"
    )
    waits = e.ReturnUnmatched(on=DAY, reason="TOO_LARGE")
    state = rules.fold_return([rules.entered(ask()), waits])
    assert rules.waiting(state).reason == "TOO_LARGE"
    state = rules.fold_return([gone, waits], state)
    assert isinstance(state, rules.Settled)
    assert state.entry == "a"
    with pytest.raises(rules.ReturnAlreadyMatched):
        rules.waiting(state)
    with pytest.raises(rules.ReturnForgotten):
        rules.waiting(rules.fold_return([waits, gone]))
