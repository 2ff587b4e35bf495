"""The list of templates: what was written and what waits; the same once rebuilt, and as often as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from services.contact.projections.texts import templates
from tests.contact.api.texts.asked import Asking, asking
from tests.contact.stores import backends
from tests.contact.texts import raw

HERE = "/v1/templates"


async def rows(asked: Asking) -> list[tuple[object, ...]]:
    await asked.service.projections.catch_up(templates.VIEW)
    table = templates.TEMPLATES
    query = sa.select(table.c.template, table.c.versions, table.c.waiting).order_by(table.c.template)
    return [tuple(row) for row in await asked.service.ask(lambda held: held.execute(query).all())]


@backends
async def test_what_waits_is_counted_and_rebuilt_the_same(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking(backend, tmp_path, request) as asked:
        assert await rows(asked) == []
        for code in ("spring", "autumn"):
            assert (await asked.post(HERE, {"template": code, **raw()})).status_code == 201
        await asked.post(f"{HERE}/spring/versions", raw(stages=["M2"]))
        assert await rows(asked) == [("autumn", 1, 1), ("spring", 2, 2)]
        await asked.post(f"{HERE}/spring/versions/1/approvals", {}, by="ben")
        await asked.post(f"{HERE}/autumn/versions/1/rejections", {"reason": "TOO_LONG"}, by="ben")
        await asked.post(f"{HERE}/m1-remind/versions/1/retirements", {"reason": "OURS_ONLY"}, by="ben")
        live = await rows(asked)
        assert live == [("autumn", 1, 0), ("m1-remind", 0, 0), ("spring", 2, 1)]
        assert await asked.service.ask(lambda held: templates.codes(held, waiting=True)) == ["spring"]
        done = await asked.service.projections.rebuild((templates.VIEW,))
        assert done.parked == 0
        assert await rows(asked) == live
