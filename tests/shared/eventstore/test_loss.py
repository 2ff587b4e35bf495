"""Nothing acknowledged is lost, nothing is followed twice, late or never: 50 kills of writers, follower and server."""

from __future__ import annotations

import pytest

from services.main.bench.loss import FOLLOWER, SERVER, WRITERS, loss_rounds
from tests.kit.postgres import PostgresServer

ROUNDS = 50
SEED = 20_261_122


@pytest.mark.timeout(420)
async def test_fifty_kills_lose_nothing_and_leave_no_gap() -> None:
    print(f"seed {SEED}")
    with PostgresServer() as server:
        report = await loss_rounds(server, rounds=ROUNDS, seed=SEED)
    print(report)
    assert report.faults == []
    assert report.clean
    assert report.rounds == sum(report.kills.values()) == ROUNDS
    assert {SERVER, FOLLOWER, *WRITERS} == set(report.kills)
    assert report.acknowledged > 40 * ROUNDS
    assert report.events >= report.acknowledged
