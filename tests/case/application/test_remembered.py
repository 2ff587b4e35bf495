"""Commands decided on what a process remembers of a case: never wrong because another process wrote in between."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.application.deciding import CaseDecisions
from services.case.application.handle import CaseDesk, CaseForgotten
from services.case.application.remembered import REMEMBERED, KnownCase, RememberedCases
from services.case.domain.case_commands import RecordAttempt
from services.case.domain.commands import LifeCommand
from services.case.domain.money_commands import CancelPromise, OpenCase, RecordPayment, TakePromise
from services.case.domain.policy import POLICIES
from services.case.domain.promise import PromiseAlreadyOpen
from services.case.domain.state import NO_CASE
from shared.eventstore.ledger import Ledger
from shared.http.access import Caller
from shared.http.commands import Decided, Envelope
from shared.http.problems import Problem
from shared.kernel.clock import FixedClock
from tests.kit.ledgers import backends, opened, store_on
from tests.kit.life import ACCOUNT, DAY, cny

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CALLER = Caller(client="test", subject="test", tenant="default", scopes=frozenset(), expires_at=1e12)


@dataclass
class Process:
    """One process of the case service: a ledger of its own, and what it remembers."""

    ledger: Ledger
    desk: CaseDesk
    decisions: CaseDecisions
    clock: FixedClock

    async def do(
        self, key: str, command: LifeCommand, *, match: int | None = None, body: bytes = b"1"
    ) -> Any:
        """Carry it out as a request would; the answer."""
        case_id = self.desk.case_id("D-1", 1)
        asked = Envelope(
            caller=CALLER, operation="op", key=key, fingerprint=body * 32, expected=match, dry_run=False
        )

        async def decide() -> Decided:
            verdict = await self.decisions.decide(case_id, command, actor="test")
            return Decided(writes=verdict.writes, policy=verdict.policy, taken=verdict.taken)

        return await asked.carry_out(self.ledger, stream=case_id, decide=decide)

    async def do_in_the_end(self, key: str, command: LifeCommand) -> Any:
        """The same, sent again as long as too many others write the case, as the answer tells a client to."""
        async with asyncio.timeout(60):
            while True:
                try:
                    return await self.do(key, command)
                except Problem as problem:
                    if problem.kind.code != "temporary-reduced-capacity":
                        raise

    async def names(self) -> list[str]:
        """The types of the case's events."""
        events = await self.ledger.whole_stream(self.desk.case_id("D-1", 1))
        return [seen.row.type.removeprefix("case.") for seen in events]


@asynccontextmanager
async def processes(
    backend: str, folder: Path, request: pytest.FixtureRequest, count: int = 2
) -> AsyncIterator[list[Process]]:
    """So many of them over one store, and a case."""
    clock, found = FixedClock(START), []
    async with AsyncExitStack() as stack:
        for _ in range(count):
            store = store_on(backend, folder, request)
            ledger = await stack.enter_async_context(opened(store, folder, clock=clock))
            desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
            decisions = CaseDecisions(
                desk=desk, ledger=ledger, tenant="default", policies=POLICIES, clock=clock
            )
            found.append(Process(ledger, desk, decisions, clock))
        await found[0].do("open", opening())
        yield found


def opening() -> OpenCase:
    return OpenCase(
        debtor_ref="D-1", episode=1, debts=(ACCOUNT,), on=DAY, arrears=cny(100_000), days_past_due=120
    )


def take(ref: str) -> TakePromise:
    return TakePromise(ref=ref, on=DAY, amount=cny(30_000), due=DAY + timedelta(days=10), given_by="DEBTOR")


def cancel(ref: str) -> CancelPromise:
    return CancelPromise(promise=ref, on=DAY, reason="WITHDRAWN")


def pay(ref: str) -> RecordPayment:
    return RecordPayment(ref=ref, account=ACCOUNT, on=DAY, amount=cny(100), channel="BANK")


def attempt(ref: str) -> RecordAttempt:
    return RecordAttempt(
        attempt_ref=ref,
        at=START,
        on=DAY,
        channel="VOICE",
        outcome="NO_ANSWER",
        actor_kind="COLLECTOR",
        permit=None,
    )


@backends
async def test_nothing_is_refused_or_left_out_for_what_is_no_longer_so(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with processes(backend, tmp_path, request) as (here, there):
        await here.do("a", take("prm_1"))
        await there.do("b", cancel("prm_1"))
        assert (await here.do("c", take("prm_2"))).status_code == 201
        with pytest.raises(PromiseAlreadyOpen):
            await there.do("d", take("prm_3"))
        assert (await there.do("e", pay("pay_1"))).status_code == 201
        assert (await here.do("f", pay("pay_1"))).status_code == 200  # on record, though not by this process
        assert (await here.names())[-5:] == [
            "PromiseToPay", "PromiseCancelled", "PromiseToPay", "PaymentReceived", "PaymentAllocated"
        ]  # fmt: skip


@backends
async def test_two_processes_take_turns_on_one_case(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with processes(backend, tmp_path, request) as both:
        for turn in range(4):
            for number, process in enumerate(both):
                answer = await process.do(f"{turn}/{number}", pay(f"pay_{turn}_{number}"))
                assert answer.status_code == 201
        sent = [both[n % 2].do_in_the_end(f"at once {n}", attempt(f"dial-{n}")) for n in range(12)]
        assert {answer.status_code for answer in await asyncio.gather(*sent)} == {201}
        names = await both[0].names()
        assert (names.count("PaymentReceived"), names.count("ContactAttempted")) == (8, 12)
        one, other = [(await each.desk.load(each.desk.case_id("D-1", 1))).state for each in both]
        assert one == other


@backends
async def test_what_is_remembered_is_what_the_ledger_folds_to(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with processes(backend, tmp_path, request, 1) as (here,):
        case_id = here.desk.case_id("D-1", 1)
        for number, command in enumerate((take("prm_1"), pay("pay_1"), attempt("dial-1"), cancel("prm_1"))):
            await here.do(str(number), command)
            stored = await here.desk.load(case_id)
            remembered = here.decisions.remembered.take(case_id)
            assert remembered is not None
            here.decisions.remembered.keep(remembered)
            assert (remembered.version, remembered.state) == (stored.version, stored.state)
            assert remembered.state.facts == stored.state.facts  # type: ignore[union-attr]
            assert remembered.state.judged == stored.state.judged  # type: ignore[union-attr]


@backends
async def test_a_known_key_is_answered_whatever_its_rule_would_say_now(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with processes(backend, tmp_path, request) as (here, there):
        first = await here.do("a", take("prm_1"))
        for process in (here, there):
            again = await process.do("a", take("prm_1"))
            assert (again.status_code, again.body) == (201, first.body)
            assert again.headers["Idempotent-Replayed"] == "true"
            refused = await process.do("a", take("prm_2"))  # refused by its rule, had it not been done
            assert refused.headers["Idempotent-Replayed"] == "true"
            for command in (take("prm_1"), take("prm_2"), pay("pay_1")):
                with pytest.raises(Problem) as problem:
                    await process.do("a", command, body=b"2")
                assert problem.value.kind.code == "idempotency-key-reused"
        assert (await here.do("b", pay("pay_1"))).status_code == 201
        again = await there.do("b", pay("pay_1"), match=2)  # long past, and answered all the same
        assert again.headers["Idempotent-Replayed"] == "true"


@backends
async def test_the_version_the_caller_saw_is_compared_with_the_ledgers(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with processes(backend, tmp_path, request) as (here, there):
        await here.do("a", pay("pay_1"))
        seen = len(await here.names())
        await there.do("b", pay("pay_2"))
        with pytest.raises(Problem) as problem:
            await here.do("c", pay("pay_3"), match=seen)
        assert problem.value.kind.code == "version-conflict"
        assert (await here.do("c", pay("pay_3"), match=seen + 2)).status_code == 201


async def test_an_answer_that_never_came_leaves_no_wrong_memory(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with processes("sqlite", tmp_path, request, 1) as (here,):
        case_id = here.desk.case_id("D-1", 1)
        await here.do("a", pay("pay_1"))
        await here.decisions.decide(case_id, pay("pay_2"), actor="test")  # decided, and never sent
        cut = asyncio.create_task(here.do("b", pay("pay_3")))
        await asyncio.sleep(0.002)
        cut.cancel()
        await asyncio.gather(cut, return_exceptions=True)
        assert (await here.do("c", pay("pay_2"))).status_code == 201
        assert (await here.do("d", pay("pay_4"))).status_code == 201
        names = await here.names()
        assert names.count("PaymentReceived") in (3, 4)
        assert names.count("PaymentReceived") == names.count("PaymentAllocated")


async def test_an_erased_case_is_not_remembered(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with processes("sqlite", tmp_path, request, 1) as (here,):
        await here.do("a", pay("pay_1"))
        with closing(sqlite3.connect(tmp_path / "case.db")) as raw, raw:
            raw.execute("DELETE FROM data_key")
        async with opened(store_on("sqlite", tmp_path, request), tmp_path) as ledger:
            desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
            decisions = CaseDecisions(
                desk=desk, ledger=ledger, tenant="default", policies=POLICIES, clock=here.clock
            )
            after = Process(ledger, desk, decisions, here.clock)
            for _ in range(2):
                with pytest.raises(CaseForgotten):
                    await after.do("b", pay("pay_2"))
            assert decisions.remembered.take(desk.case_id("D-1", 1)) is None


def test_a_case_is_remembered_for_a_while() -> None:
    clock = FixedClock(START)
    cases = RememberedCases(clock)
    older, newer = (KnownCase("case-1", NO_CASE, version, None, START) for version in (3, 4))
    assert cases.take("case-1") is None
    cases.keep(newer)
    cases.keep(older)
    assert (cases.take("case-1"), cases.take("case-1")) == (newer, None)
    cases.keep(newer)
    clock.advance(REMEMBERED)
    assert cases.take("case-1") is None
