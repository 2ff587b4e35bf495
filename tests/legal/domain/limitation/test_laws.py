"""Laws: more proofs never end a claim earlier, order of arrival says nothing, a retraction undoes exactly."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.limitation.reading import DebtReading, limitation
from tests.legal.domain.limitation.kit import (
    GENERAL_GUARANTOR,
    JOINT,
    JOINT_GUARANTOR,
    claims,
    cn,
    guarantee,
    joint,
    proof,
    restored,
    retracted,
)

FIRST, TODAY = date(2016, 1, 4), date(2026, 11, 22)
RESTARTS = (
    "demand_delivered", "promise", "part_payment", "plan_agreed", "settlement_accepted", "account_debited",
    "public_demand", "written_consent",
)  # fmt: skip
PROCEDURES = ("sued", "arbitration_filed", "payment_order_applied", "preservation_applied")
PEOPLE = (None, JOINT, JOINT_GUARANTOR, GENERAL_GUARANTOR)
ROLES = [joint(), guarantee(JOINT_GUARANTOR, "JOINT"), guarantee(GENERAL_GUARANTOR, "GENERAL", "2020-06-30")]
DUE = proof("due", "performance_due", FIRST)
days = st.integers(0, (TODAY - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
people = st.sampled_from(PEOPLE)
restarts = st.tuples(st.just("restart"), st.sampled_from(RESTARTS), days, st.integers(0, 900), people)
held = st.tuples(st.just("held"), st.sampled_from(PROCEDURES), days, st.integers(0, 900), people)
obstacles = st.tuples(st.just("obstacle"), st.just("obstacle_began"), days, st.integers(0, 900), people)
whole = st.lists(st.one_of(restarts, held, obstacles), max_size=7)
Thing = tuple[str, str, date, int, str | None]


def recorded(name: str, thing: Thing) -> list[p.ProofRecorded]:
    """A procedure and an obstacle come with their end; a withdrawal is no proof for the claim, and none is made."""
    what, kind, on, lasts, person = thing
    if what == "restart":
        return [proof(name, kind, on, person=person)]
    ends = "procedure_ended" if what == "held" else "obstacle_ended"
    return [
        proof(name, kind, on, person=person, thing=name),
        proof(f"{name}-end", ends, on + timedelta(days=lasts), thing=name),
    ]


def told(things: list[Thing]) -> list[p.ProofRecorded]:
    return [one for n, thing in enumerate(things) for one in recorded(f"p{n}", thing)]


def readings(*events: object) -> dict[tuple[str | None, str], DebtReading]:
    known: Claims = claims(DUE, *events, account_1=ROLES)
    return {(one.person, one.what): one for one in limitation(known, cn(), as_of=TODAY)}


def lives(found: dict[tuple[str | None, str], DebtReading], person: str | None) -> date:
    """How long the claim against somebody lives."""
    [governs] = [one for (who, _), one in found.items() if who == person and one.governs]
    if governs.state in ("IN_PROCEDURE", "SUSPENDED", "KEPT"):
        return date.max
    return governs.raw_on or date.min


@settings(max_examples=300, deadline=None)
@given(whole, st.one_of(restarts, held, obstacles))
def test_expiry_is_monotone_under_adding_proofs(things: list[Thing], more: Thing) -> None:
    before, after = readings(*told(things)), readings(*told(things), *recorded("more", more))
    for person in PEOPLE:
        assert lives(after, person) >= lives(before, person), person


@settings(max_examples=200, deadline=None)
@given(whole, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(things: list[Thing], chance: random.Random) -> None:
    events = told(things)
    one = readings(*events)
    chance.shuffle(events)
    assert readings(*events) == one


@settings(max_examples=200, deadline=None)
@given(whole, restarts)
def test_a_retraction_undoes_exactly_and_a_restoration_undoes_that(things: list[Thing], more: Thing) -> None:
    [extra] = recorded("more", more)
    never, with_it = readings(*told(things)), readings(*told(things), extra)
    assert readings(*told(things), extra, retracted("more")) == never
    assert readings(*told(things), extra, retracted("more"), restored("more")) == with_it


@settings(max_examples=200, deadline=None)
@given(whole)
def test_nothing_moves_a_guarantee_period(things: list[Thing]) -> None:
    alone, found = readings(), readings(*told(things))
    for person in (JOINT_GUARANTOR, GENERAL_GUARANTOR):
        period, before = found[person, "GUARANTEE"], alone[person, "GUARANTEE"]
        assert (period.raw_on, period.expires_on) == (before.raw_on, before.expires_on)


@settings(max_examples=200, deadline=None)
@given(whole)
def test_the_weakest_proof_is_one_without_which_the_claim_ends_earlier(things: list[Thing]) -> None:
    events = told(things)
    for (person, what), one in readings(*events).items():
        if one.weakest is None:
            continue
        without = readings(*(event for event in events if event.proof != one.weakest.fact.id))
        same = without.get((person, what))
        assert same is None or same.state != one.state or same.raw_on != one.raw_on
