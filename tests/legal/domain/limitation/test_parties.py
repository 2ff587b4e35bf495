"""Parties of a matter whom the book does not know are told to limitation; what the book says of somebody stands."""

from typing import Any

from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims, fold_proofs
from services.legal.domain.limitation.parties import taken_of, told_of
from services.legal.domain.limitation.reading import expired
from tests.legal.domain.limitation.kit import (
    DEBT,
    JOINT_GUARANTOR,
    OTHER,
    claims,
    cn,
    day,
    guarantee,
    joint,
    proof,
    read,
)

DUE = proof("due", "performance_due", "2026-03-10")


def party(role: str = "GUARANTOR", **more: Any) -> m.PartyNamed:
    told = {
        "party": "pty_1", "person": JOINT_GUARANTOR, "role": role, "debts": (),
        "guarantee": "JOINT" if role == "GUARANTOR" else None, "until": None, "on": day("2026-06-01"),
        "reference": None, **more,
    }  # fmt: skip
    return m.PartyNamed(**told)


def after(known: Claims, told: dict[str, tuple[p.ProofEvent, ...]]) -> Claims:
    streams = dict(known.streams)
    for debt, events in told.items():
        streams[debt] = fold_proofs(events, begin=streams.get(debt))
    return Claims(known.case, streams)


def test_a_guarantor_of_the_matter_has_a_period_of_their_own() -> None:
    known = claims(DUE)
    told = after(known, told_of(known, party()))
    assert read(told, person=JOINT_GUARANTOR).raw_on == day("2026-09-10")
    [over] = expired(told, cn(), (DEBT,), as_of=day("2026-11-22"), persons=(JOINT_GUARANTOR,))
    assert over.what == "GUARANTEE"


def test_said_again_it_is_told_once_and_said_otherwise_it_is_replaced() -> None:
    known = claims(DUE)
    told = after(known, told_of(known, party()))
    assert told_of(told, party()) == {}
    longer = after(told, told_of(told, party(until=day("2027-06-30"))))
    assert read(longer, person=JOINT_GUARANTOR).raw_on == day("2027-06-30")


def test_what_the_book_says_of_them_stands() -> None:
    known = claims(DUE, account_1=[guarantee(JOINT_GUARANTOR, "JOINT", "2028-01-31")])
    assert told_of(known, party()) == {}


def test_only_the_debts_that_the_party_is_named_for() -> None:
    known = claims(DUE, debts=(DEBT, OTHER))
    assert set(told_of(known, party())) == {DEBT, OTHER}
    assert set(told_of(known, party(debts=(OTHER,)))) == {OTHER}


def test_a_joint_debtor_of_the_matter_shares_the_limitation() -> None:
    known = claims(DUE)
    told = after(known, told_of(known, party("JOINT_DEBTOR")))
    assert read(told, person=JOINT_GUARANTOR).what == "LIMITATION"
    assert told_of(known, party("ESTATE")) == {}


def test_who_was_dropped_is_read_no_longer_once() -> None:
    known = claims(DUE)
    told = after(known, told_of(known, party()))
    dropped = m.PartyDropped(party="pty_1", on=day("2026-07-01"), reason="RELEASED")
    gone = after(told, taken_of(told, dropped))
    from services.legal.domain.limitation.reading import limitation

    assert {one.person for one in limitation(gone, cn(), as_of=day("2026-11-22"))} == {None}
    assert taken_of(gone, dropped) == {}
    assert taken_of(known, dropped) == {}
    again = after(gone, told_of(gone, party(on=day("2026-08-03"))))
    assert read(again, person=JOINT_GUARANTOR).what == "GUARANTEE"


def test_who_owes_it_and_guarantees_it_is_judged_as_who_owes_it() -> None:
    roles = [joint(JOINT_GUARANTOR), guarantee(JOINT_GUARANTOR, "JOINT")]
    known = claims(DUE, account_1=roles)
    assert expired(known, cn(), (DEBT,), as_of=day("2026-11-22"), persons=(JOINT_GUARANTOR,)) == ()
