"""What a team would write instead of the case service: one row a case, updated in place, and an audit row beside it.

The same framework, server, body and token check as ours, SQLAlchemy Core over the same driver with a pool, one
transaction a request. No idempotency, no history, no judgement of what a payment leads to, nothing to verify.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.case.api.handling import AttemptSent
from services.case.api.payments import PaymentSent
from shared.http.access import Access, Caller

POOL = 16
"""Connections: the number at which this application is fastest here."""
_META = sa.MetaData()
CASES = sa.Table(
    "loan_case",
    _META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("owed", sa.BigInteger, nullable=False),
    sa.Column("paid", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
)
AUDIT = sa.Table(
    "audit_row",
    _META,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.Column("case_id", sa.Text, sa.ForeignKey("loan_case.id"), nullable=False, index=True),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("payload", JSONB, nullable=False),
)


class Done(BaseModel):
    """The answer."""

    case: str
    version: int
    at: datetime


def engine_for(dsn: str) -> AsyncEngine:
    """The pool."""
    url = dsn.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_async_engine(url, pool_size=POOL, max_overflow=0)


async def make_tables(engine: AsyncEngine, case_ids: list[str]) -> None:
    """The tables, with these cases in them."""
    row = {"owed": 10_000_000, "paid": 0, "attempts": 0, "version": 1}
    async with engine.begin() as connection:
        await connection.run_sync(_META.create_all)
        await connection.execute(CASES.insert(), [{"id": case_id, **row} for case_id in case_ids])


async def _stored(
    engine: AsyncEngine, case_id: str, by: Caller, action: str, sent: BaseModel, change: Any
) -> Done:
    async with engine.begin() as connection:
        changed = await connection.execute(
            CASES.update()
            .where(CASES.c.id == case_id)
            .values(version=CASES.c.version + 1, updated_at=sa.func.now(), **change)
            .returning(CASES.c.version, CASES.c.updated_at)
        )
        row = changed.one_or_none()
        if row is None:
            raise HTTPException(404)
        said = {
            "case_id": case_id,
            "actor": by.actor,
            "action": action,
            "payload": sent.model_dump(mode="json"),
        }
        await connection.execute(AUDIT.insert().values(said))
    return Done(case=case_id, version=row.version, at=row.updated_at)


def make(engine: AsyncEngine, access: Access) -> FastAPI:
    """The application, which disposes of the pool at its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    def may(scope: str) -> Any:
        async def caller(request: Request) -> Caller:
            return await access.admit(request, scope)

        return Depends(caller)

    @app.post("/v1/cases/{case_id}/payments", status_code=201)
    async def pay(case_id: str, sent: PaymentSent, by: Caller = may("payment:record")) -> Done:
        minor = sent.amount.money().minor
        return await _stored(engine, case_id, by, "payment", sent, {"paid": CASES.c.paid + minor})

    @app.post("/v1/cases/{case_id}/contact-attempts", status_code=201)
    async def attempt(case_id: str, sent: AttemptSent, by: Caller = may("contact:record")) -> Done:
        return await _stored(engine, case_id, by, "attempt", sent, {"attempts": CASES.c.attempts + 1})

    return app
