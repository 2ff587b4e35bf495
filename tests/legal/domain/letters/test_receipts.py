"""What contact says of a posted letter, in any order, ends in the same letter; nothing it says breaks the machine."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.legal.domain.commands import RetractStep, TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.facts.matter import StepRetracted
from services.legal.domain.letters import machine as s
from services.legal.domain.letters.receipts import DELIVERED, UNDELIVERABLE, Heard, letter_of, of_attempt
from services.legal.domain.matter import Matter, evolve, fold_matter
from shared.kernel.parts import Parts

DAY = date(2026, 11, 20)
LETTER, MESSAGE = "ltr_1", "cat_1"
SHA = "9f" * 32


def step(kind: Any, number: int, /, **said: Any) -> Any:
    return kind(track=LETTER, step=f"stp_{number}", on=said.pop("on", DAY), **said)


def posted(*more: Any) -> Matter:
    return fold_matter((
        step(f.LetterRequested, 1, person=None, role="DEBTOR", template="demand", language="en", by="a"),
        step(
            f.LetterDrafted, 2, kind="DEMAND", template="demand", template_version=1, content=SHA, language="en",
            as_of=DAY, subject="subject-1", debts=("account-1",), claimed=Parts(0, 0, 0, 100, "CNY"),
            limitation="RUNNING", answer_days=15, sha256=SHA, pages=1, values=(), recipient=("A",), by="a",
        ),
        step(f.LetterApproved, 3, sha256=SHA, by="b"),
        step(f.LetterSigned, 4, placement="plf_1", firm="F", sha256=SHA, seal=SHA, lawyer="l"),
        step(f.LetterDispatchBegun, 5, channel="letter", try_no=1),
        step(f.LetterDispatched, 6, channel="letter", try_no=1, message=MESSAGE, permit=None, carrier_no=None),
        *more,
    ))  # fmt: skip


def heard(outcome: str, day: int, *, retracted: bool = False, channel: str = "letter") -> Heard:
    return Heard(
        message=MESSAGE, channel=channel, outcome=outcome, on=DAY + timedelta(days=day), retracted=retracted
    )


def after(matter: Matter, told: Heard, number: int) -> Matter:
    for command in of_attempt(matter, told, step=f"stp_t{number}", by="system"):
        if isinstance(command, RetractStep):
            assert matter.steps(LETTER)[-1].step == command.step, "newest first"
            event: Any = StepRetracted(
                step=command.step, track=LETTER, on=command.on, reason=command.reason, by=command.by
            )
        else:
            assert isinstance(command, TakeStep)
            event = command.step
            steps = matter.steps(LETTER)
            assert s.MACHINE.goal(type(event), s.MACHINE.status(steps)) is not None
            assert event.on >= steps[-1].on
        matter = evolve(matter, event)
    return matter


def test_delivered_counts_the_answer_from_its_day() -> None:
    found = after(posted(), heard(DELIVERED, 3), 1).steps(LETTER)[-1]
    assert isinstance(found, f.LetterDelivered)
    assert (found.proof, found.on, found.answer_until) == ("CARRIER", date(2026, 11, 23), date(2026, 12, 8))
    by_mail = after(posted(), heard(DELIVERED, 0, channel="email"), 1).steps(LETTER)[-1]
    assert (by_mail.proof, by_mail.answer_until) == (
        "DATA_REACHED",
        date(2026, 12, 7),
    )  # the 5th is a Saturday


def test_said_twice_is_said_once_and_of_others_nothing() -> None:
    matter = after(posted(), heard(DELIVERED, 3), 1)
    assert of_attempt(matter, heard(DELIVERED, 3), step="stp_x", by="s") == ()
    other = Heard(message="cat_2", channel="letter", outcome=DELIVERED, on=DAY)
    assert (letter_of(matter, "cat_2"), of_attempt(matter, other, step="stp_x", by="s")) == (None, ())
    assert of_attempt(posted(), heard("SENT", 0), step="stp_x", by="s") == ()


def test_an_answer_stands_whatever_the_post_says_later() -> None:
    matter = after(posted(), heard(DELIVERED, 3), 1)
    on = DAY + timedelta(days=4)
    matter = evolve(matter, step(f.LetterAnswered, 9, on=on, answer="DISPUTES", document=None))
    assert of_attempt(matter, heard(UNDELIVERABLE, 5), step="stp_x", by="s") == ()


def test_a_passed_deadline_goes_with_the_delivery_it_stood_on() -> None:
    matter = after(posted(), heard(DELIVERED, 3), 1)
    late = DAY + timedelta(days=30)
    matter = evolve(matter, step(f.LetterDeadlinePassed, 9, on=late, answer_until=date(2026, 12, 8)))
    matter = after(matter, heard(UNDELIVERABLE, 31), 2)
    assert s.MACHINE.status(matter.steps(LETTER)) == s.UNDELIVERABLE


@pytest.mark.parametrize("order", list(permutations((0, 1))))
def test_the_later_word_counts(order: tuple[int, ...]) -> None:
    told = (heard(DELIVERED, 3), heard(UNDELIVERABLE, 3))
    matter = posted()
    for number in order:
        matter = after(matter, told[number], number)
    wanted = (s.DELIVERED, s.UNDELIVERABLE)[order[-1]]
    assert s.MACHINE.status(matter.steps(LETTER)) == wanted


@given(
    st.lists(
        st.tuples(st.sampled_from((DELIVERED, UNDELIVERABLE, "SENT")), st.integers(0, 9), st.booleans()),
        max_size=8,
    )
)
def test_whatever_is_told_the_machine_lets_it_through(words: list[tuple[str, int, bool]]) -> None:
    matter = posted()
    for number, (outcome, day, retracted) in enumerate(words):
        matter = after(matter, heard(outcome, day, retracted=retracted), number)
        assert s.MACHINE.status(matter.steps(LETTER)) in (s.DISPATCHED, s.DELIVERED, s.UNDELIVERABLE)
