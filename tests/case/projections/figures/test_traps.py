"""Every trap that domain.md 5 names for a figure has a test here that bears its name."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.figures import rules
from tests.case.projections.figures.asking import Case, answer, later, sides, values
from tests.case.projections.lives import CHECKER, MAKER, cny, march
from tests.case.projections.portfolio import Desk, desk, lines_of
from tests.kit.importing import row, take_in, write
from tests.kit.ledgers import backends
from tests.kit.statements import month_end

APRIL, MAY = "2005-04-30", "2005-05-31"


async def statements(it: Desk, folder: Path, *rows: dict[str, str]) -> None:
    """Take these lines in."""
    await take_in(it.ledger, write(folder / "lines.csv", rows), folder / "rejected.csv")


async def test_roll_is_not_100_less_the_repayment_rate(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of 1,000 in M1 half was paid, and all of the account rolled on: a roll of 100 %, and not of 50 %."""
    async with desk("sqlite", tmp_path, request) as it:
        await statements(it, tmp_path, row("A-1", APRIL, 1, "1000"), row("A-1", MAY, 2, "500", paid="500"))
        found = await values(it, "roll", date(2005, 5, 31), from_=date(2005, 5, 1))
        assert found["balance", "M1", "M2", "TWD"] == 1
        assert found["closing_balance", "M1", "M2", "TWD"] == Fraction(1, 2)
        assert found["net_flow", "M1", "M2", "TWD"] == Fraction(1, 2), "labelled: not a roll rate"


@backends
async def test_charged_off_settled_sold_and_cured_have_columns_of_their_own_and_rows_sum_to_one(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        names = ("SETTLED", "CHARGED", "WRITTEN", "SOLD", "CURED", "ROLLED")
        await statements(it, tmp_path, *(row(name, APRIL, 1, "1000", currency="CNY") for name in names))
        for name in names[:4]:
            case = Case(it.ledger, name, today=date(2005, 5, 2))
            match name:
                case "SETTLED":
                    await case.settle("stl-a", 50_000, date(2005, 5, 20))
                    await case.do(
                        m.ApproveSettlement(settlement="stl-a", on=date(2005, 5, 3), by=CHECKER), by=CHECKER
                    )
                    await case.pay("pay-a", 50_000, date(2005, 5, 5))
                case "CHARGED":
                    await case.do(m.ChargeOff(ref="cho-a", on=date(2005, 5, 4), amount=cny(100_000)))
                case "WRITTEN":
                    await case.do(
                        m.ProposeWriteOff(ref="wof-a", on=date(2005, 5, 4), reason="NO_ESTATE", by=MAKER)
                    )
                    await case.do(
                        m.ApproveWriteOff(write_off="wof-a", on=date(2005, 5, 4), by=CHECKER), by=CHECKER
                    )
                case _:
                    await case.do(c.CloseCase(on=date(2005, 5, 4), reason="SOLD"))
        await statements(
            it,
            tmp_path,
            row("CURED", MAY, 0, "1000", currency="CNY"),
            row("ROLLED", MAY, 2, "1000", currency="CNY"),
        )
        found = await values(it, "roll", date(2005, 5, 31), from_=date(2005, 5, 1))
        cells = {key[2]: value for key, value in found.items() if key[:2] == ("accounts", "M1")}
        assert cells == dict.fromkeys(
            (rules.SETTLED, rules.CHARGED_OFF, rules.WRITTEN_OFF, rules.SOLD, rules.CURED, "M2"), Fraction(1, 6)
        )  # fmt: skip
        following = await sides(it, "roll", date(2005, 6, 30), from_=date(2005, 6, 1))
        assert ("accounts", "M2", "M2", "CNY") in following, "what was not reported stands as it did"
        assert sum(above for key, (above, _) in following.items() if key[0] == "accounts") == 2, (
            "four are gone"
        )


@backends
async def test_rows_of_every_month_pair_sum_to_one(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await it.take_in(lines_of(60))
        for month in range(1, 6):
            first, last = month_end(month - 1), month_end(month)
            found = await answer(it, "roll", last, from_=later(first, 1))
            for measure in ("accounts", "balance"):
                sums: dict[str, Fraction] = {}
                for one in found.figures:
                    if one.measure.code == measure and one.value is not None:
                        sums[one.row] = sums.get(one.row, Fraction(0)) + one.value
                assert sums
                assert set(sums.values()) == {1}, (month, measure)


@backends
async def test_cured_by_restructuring_is_not_cured_by_payment(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        paid, waived, tried, late = [
            await Case(it.ledger, name).open(10_000) for name in ("PAID", "WAIVED", "TRIED", "LATE")
        ]
        await paid.pay("pay-a", 10_000, march(10))
        await waived.waive(10_000, march(10))
        await tried.attempt("att-1", march(5))
        await tried.pay("pay-a", 10_000, march(10))
        await late.pay("pay-a", 10_000, date(2026, 4, 20))
        found = await sides(it, "cure", date(2026, 5, 31), from_=march(3))
        assert found == {
            ("cured",): (3, 4),
            ("by_payment",): (2, 4),
            ("by_restructuring",): (1, 4),
            ("self_cured",): (1, 4),
            ("relapsed",): (0, 4),
        }


@backends
async def test_a_cure_must_stay(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "BACK").open(10_000)
        await case.pay("pay-a", 10_000, march(10))
        found = await sides(it, "cure", march(20), from_=march(3))
        assert found["cured",] == (0, 1), "ten days are no thirty"
        found = await sides(it, "cure", date(2026, 4, 30), from_=march(3))
        assert found["cured",] == (1, 1)
        await case.bounce("pay-a", march(25))
        found = await sides(it, "cure", date(2026, 4, 30), from_=march(3))
        assert (found["cured",], found["relapsed",]) == ((0, 1), (1, 1))
        found = await sides(it, "cure", date(2026, 4, 30), from_=march(3), stay_days=10)
        assert found["cured",] == (1, 1), "it lasted for fifteen days"


@backends
async def test_contact_rates_are_published_with_all_three_denominators(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        one, two = await Case(it.ledger, "C-1").open(), await Case(it.ledger, "C-2").open()
        for number, outcome in enumerate(("NO_ANSWER", "THIRD_PARTY", "RIGHT_PARTY", "RIGHT_PARTY")):
            await one.attempt(f"att-{number}", march(3 + number), outcome)
        await two.attempt("att-9", march(4), "VOICEMAIL", "SMS")
        await two.attempt("att-10", date(2026, 4, 1), "RIGHT_PARTY")
        found = await sides(it, "contact")
        assert found == {
            ("connect",): (3, 5),
            ("right_party_per_attempt",): (2, 5),
            ("right_party_per_connect",): (2, 3),
            ("right_party_per_account",): (1, 2),
        }
        by_channel = await sides(it, "contact", by="channel")
        assert by_channel["connect", "VOICE"] == (3, 4)
        assert by_channel["connect", "SMS"] == (0, 1)
        assert ("right_party_per_connect", "SMS") not in by_channel


@backends
async def test_inbound_promises_stand_apart(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        called, came = await Case(it.ledger, "P-1").open(), await Case(it.ledger, "P-2").open()
        await called.attempt("att-1", march(3), "RIGHT_PARTY")
        await called.promise("prm-a", 5_000, march(10))
        await came.promise("prm-a", 5_000, march(10))
        found = await sides(it, "promise")
        assert found == {("promise_to_pay",): (1, 1), ("inbound",): (1, 2)}


@backends
async def test_promise_kept_is_of_those_fallen_due_and_not_of_those_taken(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Taken in March and due in April: no promise of March, whatever became of it."""
    async with desk(backend, tmp_path, request) as it:
        kept, broken, partly, ahead = [await Case(it.ledger, f"K-{n}").open() for n in range(4)]
        for case, due in (
            (kept, march(6)),
            (broken, march(6)),
            (partly, march(6)),
            (ahead, date(2026, 4, 1)),
        ):
            await case.promise("prm-a", 5_000, due)
        await kept.pay("pay-a", 5_000, march(5))
        await partly.pay("pay-a", 2_000, march(5))
        for case in (kept, broken, partly, ahead):
            await case.sweep(march(20))
        found = await sides(it, "promise-kept")
        assert found["by_count",] == (1, 3), "partly kept counts by money only"
        assert found["by_money", "CNY"] == (7_000, 15_000)
        assert found["not_judged",] == (0, 3)
        april = await sides(it, "promise-kept", date(2026, 4, 30))
        assert april["by_count",] == (0, 1)
        assert april["not_judged",] == (1, 1)


@backends
async def test_an_amended_promise_is_judged_once_by_its_last_terms(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "AMENDED").open()
        await case.promise("prm-a", 5_000, march(6))
        await case.do(m.AmendPromise(promise="prm-a", on=march(4), amount=cny(6_000), due=march(20)))
        await case.pay("pay-a", 6_000, march(18))
        found = await sides(it, "promise-kept")
        assert (found["by_count",], found["by_money", "CNY"]) == ((1, 1), (6_000, 6_000))
        assert await sides(it, "promise-kept", march(10)) == {}, "by its last terms it is not due yet"


@backends
async def test_a_promise_cancelled_after_its_day_fell_due_and_was_not_kept(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        before, after = await Case(it.ledger, "X-1").open(), await Case(it.ledger, "X-2").open()
        for case, day in ((before, march(5)), (after, march(7))):
            await case.promise("prm-a", 5_000, march(6))
            await case.do(m.CancelPromise(promise="prm-a", on=day, reason="DEBTOR_ASKED"))
        found = await sides(it, "promise-kept")
        assert (found["by_count",], found["not_judged",]) == ((0, 1), (0, 1))


@backends
async def test_a_late_return_restates_promises_under_known_at_only_from_then_on(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Case(it.ledger, "RETURNED").open()
        await case.promise("prm-a", 5_000, march(6))
        await case.pay("pay-a", 5_000, march(5))
        await case.sweep(march(20))
        before = case.known[-1]
        known = await sides(it, "promise-kept", known_at=before)
        assert known == await sides(it, "promise-kept")
        await case.bounce("pay-a", march(21))
        assert await sides(it, "promise-kept", known_at=before) == known, "what was known stays known so"
        after = await sides(it, "promise-kept")
        assert (known["by_count",], after["by_count",]) == ((1, 1), (0, 1))
        assert (known["by_money", "CNY"], after["by_money", "CNY"]) == ((5_000, 5_000), (0, 5_000))
        as_of_then = await sides(it, "promise-kept", march(20))
        assert as_of_then["by_count",] == (1, 1), (
            "on the 20th it was kept: the money was there until the 21st"
        )


@backends
async def test_overdue_is_the_whole_balance_of_the_whole_book(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await statements(
            it, tmp_path, row("A-1", APRIL, 2, "600"), row("A-2", APRIL, 0, "1400"), row("A-3", APRIL, 1, "-50"),
            row("A-4", APRIL, 1, "1000", currency="USD"),
        )  # fmt: skip
        found = await sides(it, "overdue", date(2005, 4, 30))
        assert found["balance", "PAR-30", "TWD"] == (60_000, 200_000)
        assert found["accounts", "PAR-0", "TWD"] == (2, 3)
        assert found["accounts", "PAR-90", "TWD"] == (0, 3)
        assert found["balance", "PAR-0", "USD"] == (100_000, 100_000), "a currency of its own"
