"""What waits for a second person: who proposed it, who may decide it, and what it came to."""

from pathlib import Path

import pytest

from services.case.domain import money_commands as m
from services.case.projections import approvals
from tests.case.projections.lives import CHECKER, MAKER, Lived, march, principal, read
from tests.case.projections.portfolio import desk
from tests.kit.ledgers import backends


@backends
async def test_approvals_wait_for_a_second_person_and_say_who_decided(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open(10_000_000)
        waived = m.ProposeWaiver(
            ref="wai-a", account="", on=march(2), amounts=principal(1), reason="GOODWILL", by=MAKER
        )
        account = (await it.ledger.whole_stream(case.case_id))[0].event.debts[0]
        large = m.ProposeWaiver(
            ref="wai-b",
            account=account,
            on=march(2),
            amounts=principal(5_000_000),
            reason="GOODWILL",
            by=MAKER,
        )
        small = m.ProposeWaiver(
            ref="wai-c", account=account, on=march(2), amounts=waived.amounts, reason="GOODWILL", by=MAKER
        )
        await case.do(large)
        await case.do(small)
        await case.settle("stl-a", 1_000_000, march(12))
        await case.do(
            m.ProposeWriteOff(ref="wof-a", on=march(2), reason="UNCOLLECTABLE", by=CHECKER), by=CHECKER
        )
        rows = await read(it, approvals.page, status="WAITING")
        assert {(r.kind, r.item, r.given_up_minor) for r in rows} == {
            ("WAIVER", "wai-b", 5_000_000),
            ("SETTLEMENT", "stl-a", 8_999_999),
            ("WRITE_OFF", "wof-a", 9_999_999),
        }
        mine = {r.item: r.as_json(by=MAKER, today=march(3)) for r in rows}
        assert {item: (said["approvable"], said["mine"]) for item, said in mine.items()} == {
            "wai-b": (False, True), "stl-a": (False, True), "wof-a": (True, False),
        }  # fmt: skip
        other = {r.item: r.approvable(by=CHECKER, today=march(3)) for r in rows}
        assert other == {"wai-b": True, "stl-a": True, "wof-a": False}
        assert [r.item for r in rows if r.approvable(by=CHECKER, today=march(12))] == ["wai-b"]
        assert {r.item for r in await read(it, approvals.page, maker=MAKER)} == {"wai-b", "stl-a"}
        assert [r.item for r in await read(it, approvals.page, not_by=MAKER)] == ["wof-a"]
        await case.do(m.ApproveWaiver(waiver="wai-b", on=march(3), by=CHECKER), by=CHECKER)
        await case.do(
            m.RejectWriteOff(write_off="wof-a", on=march(3), reason="TOO_EARLY", by=MAKER), by=MAKER
        )
        await case.do(
            m.RejectSettlement(settlement="stl-a", on=march(3), reason="TOO_LOW", by=CHECKER), by=CHECKER
        )
        rows = await read(it, approvals.page, kind="WAIVER", case_id=case.case_id)
        assert [(r.status, r.decided_by, r.decided_on) for r in rows] == [("APPROVED", CHECKER, march(3))]
        found = {r.item: (r.reason, r.decided_by) for r in await read(it, approvals.page, status="REJECTED")}
        assert found == {"stl-a": ("TOO_LOW", CHECKER), "wof-a": ("TOO_EARLY", MAKER)}


@backends
async def test_a_settlement_is_followed_through_payment_return_and_lapse(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open()
        await case.settle("stl-a", 50_000, march(12))
        await case.do(m.ProposeWriteOff(ref="wof-a", on=march(2), reason="UNCOLLECTABLE", by=MAKER))
        approved = m.ApproveSettlement(settlement="stl-a", on=march(3), by=CHECKER)
        await case.do(approved, by=CHECKER)
        await case.pay("pay-a", 50_000, march(4))
        rows = {r.item: r for r in await read(it, approvals.page)}
        assert (rows["stl-a"].status, rows["stl-a"].became) == ("APPROVED", "PAID")
        assert (rows["wof-a"].status, rows["wof-a"].closed) == ("WAITING", True)
        assert not rows["wof-a"].approvable(by=CHECKER, today=march(5))
        assert "OriginalDebtRevived" in await case.bounce("pay-a", march(5))
        rows = {r.item: r for r in await read(it, approvals.page)}
        assert (rows["stl-a"].became, rows["wof-a"].closed) == (None, False)
        assert rows["wof-a"].approvable(by=CHECKER, today=march(5))
        await case.sweep(march(14))
        assert "LAPSED" in {r.became for r in await read(it, approvals.page)}
        await case.settle("stl-b", 40_000, march(20))
        await case.sweep(march(21))
        [row] = await read(it, approvals.page, status="LAPSED")
        assert (row.item, row.became, row.approvable(by=CHECKER, today=march(15))) == ("stl-b", None, False)
