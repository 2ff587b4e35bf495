"""The outbox: what waits, was sent or lies aside; and the health of each provider, now and by hour."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.contact.domain.facts import message as f
from services.contact.projections.sending import channel_health, outbox
from tests.contact.projections.told import AT, Told, queued, sending, told
from tests.kit.ledgers import backends

HOUR = timedelta(hours=1)


async def _month(it: Told) -> None:
    await it.tell("D-1", queued("cat_1"), queued("cat_2", AT + HOUR))
    await it.tell("D-1", sending("cat_1", AT))
    await it.tell("D-1", f.MessageDispatched(message="cat_1", at=AT, try_no=1, provider_ref="p-1"))
    await it.tell(
        "D-1", f.DeliveryFailed(message="cat_1", at=AT + HOUR, cause="X", permanent=True, receipt="r")
    )
    await it.tell("D-2", queued("cat_3"))
    await it.tell("D-2", sending("cat_3", AT))
    later = AT + 3 * HOUR
    await it.tell("D-2", f.MessageNotSent(message="cat_3", at=AT, try_no=1, cause="BUSY", again_at=later))
    await it.tell("D-2", queued("cat_4"))
    await it.tell("D-2", sending("cat_4", AT, provider="other"))
    await it.tell("D-2", f.MessageUnresolved(message="cat_4", at=AT, try_no=1, cause="TIMEOUT"))


@backends
async def test_a_message_is_shown_as_it_stands(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await _month(it)
        rows = {row.thing: row.as_json() for row in await it.ask(outbox.page)}
        assert {name: row["status"] for name, row in rows.items()} == {
            "cat_1": "BOUNCED", "cat_2": "QUEUED", "cat_3": "RETRY", "cat_4": "UNRESOLVED",
        }  # fmt: skip
        assert (rows["cat_1"]["provider_ref"], rows["cat_1"]["receipt"], rows["cat_1"]["tries"]) == (
            "p-1",
            "r",
            1,
        )
        assert rows["cat_3"]["next_at"] == "2026-11-23T05:00:00.000000Z"
        assert rows["cat_4"]["next_at"] is None
        assert [row.thing for row in await it.ask(outbox.page, status="RETRY")] == ["cat_3"]
        assert [row.thing for row in await it.ask(outbox.page, subject=it.subject("D-1"))] == [
            "cat_2",
            "cat_1",
        ]
        assert [row.thing for row in await it.ask(outbox.page, provider="other")] == ["cat_4"]
        assert (await it.ask(lambda c: outbox.one(c, "cat_1"))).text_hash == "cd" * 32


@backends
async def test_a_providers_health_says_what_waits_and_what_became_of_the_rest(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await _month(it)
        found = await it.ask(channel_health.standing, now=AT + 2 * HOUR)
        assert [(one.provider, one.statuses, one.late, one.oldest_due_at) for one in found] == [
            ("NONE", {"QUEUED": 1}, 1, AT + HOUR),
            ("gateway", {"RETRY": 1, "BOUNCED": 1}, 0, None),
            ("other", {"UNRESOLVED": 1}, 0, None),
        ]
        assert found[0].as_json()["provider"] is None
        hours = await it.ask(channel_health.by_hour, from_=AT, until=AT + 5 * HOUR)
        assert [(one.hour, one.provider, one.step, one.messages) for one in hours] == [
            (AT + HOUR, "NONE", "QUEUED", 1),
            (AT + HOUR, "gateway", "BOUNCED", 1),
            (AT, "NONE", "QUEUED", 3),
            (AT, "gateway", "NOT_SENT", 1),
            (AT, "gateway", "SENT", 1),
            (AT, "gateway", "TRIED", 2),
            (AT, "other", "TRIED", 1),
            (AT, "other", "UNRESOLVED", 1),
        ]
        assert await it.ask(channel_health.by_hour, from_=AT, until=AT + HOUR, channel="email") == []
