"""The attempt ledger: one row a contact, its breaches, and what was known of both at an earlier time."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.contact.domain.facts import attempt as a
from services.contact.domain.facts import message as f
from services.contact.projections.asking import attempts
from shared.eventstore.projection.health import positions
from tests.contact.projections.told import (
    AT,
    Told,
    breached,
    came_to,
    queued,
    sending,
    started,
    told,
)
from tests.kit.ledgers import backends

MINUTE = timedelta(minutes=1)


async def _ids(it: Told, **asked: object) -> list[str]:
    return [row.thing for row in await it.ask(attempts.page, **asked)]


@backends
async def test_a_call_is_one_row_that_every_later_fact_changes(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await it.tell("D", started("cat_1", permit="cpm_1"))
        await it.tell(
            "D", came_to("cat_1", "busy"), a.AttemptNotConnected(attempt="cat_1", at=AT, cause="busy")
        )
        await it.tell(
            "D", came_to("cat_1", "conversation", revision=2), a.RightPartyReached(attempt="cat_1", at=AT)
        )
        await it.tell(
            "D", a.RecordingStored(attempt="cat_1", at=AT, sha256="ef" * 32, seconds=9, uri="s3://r")
        )
        [row] = await it.ask(attempts.page)
        assert (row.outcome, row.reached, row.revision, row.recordings) == (
            "conversation",
            "RIGHT_PARTY",
            2,
            1,
        )
        assert row.as_json()["breach"] == []
        await it.tell("D", a.AttemptRetracted(attempt="cat_1", at=AT, reason="DUPLICATE"))
        [row] = await it.ask(attempts.page)
        assert row.retracted == "DUPLICATE"


@backends
async def test_a_message_is_a_contact_while_it_may_have_reached_anybody(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await it.tell("D", queued("cat_1"))
        assert await _ids(it) == []
        await it.tell("D", sending("cat_1", AT + MINUTE))
        [row] = await it.ask(attempts.page, channel="sms")
        assert (row.at, row.delivery, row.direction) == (AT + MINUTE, "SENDING", "out")
        await it.tell("D", f.MessageNotSent(message="cat_1", at=AT, try_no=1, cause="BUSY", again_at=AT))
        assert await _ids(it) == []
        await it.tell("D", sending("cat_1", AT + 2 * MINUTE, try_no=2))
        await it.tell("D", f.MessageDispatched(message="cat_1", at=AT, try_no=2, provider_ref=None))
        await it.tell("D", f.DeliveryConfirmed(message="cat_1", at=AT + 3 * MINUTE, receipt="r"))
        [row] = await it.ask(attempts.page)
        assert (row.at, row.delivery) == (AT + 2 * MINUTE, "DELIVERED")


@backends
async def test_a_breach_is_found_replaced_and_withdrawn_and_known_as_it_was(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await it.tell("D", started("cat_1"), breached("cat_1", "NO-PERMIT"))
        first = it.clock.now()
        await it.tell("D", breached("cat_1", "NO-PERMIT", "B-CAP", revision=2))
        second = it.clock.now()
        await it.tell("D", a.BreachWithdrawn(attempt="cat_1", revision=3, at=AT))
        assert await it.ask(attempts.breaches) == []
        [gone] = await it.ask(attempts.breaches, standing=False)
        assert gone.withdrawn_at is not None
        [then] = await it.ask(attempts.breaches, known_at=second)
        assert (then.as_json()["rules"], then.found, then.at) == (["NO-PERMIT", "B-CAP"], "LATER", AT)
        assert then.as_json()["failed"][0]["counted"] == ["cat_0"]
        assert [row.thing for row in await it.ask(attempts.breaches, known_at=second, rule="B-CAP")] == [
            "cat_1"
        ]
        assert await it.ask(attempts.breaches, known_at=first, rule="B-CAP") == []
        assert await it.ask(attempts.breaches, known_at=second, rule="B") == []
        assert await _ids(it, breached=True) == []
        assert await _ids(it, breached=True, known_at=first) == ["cat_1"]


@backends
async def test_every_filter_finds_its_own_and_ranges_end_before_their_end(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await it.tell("D-1", started("cat_1"), came_to("cat_1", "busy"))
        await it.tell("D-1", started("cat_2", AT + MINUTE, direction="in", channel="email", case="case-2"))
        await it.tell("D-2", started("cat_3", AT + 2 * MINUTE), breached("cat_3", "NO-PERMIT"))
        assert await _ids(it) == ["cat_3", "cat_2", "cat_1"]
        assert await _ids(it, subject=it.subject("D-1")) == ["cat_2", "cat_1"]
        assert await _ids(it, direction="in") == ["cat_2"]
        assert await _ids(it, channel="voice") == ["cat_3", "cat_1"]
        assert await _ids(it, case_id="case-2") == ["cat_2"]
        assert await _ids(it, outcome="busy") == ["cat_1"]
        assert await _ids(it, breached=True) == ["cat_3"]
        assert await _ids(it, from_=AT + MINUTE, until=AT + 2 * MINUTE) == ["cat_2"]
        assert (await it.ask(lambda c: attempts.one(c, "cat_2"))).channel == "email"
        assert await it.ask(lambda c: attempts.one(c, "cat_9")) is None


@backends
async def test_a_list_stays_as_it_was_begun_however_its_rows_go_on(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        for number in range(7):
            await it.tell("D", started(f"cat_{number}", AT + number * MINUTE))
        pin = await it.ask(lambda c: positions(c, attempts.VIEW))
        seen, after = [], None
        while rows := await it.ask(attempts.page, after=after, limit=3, pin=pin):
            seen += [(row.thing, row.outcome) for row in rows]
            after = rows[-1].cursor
            await it.tell("D", came_to("cat_0", "busy", revision=len(seen)))
            await it.tell("D", started(f"cat_new{len(seen)}"))
        assert seen == [(f"cat_{number}", None) for number in reversed(range(7))]
