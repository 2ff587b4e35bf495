"""The weakest link: the poorest proof without which the claim would be over earlier, and what would prove it better."""

from tests.legal.domain.limitation.kit import claims, day, proof, read

DUE = proof("due", "performance_due", "2021-03-10")


def test_the_poorest_of_the_proofs_that_bear_the_end() -> None:
    sms = proof("sms", "demand_delivered", "2023-12-04", evidence="DATA_SHOULD_HAVE_REACHED")
    paid = proof("paid", "part_payment", "2026-05-11", evidence="BANK_RECORD")
    found = read(claims(DUE, sms, paid)).weakest
    assert found is not None
    assert (found.fact.id, found.better) == ("sms", "REGISTERED_LETTER")
    assert (found.without.state, found.without.raw_on) == ("EXPIRED", day("2024-03-10"))


def test_a_proof_that_another_makes_needless_is_not_the_weakest() -> None:
    said = proof("said", "promise", "2022-06-06", evidence="STATED")
    letter = proof("letter", "demand_delivered", "2023-12-04", evidence="SIGNED")
    found = read(claims(DUE, said, letter)).weakest
    assert found is not None
    assert (found.fact.id, found.better) == ("letter", None)


def test_two_proofs_of_one_day_bear_each_other() -> None:
    letter = proof("letter", "demand_delivered", "2023-12-04", evidence="CARRIER")
    said = proof("said", "promise", "2023-12-04", evidence="STATED")
    assert read(claims(DUE, letter, said)).weakest is None


def test_of_two_equally_poor_the_one_that_costs_more() -> None:
    first = proof("first", "demand_delivered", "2023-12-04", evidence="CARRIER")
    second = proof("second", "demand_delivered", "2025-12-01", evidence="CARRIER")
    found = read(claims(DUE, first, second)).weakest
    assert found is not None
    assert found.fact.id == "first"


def test_a_grade_that_nobody_knows_is_as_weak_as_none() -> None:
    known = proof("known", "demand_delivered", "2023-12-04", evidence="STATED")
    odd = proof("odd", "part_payment", "2025-12-01", evidence="PIGEON")
    found = read(claims(DUE, known, odd)).weakest
    assert found is not None
    assert (found.fact.id, found.better) == ("odd", "BANK_STATEMENT")


def test_nothing_bears_a_claim_that_only_fell_due() -> None:
    assert read(claims(DUE)).weakest is None


def test_a_suit_under_way_bears_the_claim() -> None:
    suit = proof("suit", "sued", "2023-12-04", thing="trk_1", evidence="STATED")
    found = read(claims(DUE, suit)).weakest
    assert found is not None
    assert (found.fact.id, found.better, found.without.state) == ("suit", "COURT_RECEIPT", "EXPIRED")


def test_many_demands_are_weighed_one_by_one_only_where_they_bear() -> None:
    from datetime import timedelta

    many = [proof(f"d{n}", "demand_delivered", day("2021-04-01") + timedelta(days=7 * n)) for n in range(250)]
    found = read(claims(DUE, *many)).weakest
    assert found is not None
    assert found.fact.id == "d249"
