"""The whole case service on a store of its own, files of payments on their way into it, and what came of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.case.application.handle import Meta
from services.case.application.payments import Placed
from services.case.domain.bank.returns import Settled
from services.case.domain.case_commands import Sweep
from services.case.domain.commands import LifeCommand
from services.case.domain.entry import InPool, Matched
from services.case.domain.money_commands import OpenCase, TakePromise
from services.case.projections import payments as pool
from services.case.wiring import CaseService, CaseSettings, open_case
from shared.eventstore.port import Command
from shared.kernel.clock import FixedClock
from tests.kit.life import cny

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
MAPPING = """
format = "quittance-payments/1"
original_refs = ["ORIGINAL"]
[accounts]
NL41MOCK0000000001 = "MAIN"
[[references]]
pattern = '^(?P<debtor_ref>D-[0-9]+)$'
[[references]]
in = ["UNSTRUCTURED"]
pattern = '(?P<account_ref>LN[0-9]{6})'
"""


@dataclass
class Banked:
    """A service with a folder for files."""

    case: CaseService
    clock: FixedClock
    folder: Path
    keys: count[int] = field(default_factory=count)

    @property
    def today(self) -> date:
        """The tenant's day."""
        return self.case.decisions.today

    async def open(self, debtor: str, minor: int = 1_000_00, *, account: str | None = None) -> str:
        """A new case of a debtor who owes so much on one account; its id."""
        case_id = self.case.acts.case_id(debtor, 1)
        debt = self.case.decisions.account_id(debtor, account or f"A-{debtor}")
        opening = OpenCase(
            debtor_ref=debtor, episode=1, debts=(debt,), on=self.today, arrears=cny(minor), days_past_due=12
        )  # fmt: skip
        await self.do(case_id, opening)
        return case_id

    async def promise(self, case_id: str, minor: int, due: date) -> None:
        """The debtor promises to pay."""
        await self.do(
            case_id, TakePromise(ref="prm_1", on=self.today, amount=cny(minor), due=due, given_by="DEBTOR")
        )

    async def do(self, case_id: str, command: LifeCommand) -> None:
        """One thing done to a case."""
        meta = Meta(
            actor="user:chief", client="test", key=f"k{next(self.keys)}", fingerprint=b"1", today=self.today
        )
        await self.case.acts.handle(case_id, command, meta)

    async def commit(self, placed: Placed) -> None:
        """Store what was decided."""
        ledger = self.case.ledger
        command = Command(
            tenant="default", command_id=ledger.command_id("test", "any", f"k{next(self.keys)}"), fingerprint=b"1",
            actor="user:chief", writes=tuple(placed.writes), policy=placed.policy,
        )  # fmt: skip
        await ledger.commit(command)

    async def days_go_by(self, days: int, *cases: str) -> None:
        """So many days, the cases swept at the end of each."""
        for _ in range(days):
            self.clock.advance(timedelta(days=1))
            for case_id in cases:
                await self.do(case_id, Sweep(on=self.today - timedelta(days=1)))

    async def take(self, text: str | bytes, *, mapping: str | None = MAPPING) -> dict[str, Any]:
        """Import a file; what it says of itself, and the rejected rows as `rejects`."""
        file = self.folder / f"file{next(self.keys)}"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        terms = self.folder / "map.toml"
        terms.write_text(mapping or "")
        rejects = self.folder / "rejects.csv"
        self.clock.advance(timedelta(minutes=1))
        done = await self.case.import_payments(file, mapping=terms if mapping else None, rejects=rejects)
        rows = rejects.read_text().splitlines()[1:] if rejects.exists() else []
        said = done.to_json()
        assert said["imported"] + said["unchanged"] + said["rejected"] + said["ignored"] == said["rows"]
        return said | {"rejects": rows}

    async def heads(self) -> int:
        """How many events there are, but for what tells of the runs themselves."""
        total = 0
        for lane in await self.case.ledger.lane_numbers("default"):
            rows = await self.case.ledger.read_lane(lane, after=0, limit=100_000)
            total += sum(not row.stream_id.startswith("import-") for row in rows)
        return total

    async def promises(self, case_id: str) -> list[str]:
        """How the case's promises stand today."""
        seen = await self.case.clocks.case(case_id, as_of=self.today, known_at=None)
        return [str(one.status) for one in seen.picture.promises.values()]

    async def told(self, case_id: str) -> list[str]:
        """The names of the case's events, in order."""
        return [type(seen.event).__name__ for seen in (await self.case.acts.load(case_id)).history]

    async def has(self, case_id: str) -> int:
        """What the case has of all money; the law of sums holds for it."""
        seen = await self.case.clocks.case(case_id, as_of=self.today, known_at=None)
        balance = seen.picture.balance
        has = balance.received.minor - balance.returned.minor - balance.refunded.minor
        assert balance.allocated.total.minor + balance.unallocated.minor == has
        return has

    async def standings(self) -> dict[str, tuple[Any, ...]]:
        """Every payment and return by the bank's reference: where it stands. Their views say the same."""
        await self.case.projections.catch_up()
        rows = await self.case.ask(lambda connection: pool.page(connection, limit=500))
        said = await self.case.payments.entered([row.entry for row in rows])
        found: dict[str, tuple[Any, ...]] = {}
        for row in rows:
            state = (await self.case.payments.load(row.entry)).state
            assert isinstance(state, InPool | Matched)
            assert row.left_minor == state.left.minor
            where = state.case if isinstance(state, Matched) else None
            found[said[row.entry].source_ref] = ("payment", state.left.minor, where)
        for lane in await self.case.ledger.lane_numbers("default"):
            stored = await self.case.ledger.read_lane(lane, after=0, limit=100_000)
            for name in dict.fromkeys(row.stream_id for row in stored if row.stream_id.startswith("return-")):
                back = (await self.case.money_in.returns.load(name)).state
                entry = back.entry if isinstance(back, Settled) else None
                found[back.said.source_ref] = ("return", back.said.amount.minor, entry)  # type: ignore[union-attr]
        return found


@asynccontextmanager
async def banked(
    backend: str, folder: Path, request: pytest.FixtureRequest, *, shards: int = 4
) -> AsyncIterator[Banked]:
    """Opened on a store of its own."""
    clock = FixedClock(START)
    place: Path | str = folder / "case.db" if backend == "sqlite" else request.getfixturevalue("pg_dsn")
    settings = CaseSettings(
        place=place, key_file=folder / "keys.json", deployment="quittance.test", tenant="default", shards=shards
    )  # fmt: skip
    async with open_case(settings, clock=clock, provision=True) as case:
        yield Banked(case, clock, folder)
