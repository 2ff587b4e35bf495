"""Which policy was in force, and under which name it is stored."""

from dataclasses import dataclass
from datetime import date

import pytest

from shared.kernel.policy import NoPolicyInForce, PolicyBook, PolicyVersion


@dataclass(frozen=True)
class Tolerance:
    version: PolicyVersion
    days: int


FIRST = Tolerance(PolicyVersion("cn-retail/1", date(2020, 1, 1)), days=3)
SECOND = Tolerance(PolicyVersion("cn-retail/2", date(2024, 7, 1)), days=5)
BOOK = PolicyBook({"default": (FIRST, SECOND)})


def test_the_newest_policy_not_after_the_day_decides() -> None:
    assert BOOK.in_force(tenant="default", on=date(2024, 6, 30)) is FIRST
    assert BOOK.in_force(tenant="default", on=date(2024, 7, 1)) is SECOND


def test_before_the_first_policy_and_for_a_stranger_nothing_is_in_force() -> None:
    with pytest.raises(NoPolicyInForce):
        BOOK.in_force(tenant="default", on=date(2019, 12, 31))
    with pytest.raises(NoPolicyInForce):
        BOOK.in_force(tenant="other", on=date(2024, 1, 1))


def test_an_old_decision_finds_the_policy_it_was_taken_under() -> None:
    assert BOOK.named(tenant="default", version="cn-retail/1") is FIRST
    with pytest.raises(NoPolicyInForce):
        BOOK.named(tenant="default", version="cn-retail/3")


def test_a_version_says_its_pack_and_number() -> None:
    assert (FIRST.version.pack, SECOND.version.number) == ("cn-retail", 2)


@pytest.mark.parametrize(
    "text", ["cn-retail", "cn-retail/0", "CN/1", "cn-retail/1.0", "cn retail/1", "cn-retail/01"]
)
def test_a_version_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="written like"):
        PolicyVersion(text, date(2020, 1, 1))


def test_two_policies_never_start_on_one_day() -> None:
    clash = Tolerance(PolicyVersion("cn-retail/9", date(2020, 1, 1)), days=1)
    with pytest.raises(ValueError, match="share"):
        PolicyBook({"default": (FIRST, clash)})
