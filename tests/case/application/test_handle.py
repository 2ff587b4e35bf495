"""One thing done to one case: stored once, decided on what is there, answered on two clocks, swept safely."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.case.application.asked_as_of import CaseClocks
from services.case.application.handle import CaseDesk, CaseUnknown, Handled, Meta
from services.case.application.sweep import sweep
from services.case.domain import promise
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import (
    OpenCase,
    ProposeWriteOff,
    RecordPayment,
    RecordPaymentReturn,
    TakePromise,
)
from services.case.domain.policy import POLICIES
from services.case.domain.promise import PromiseAlreadyOpen
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import KeyReused, StaleVersion
from shared.kernel.clock import FixedClock
from tests.kit.importing import row, take_in, write
from tests.kit.ledgers import backends, opened, store_on
from tests.kit.life import ACCOUNT, DAY, cny, names

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Office:
    """A desk over a ledger whose clock stands where the test puts it."""

    ledger: Ledger
    desk: CaseDesk
    clocks: CaseClocks
    clock: FixedClock
    case_id: str

    async def do(
        self, key: str, command: LifeCommand, *, expected: int | None = None, said: bytes = b"1"
    ) -> Handled:
        self.clock.advance(timedelta(minutes=1))
        meta = Meta(actor="user:chen", client="test", key=key, fingerprint=said, today=max(command.on, DAY))
        return await self.desk.handle(self.case_id, command, meta, expected=expected)


@asynccontextmanager
async def office(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    clock = FixedClock(START)
    async with opened(store_on(backend, folder, request), folder, clock=clock) as ledger:
        desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
        clocks = CaseClocks(desk=desk, tenant="default", policies=POLICIES)
        it = Office(ledger, desk, clocks, clock, desk.case_id("D-1", 1))
        await it.do(
            "open",
            OpenCase(
                debtor_ref="D-1", episode=1, debts=(ACCOUNT,), on=DAY, arrears=cny(100_000), days_past_due=120
            ),
        )
        yield it


def take(ref: str = "prm_1") -> TakePromise:
    return TakePromise(ref=ref, on=DAY, amount=cny(30_000), due=DAY + timedelta(days=10), given_by="DEBTOR")


def pay(ref: str, minor: int, day: date) -> RecordPayment:
    return RecordPayment(ref=ref, account=ACCOUNT, on=day, amount=cny(minor), channel="BANK")


@backends
async def test_a_request_is_stored_once_and_answered_the_same(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        first = await it.do("a", take())
        assert (names(first.events), first.replayed) == (["PromiseToPay"], False)
        again = await it.do("a", take())
        assert (again.events, again.replayed, again.position) == ((), True, first.position)
        with pytest.raises(KeyReused):
            await it.do("a", take(), said=b"2")
        with pytest.raises(PromiseAlreadyOpen):
            await it.do("b", take("prm_2"))
        empty = await it.do("c", take())
        assert (empty.events, empty.version) == ((), first.version)
        with pytest.raises(StaleVersion):
            await it.do("d", pay("pay_1", 100, DAY), expected=first.version - 1)
        done = await it.do("d", pay("pay_1", 100, DAY), expected=first.version)
        stored = await it.ledger.whole_stream(it.case_id)
        assert stored[-1].version == done.version == first.version + 2
        assert stored[-1].row.policy == "cn-retail/1"
        it.case_id = it.desk.case_id("D-2", 1)
        with pytest.raises(CaseUnknown):
            await it.do("a", take())


@backends
async def test_requests_at_once_are_decided_one_after_another(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        await asyncio.gather(*(it.do(str(n), pay(f"pay_{n}", 1_000, DAY)) for n in range(4)))
        asked = await it.clocks.case(it.case_id, as_of=DAY)
        assert asked.picture.owed.total == cny(96_000)
        promises = [it.do(f"p{n}", take(f"prm_{n}")) for n in range(3)]
        answers = await asyncio.gather(*promises, return_exceptions=True)
        assert sum(isinstance(answer, PromiseAlreadyOpen) for answer in answers) == 2


@backends
async def test_both_clocks_and_what_was_known_never_changes(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        paid, back = DAY + timedelta(days=5), DAY + timedelta(days=30)
        await it.do("a", take())
        await it.do("b", pay("pay_1", 30_000, paid))
        known = it.clock.now()
        before = await it.clocks.case(it.case_id, as_of=back, known_at=known)
        assert before.picture.promises["prm_1"].status == promise.KEPT
        done = await it.do(
            "c", RecordPaymentReturn(ref="ret_1", payment="pay_1", on=back, amount=None, reason="NO_FUNDS")
        )
        assert names(done.events)[-2:] == ["PromiseReopened", "PromiseBroken"]
        after = await it.clocks.case(it.case_id, as_of=back)
        assert after.picture.promises["prm_1"].status == promise.BROKEN
        earlier = await it.clocks.case(it.case_id, as_of=back - timedelta(days=1))
        assert earlier.picture.promises["prm_1"].status == promise.KEPT
        assert await same(it, before, back, known)
        with pytest.raises(CaseUnknown):
            await it.clocks.case(it.case_id, as_of=DAY - timedelta(days=1))
        with pytest.raises(CaseUnknown):
            await it.clocks.case(it.case_id, as_of=DAY, known_at=START - timedelta(days=1))


async def same(it: Office, before: object, day: date, known: datetime) -> bool:
    again = await it.clocks.case(it.case_id, as_of=day, known_at=known)
    return (again.picture, again.version) == (before.picture, before.version)  # type: ignore[attr-defined]


@backends
async def test_a_sweep_twice_or_late_adds_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        await it.do("a", take())

        async def swept(day: date) -> tuple[int, int]:
            done = await sweep(
                [it.case_id, "case-no"], desk=it.desk, tenant="default", policies=POLICIES, as_of=day
            )
            return done.changed, done.events

        assert await swept(DAY + timedelta(days=3)) == (0, 0)
        assert await swept(DAY + timedelta(days=30)) == (1, 1)
        assert await swept(DAY + timedelta(days=30)) == (0, 0)
        assert await swept(DAY + timedelta(days=3)) == (0, 0)


async def test_a_closed_case_stays_closed_once_the_next_one_is_there(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office("sqlite", tmp_path, request) as it:
        first, back = it.case_id, DAY + timedelta(days=9)
        paid = await it.do("a", pay("pay_1", 100_000, DAY))
        assert names(paid.events)[-1] == "CaseClosed"
        it.case_id = it.desk.case_id("D-1", 2)
        await it.do(
            "open",
            OpenCase(
                debtor_ref="D-1", episode=2, debts=(ACCOUNT,), on=DAY, arrears=cny(500), days_past_due=3
            ),
        )
        it.case_id = first
        returned = RecordPaymentReturn(ref="ret_1", payment="pay_1", on=back, amount=None, reason="NO_FUNDS")
        assert names((await it.do("b", returned)).events) == ["PaymentReturned", "AllocationReversed"]
        done = await sweep([first], desk=it.desk, tenant="default", policies=POLICIES, as_of=back)
        assert (done.changed, done.events) == (0, 0)


@backends
async def test_who_asked_stands_in_a_section_of_its_own(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        await it.do("a", ProposeWriteOff(ref="wof_1", on=DAY, reason="NO_ESTATE", by="user:chen"))
        asked = await it.clocks.case(it.case_id, as_of=DAY)
        assert asked.history[-1].event.by == "user:chen"


async def test_a_statement_decides_what_a_promise_came_to(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(START)
    async with opened(store_on("sqlite", tmp_path, request), tmp_path, clock=clock) as ledger:
        desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
        rows = [
            row("A-1", "2005-04-30", 1, "900", "0"),
            row("A-1", "2005-05-31", 2, "700", "300"),
            row("A-1", "2005-06-30", 0, "0", "800"),
        ]
        await take_in(ledger, write(tmp_path / "1.csv", rows[:1]), tmp_path / "rejects.csv")
        case_id = desk.case_id("A-1", 1)

        async def do(key: str, command: LifeCommand) -> list[str]:
            meta = Meta(actor="user:chen", client="test", key=key, fingerprint=b"1", today=command.on)
            return names((await desk.handle(case_id, command, meta)).events)

        loaded = await desk.load(case_id)
        amount = type(cny(1))(20_000, "TWD")
        day = date(2005, 5, 10)
        assert await do("p", TakePromise(ref="prm_1", on=day, amount=amount, due=day, given_by="DEBTOR")) == [
            "PromiseToPay"
        ]
        # Statements know the month, not the day: the promise waits for its end.
        done = await sweep([case_id], desk=desk, tenant="default", policies=POLICIES, as_of=date(2005, 5, 30))
        assert done.events == 0
        result = await take_in(ledger, write(tmp_path / "2.csv", rows[1:]), tmp_path / "rejects.csv")
        assert result.rejected == 0
        said = [seen.row.type for seen in (await ledger.whole_stream(case_id))[loaded.version + 1 :]]
        assert said == [
            "case.PaymentReceived", "case.ArrearsReported", "case.PromiseKept", "case.StageEntered",
            "case.PaymentReceived", "case.ArrearsReported", "case.StageEntered", "case.CaseCured",
            "case.CaseClosed",
        ]  # fmt: skip
