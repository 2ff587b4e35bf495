"""Against a bank that nobody here wrote: real messages over the loopback, its clock moved, its money returned late."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from tests.case.application.bank.banked import TODAY, banked
from tests.kit.ledgers import backends
from tests.kit.mock_bank import ELSEWHERE, OURS, PAYER, mock_bank

MAPPING = f"""
format = "quittance-payments/1"
channel = "DIRECT_DEBIT"
[accounts]
{OURS} = "MOCK"
[[references]]
pattern = '^(?P<debtor_ref>D-[0-9]+)$'
[[references]]
in = ["UNSTRUCTURED"]
pattern = 'case of (?P<debtor_ref>D-[0-9]+)'
"""
CLOCK = "2026-12-01T09:00"


@backends
async def test_a_debit_collected_keeps_a_promise_and_its_late_return_breaks_it(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Two direct debits, one of which the debtor's bank takes back for lack of funds after the promise was kept."""
    with mock_bank(clock=CLOCK) as bank:
        async with banked(backend, tmp_path, request) as it:
            one, two = await it.open("D-1001"), await it.open("D-1002")
            for case_id in (one, two):
                await it.promise(case_id, 500_00, date(2026, 12, 3))
            bank.collect(
                date(2026, 12, 2), ("E-1", 500_00, "case of D-1001"), ("E-2", 500_00, "case of D-1002")
            )
            bank.advance(1)
            await it.days_go_by(1, one, two)
            seen = bank.messages()
            first = [await it.take(text, mapping=MAPPING) for text in seen]
            assert sum(said["matched"] for said in first) == 2
            assert [said["rejects"] for said in first] == [[]] * len(first)
            bank.advance(6)
            await it.days_go_by(6, one, two)
            for text in (later := bank.messages()):
                said = await it.take(text, mapping=MAPPING)
                assert (said["imported"], said["warnings"]) == (0, [])
            assert "PromiseKept" in await it.told(one)
            bank.refuse("E-1", "AM04")
            bank.advance(1)
            await it.days_go_by(1, one, two)
            back = bank.messages()
            returned = [await it.take(text, mapping=MAPPING) for text in back]
            assert sum(said["returned"] for said in returned) == 1
            assert (await it.told(one))[-2:] == ["PromiseReopened", "PromiseBroken"]
            assert (await it.has(one), await it.has(two)) == (0, 500_00)
            heads = await it.heads()
            for text in random.sample([*seen, *later, *back], len([*seen, *later, *back])):
                assert (await it.take(text, mapping=MAPPING))["events"] == 0
            assert await it.heads() == heads


async def test_money_that_comes_in_is_placed_by_its_reference_or_waits(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """And what the lender itself paid, and got back, is none of a debtor's."""
    with mock_bank(clock=CLOCK) as bank:
        async with banked("sqlite", tmp_path, request) as it:
            case_id = await it.open("D-1001")
            bank.credit(300_00, reference="D-1001", note="thank you")
            bank.credit(200_00, note="no idea")
            bank.behave("return-later", days=1, reason="AC04")
            bank.pay(TODAY, "OUT-1", 50_00)
            bank.advance(3)
            await it.days_go_by(3, case_id)
            said = [await it.take(text, mapping=MAPPING) for text in bank.messages()]
            assert sum(one["imported"] for one in said) == 2
            assert (sum(one["matched"] for one in said), sum(one["unmatched"] for one in said)) == (1, 1)
            ignored = {reason for one in said for reason in one["ignored_by"]}
            assert ignored == {"outgoing", "own-payment-returned"}
            assert await it.has(case_id) == 300_00


async def test_a_debit_refused_before_it_came_adds_nothing(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The bank's statements never told of it."""
    with mock_bank(clock=CLOCK) as bank:
        async with banked("sqlite", tmp_path, request) as it:
            await it.open("D-1001")
            bank.collect(date(2026, 12, 3), ("E-1", 500_00, "case of D-1001"))
            bank.refuse("E-1", "MD01")
            bank.advance(4)
            await it.days_go_by(4)
            said = [await it.take(text, mapping=MAPPING) for text in bank.messages()]
            assert len(said) == 4, "a statement of every business day"
            assert [one["rows"] for one in said] == [0, 0, 0, 0]


async def test_the_payers_name_and_account_are_nowhere(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in what is logged or shown, not in rejects, not in the store even before it is sealed."""
    caplog.set_level(0)
    with mock_bank(clock=CLOCK) as bank:
        async with banked("sqlite", tmp_path, request) as it:
            await it.open("D-1001")
            bank.collect(date(2026, 12, 2), ("E-1", 500_00, "case of D-1001"))
            bank.credit(1_00, note="a private word")
            bank.advance(1)
            await it.days_go_by(1)
            for text in bank.messages():
                assert PAYER in text or "<Ntry>" not in text
                await it.take(text.replace("<Cd>BOOK</Cd>", "<Cd>ODD</Cd>", 1), mapping=MAPPING)
                await it.take(text, mapping=MAPPING)
            await it.case.projections.catch_up()
            opened = []
            for lane in await it.case.ledger.lane_numbers("default"):
                rows = await it.case.ledger.read_lane(lane, after=0, limit=10_000)
                opened += await it.case.ledger.recorded(rows)
            told = repr([seen.event for seen in opened]) + caplog.text + "".join(capfd.readouterr())
        told += "".join(
            path.read_bytes().decode("latin-1")
            for path in tmp_path.iterdir()
            if path.is_file() and not path.name.startswith("file")
        )
        for canary in (PAYER, ELSEWHERE, "a private word"):
            assert canary not in told
        assert "PaymentEntered" in told
