"""A bank's statements, through the whole service: payments, returns in any order, nothing twice."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from services.case.domain.bank.returns import OriginalNotFound
from tests.case.application.bank.banked import TODAY, banked
from tests.kit.camt import Tx, statement
from tests.kit.ledgers import backends

PAID = Tx(ref="B-1", traced="E-1", structured="D-1", minor=500_00, on=TODAY)
BACK = Tx(
    ref="B-2", traced="E-1", credit=False, reason="AM04", minor=500_00, on=TODAY, codes=("IDDT", "UPDD")
)


@backends
async def test_a_statement_keeps_a_promise_and_a_late_return_breaks_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-1")
        await it.promise(case_id, 500_00, it.today + timedelta(days=1))
        said = await it.take(statement(PAID))
        assert (said["imported"], said["matched"], said["amount"], said["rejects"]) == (1, 1, "500.00", [])
        await it.days_go_by(4, case_id)
        assert (await it.told(case_id)).count("PromiseKept") == 1
        said = await it.take(statement(replace(BACK, on=it.today), ident="S-2", kind="054"))
        assert (said["imported"], said["returned"], said["returned_amount"], said["waiting"]) == (
            1,
            1,
            "500.00",
            0,
        )
        told = await it.told(case_id)
        assert told[-1] == "PromiseBroken"
        assert "PromiseReopened" in told
        assert await it.has(case_id) == 0


@backends
async def test_nothing_is_added_by_a_file_twice_or_by_another_message_about_the_same(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        await it.open("D-1")
        first = await it.take(statement(PAID, BACK))
        heads = await it.heads()
        for kind in ("053", "054", "052"):
            again = await it.take(statement(PAID, BACK, kind=kind, ident=f"other-{kind}"))
            assert (again["imported"], again["unchanged"], again["events"]) == (0, 2, 0)
        assert await it.heads() == heads
        assert first["events"] > 0


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_in_whatever_order_they_come_the_case_is_the_same(
    tmp_path: Path, request: pytest.FixtureRequest, order: tuple[int, ...]
) -> None:
    """The return's notification before the payment's, the statement of both first, last, or between."""
    files = [statement(PAID, kind="054"), statement(BACK, kind="054"), statement(PAID, BACK, kind="053")]
    async with banked("sqlite", tmp_path, request) as it:
        case_id = await it.open("D-1")
        await it.promise(case_id, 500_00, it.today + timedelta(days=1))
        for number in order:
            await it.take(files[number])
        entry = it.case.payments.entry_id("MAIN", "B-1")
        assert await it.standings() == {
            "B-1": ("payment", 0, case_id),
            "B-2": ("return", 500_00, entry),
        }
        await it.days_go_by(4, case_id)
        assert await it.has(case_id) == 0
        assert "PromiseBroken" in await it.told(case_id)


@backends
async def test_a_return_before_its_payment_waits_and_is_found(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-1")
        said = await it.take(statement(BACK))
        assert (said["imported"], said["waiting"], said["returned"]) == (1, 1, 0)
        said = await it.take(statement(PAID, ident="S-2"))
        assert (said["imported"], said["matched"], said["returned"], said["waiting"]) == (1, 1, 1, 0)
        assert await it.has(case_id) == 0


@backends
async def test_a_return_of_a_payment_that_nobody_placed_takes_it_out_of_the_pool(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        await it.take(statement(Tx(ref="B-1", traced="E-1")))
        said = await it.take(statement(BACK))
        assert said["returned"] == 1
        entry = it.case.payments.entry_id("MAIN", "B-1")
        assert (await it.standings())["B-1"] == ("payment", 0, None)
        assert (await it.standings())["B-2"][2] == entry


@backends
async def test_an_unknown_original_waits_until_a_person_names_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-1")
        await it.take(statement(Tx(ref="B-1", structured="D-1"), Tx(ref="B-2", credit=False, reason="MD06")))
        returns = it.case.money_in.returns
        name = returns.return_id("MAIN", "B-2")
        assert (await it.standings())["B-2"] == ("return", 500_00, None)
        entry = it.case.payments.entry_id("MAIN", "B-1")
        placed = await returns.match(name, payment=entry, actor="user:chief")
        assert placed.refs["status"] == "matched"
        await it.commit(placed)
        assert await it.has(case_id) == 0
        again = await it.take(statement(Tx(ref="B-2", credit=False, reason="MD06")))
        assert (again["unchanged"], again["events"]) == (1, 0)


@backends
async def test_what_a_person_took_back_before_the_bank_told_is_closed_without_moving_money(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-1")
        await it.take(statement(PAID))
        entry = it.case.payments.entry_id("MAIN", "B-1")
        taken = await it.case.payments.reverse(
            entry, on=it.today, amount=None, reason="PHONED", client="test", key="k", actor="user:chief"
        )
        await it.commit(taken)
        assert (await it.take(statement(BACK)))["waiting"] == 1
        returns, name = it.case.money_in.returns, it.case.money_in.returns.return_id("MAIN", "B-2")
        with pytest.raises(OriginalNotFound) as caught:
            await returns.match(name, payment=None, actor="user:chief")
        assert caught.value.context["reason"] == "GONE_BACK"
        await it.commit(await returns.match(name, payment=entry, actor="user:chief"))
        assert (await it.standings())["B-2"][2] == entry
        assert await it.has(case_id) == 0
        assert (await it.told(case_id)).count("PaymentReturned") == 1


@backends
async def test_a_message_that_says_more_places_what_waited(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The statement tells the amount only; the notification tells the reference, before it or after."""
    bare, full = (
        statement(Tx(ref="B-1")),
        statement(Tx(ref="B-1", structured="D-1", traced="E-1"), kind="054"),
    )
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-1")
        assert (await it.take(bare))["unmatched"] == 1
        said = await it.take(full)
        assert (said["imported"], said["unchanged"]) == (0, 1)
        assert await it.has(case_id) == 500_00
        assert (await it.take(bare))["events"] == (await it.take(full))["events"] == 0
        assert (await it.take(statement(BACK)))["returned"] == 1


@backends
async def test_what_a_person_took_off_a_case_stays_off(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The bank's file again does not undo what a person found."""
    async with banked(backend, tmp_path, request) as it:
        case_id = await it.open("D-1")
        await it.take(statement(PAID))
        entry = it.case.payments.entry_id("MAIN", "B-1")
        await it.commit(await it.case.payments.unmatch(entry, reason="WRONG_DEBTOR", actor="user:chief"))
        assert (await it.take(statement(PAID)))["events"] == 0
        assert await it.has(case_id) == 0


@backends
async def test_a_match_corrected_moves_everything_downstream(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A promise kept by money that was another's: broken there, kept here."""
    async with banked(backend, tmp_path, request) as it:
        wrong, right = await it.open("D-1"), await it.open("D-2")
        for case_id in (wrong, right):
            await it.promise(case_id, 500_00, it.today + timedelta(days=1))
        await it.take(statement(PAID))
        await it.days_go_by(5, wrong, right)
        assert "PromiseKept" in await it.told(wrong)
        assert "PromiseBroken" in await it.told(right)
        entry = it.case.payments.entry_id("MAIN", "B-1")
        await it.commit(await it.case.payments.unmatch(entry, reason="WRONG_DEBTOR", actor="user:chief"))
        placed = await it.case.payments.match(entry, case_id=right, account=None, actor="user:chief")
        await it.commit(placed)
        assert (await it.told(wrong))[-1] == "PromiseBroken"
        assert (await it.told(right))[-1] == "PromiseKept"
        assert (await it.has(wrong), await it.has(right)) == (0, 500_00)


@backends
async def test_a_collective_booking_is_known_by_its_transactions(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    batch = [Tx(ref="B-1", minor=100_00, structured="D-1"), Tx(ref="B-1.2", minor=200_00, structured="D-2")]
    whole = statement(batch)
    bare = whole[: whole.index("<TxDtls>")] + whole[whole.rindex("</TxDtls>") + len("</TxDtls>") :]
    async with banked(backend, tmp_path, request) as it:
        one, two = await it.open("D-1"), await it.open("D-2")
        assert (await it.take(bare))["rejects"] == ["1,batch-without-details,row"]
        assert (await it.take(statement(batch, kind="054")))["imported"] == 2
        assert (await it.take(bare))["unchanged"] == 1
        assert (await it.has(one), await it.has(two)) == (100_00, 200_00)
