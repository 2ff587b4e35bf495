"""The legal service, open over stores in a folder or on a PostgreSQL, and what tests do with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from services.legal.application.handle import Handled, Meta
from services.legal.domain import commands as c
from services.legal.domain.act import AnyCommand
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.claims import Claims
from services.legal.domain.matter import Matter
from services.legal.domain.thing_ids import STEP
from services.legal.wiring import LegalService, LegalSettings, open_legal
from shared.kernel.clock import Clock

backends = pytest.mark.parametrize("backend", ["sqlite", "postgres"])
CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
DEBTS = ("account-6f1c0d1e-0000-8000-8000-0000000000a1", "account-6f1c0d1e-0000-8000-8000-0000000000b1")
"""Debts of the case; all lie in the case's lane, which the last byte says."""


def place_for(backend: str, folder: Path, request: pytest.FixtureRequest) -> Path | str:
    """A store of its own for the test; a PostgreSQL is only started for those that ask for one."""
    if backend == "sqlite":
        return folder / "legal.db"
    found: str = request.getfixturevalue("pg_dsn")
    return found


@dataclass
class Legal:
    """An open service; every command carries a key of its own unless one is given."""

    service: LegalService
    keys: count[int] = field(default_factory=lambda: count(1))

    @property
    def today(self) -> date:
        """The lender's day."""
        return self.service.acts.today

    def meta(self, key: str | None = None, *, actor: str = "user:lin") -> Meta:
        """Who asks."""
        return Meta(actor=actor, client="test", key=key or f"k{next(self.keys)}")

    async def do(
        self, about: str, command: AnyCommand, *, key: str | None = None, actor: str = "user:lin"
    ) -> Handled:
        """Put a command about a matter, or about the proofs of a case."""
        return await self.service.acts.handle(about, command, self.meta(key, actor=actor))

    async def tell(self, *facts: Any, about: str = CASE) -> Handled:
        """What the case service would tell of debts and roles."""
        return await self.do(about, c.TellOfDebts(facts=facts), actor="service:case")

    async def opened(
        self,
        *,
        case: str = CASE,
        debts: tuple[str, ...] = DEBTS,
        on: date | None = None,
        referral: str | None = None,
    ) -> str:
        """A matter of a case with these debts, all told of before; its id."""
        day = on or self.today
        await self.tell(
            *(p.DebtJoined(case=case, debt=debt, on=day, source_ref=f"test:{debt}") for debt in debts),
            about=case,
        )
        return await self.matter(case=case, on=day, referral=referral)

    async def matter(self, *, case: str = CASE, on: date | None = None, referral: str | None = None) -> str:
        """A matter of a case that was told of."""
        acts, key = self.service.acts, f"open{next(self.keys)}"
        matter = acts.matter_by_hand(case, client="test", key=key)
        if referral is not None:
            matter = acts.matter_of_referral(case, referral)
        event = m.MatterOpened(
            matter=matter,
            case=case,
            referral=referral,
            reason="DEFAULT",
            on=on or self.today,
            owed=None,
            by="user:lin",
        )
        await self.do(matter, c.OpenMatter(opened=event), key=key)
        return matter

    def thing(self, prefix: str, matter: str, name: str) -> str:
        """The id of a thing of a matter by a name of the test's own."""
        return self.service.acts.thing_id(prefix, matter, client="test", operation="thing", key=name)

    def step_id(self, matter: str) -> str:
        """A fresh id of a step."""
        return self.thing(STEP, matter, f"step{next(self.keys)}")

    async def record(self, matter: str, fact: Any, **how: Any) -> Handled:
        """A fact of a matter."""
        return await self.do(matter, c.Record(fact=fact), **how)

    async def step(self, matter: str, step: Any, *, by_time: bool = False, **how: Any) -> Handled:
        """A step of a track."""
        return await self.do(matter, c.TakeStep(step=step, by="user:lin", by_time=by_time), **how)

    async def of(self, matter: str) -> Matter:
        """The matter as the ledger has it."""
        return (await self.service.acts.load(matter)).matter

    async def claims(self, case: str = CASE) -> Claims:
        """All that bears on the case's debts."""
        return (await self.service.acts.load(case)).claims


@asynccontextmanager
async def legal_in(
    folder: Path, clock: Clock, *, place: Path | str | None = None, shards: int = 2
) -> AsyncIterator[Legal]:
    """The legal service over a store in `folder` or at `place`, made where there is none."""
    settings = LegalSettings(
        place=place or folder / "legal.db", key_file=folder / "keys.json", deployment="quittance.test",
        tenant="default", shards=shards,
    )  # fmt: skip
    async with open_legal(settings, clock=clock, provision=True) as service:
        yield Legal(service)
