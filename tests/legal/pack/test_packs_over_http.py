"""Packs over HTTP: asked for by a person with both rights, made in the background, fetched once that is on record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from services.legal.adapters.pack.checking import check
from services.main.platform import Running, application, at_work
from tests.kit.tokens import Issuing, bearer
from tests.legal.application.letters.office import Firm, firm_in

DEADLINE_S = 60
ASKED = {"language": "zh-CN", "reason": "SUIT"}


@asynccontextmanager
async def served(it: Firm, **claims: Any) -> AsyncIterator[httpx.AsyncClient]:
    """All three services as one application, asked by a person unless the claims say otherwise."""
    issuing = Issuing(it.clock)
    named = {"sub": "lin", "client_id": "crm", **claims}
    running = Running(it.it.case, it.it.contact, it.it.legal)
    app = application(running, issuing.access(), asyncio.Event())
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://127.0.0.1",
        headers=bearer(issuing.token(**named)),
    )  # fmt: skip
    async with client:
        yield client


async def post(http: httpx.AsyncClient, key: str = "one", **said: Any) -> httpx.Response:
    return await http.post("/v1/evidence-packs", json=ASKED | said, headers={"Idempotency-Key": key})


async def shown(http: httpx.AsyncClient, pack: str) -> Any:
    """The pack once it is made or has failed."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            answer = await http.get(f"/v1/evidence-packs/{pack}")
            assert answer.status_code == 200, answer.text
            if answer.json()["status"] != "ASKED":
                return answer.json()
            await asyncio.sleep(0.05)


async def test_a_pack_is_asked_for_made_and_fetched(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it, served(it) as http, at_work(it.it.legal.packing):
        asked = await post(http, case=it.case)
        assert asked.status_code == 201, asked.text
        pack = asked.json()["id"]
        assert asked.headers["Location"] == f"/v1/evidence-packs/{pack}"
        again = await post(http, case=it.case)
        assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (pack, "true")
        said = await shown(http, pack)
        assert (said["status"], said["case"], said["gaps"], said["failed"]) == ("MADE", it.case, [], None)
        fetched = await http.get(said["links"]["content"])
        assert (fetched.status_code, fetched.headers["content-type"]) == (200, "application/zip")
        assert fetched.headers["cache-control"] == "no-store"
        to = tmp_path / "fetched.zip"
        to.write_bytes(fetched.content)
        assert check(to, manifest=said["manifest"]).wrong == ()
        assert (await shown(http, pack))["fetched"] == 1
        it.it.legal.packs.place.file_of(pack).unlink()
        gone = await http.get(said["links"]["content"])
        assert (gone.status_code, gone.json()["code"]) == (410, "evidence-pack-gone")


async def test_a_server_that_was_restarted_makes_it_when_it_is_asked_about(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it, served(it) as http:
        pack = (await post(http, case=it.case)).json()["id"]
        waiting = await http.get(f"/v1/evidence-packs/{pack}")
        assert waiting.json()["status"] == "ASKED"
        early = await http.get(f"/v1/evidence-packs/{pack}/content")
        assert (early.status_code, early.json()["code"]) == (409, "evidence-pack-not-made")
        it.it.legal.packing._waiting.clear()  # what a new process knows
        async with at_work(it.it.legal.packing):
            assert (await shown(http, pack))["status"] == "MADE"


async def test_who_may_not_is_refused_and_nothing_is_on_record(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        refused = [
            ({"scope": "legal:read legal:write"}, "insufficient-scope"),
            ({"scope": "pii:reveal"}, "insufficient-scope"),
            ({"sub": "crm"}, "person-required"),
        ]
        for claims, code in refused:
            async with served(it, **claims) as http:
                answer = await post(http, case=it.case)
                assert (answer.status_code, answer.json()["code"]) == (403, code)
        async with served(it) as http:
            for said, status in (
                ({"case": "case-00000000-0000-8000-8000-0000000000"}, 422), ({"as_of": "2126-01-01"}, 422),
                ({"language": "fr"}, 422), ({"reason": "because he hides"}, 422),
            ):  # fmt: skip
                answer = await post(http, **{"case": it.case, **said})
                assert answer.status_code == status, answer.text
            unknown = await http.get("/v1/evidence-packs/pack-00000000-0000-8000-8000-000000000000")
            assert unknown.status_code == 404
        lanes = await it.it.legal.ledger.lane_numbers()
        rows = [
            row for lane in lanes for row in await it.it.legal.ledger.read_lane(lane, after=0, limit=1_000)
        ]
        assert not [row for row in rows if row.type.startswith("legal.EvidencePack")]
