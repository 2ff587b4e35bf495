"""Outreach, and the strategies it goes by, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from services.contact.adapters.outreach.strategy_file import SHIPPED
from services.contact.api.app import make_app
from services.contact.api.desk import Office
from services.contact.wiring import ContactService, ContactSettings, open_contact
from shared.kernel.clock import FixedClock
from shared.telemetry.metrics import Metrics
from tests.contact.application.outreach.room import ALWAYS, MONDAY, TEN, Contact
from tests.kit.tokens import Issuing, bearer

HERE = "/v1/outreach-strategies"


@dataclass
class Asked:
    """The service, its application, and people with tokens."""

    service: ContactService
    http: httpx.AsyncClient
    issuing: Issuing
    clock: FixedClock

    @property
    def kit(self) -> Contact:
        """What makes debtors and cases."""
        service = self.service
        return Contact(service.ledger, service.acts, service.outreach, service.projections, self.clock)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params, headers=bearer(self.issuing.token(sub="user-anna")))

    async def post(self, path: str, body: dict[str, Any], *, by: str, key: str) -> httpx.Response:
        token = bearer(self.issuing.token(sub=by))
        return await self.http.post(path, json=body, headers=token | {"Idempotency-Key": key})


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[Asked]:
    clock = FixedClock(TEN)
    settings = ContactSettings(
        place=folder / "contact.db", key_file=folder / "keys.json", deployment="quittance.test", tenant="default",
        shards=1, always=ALWAYS,
    )  # fmt: skip
    async with open_contact(settings, clock=clock, provision=True) as service:
        office, issuing = Office(), Issuing(clock)
        office.desk = service
        app = make_app(office, metrics=Metrics(), version="0", access=issuing.access())
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            yield Asked(service, http, issuing, clock)


def text(version: str, begins: date) -> str:
    shipped = (resources.files("services.contact.adapters.outreach") / SHIPPED).read_text(encoding="utf-8")
    return shipped.replace('"cn-retail-outreach/1"', f'"{version}"').replace("2026-01-01", begins.isoformat())


async def test_one_case_says_what_was_done_what_is_next_and_why_not(tmp_path: Path) -> None:
    async with asked(tmp_path) as room:
        outreach = await room.kit.opened_case()
        await room.service.outreach.work.look()
        sheet = (await room.get(f"/v1/outreach/{outreach}")).json()
        assert (sheet["state"], sheet["stage"]) == ("RUNNING", "M1")
        said = {one["step"]: one["status"] for one in sheet["steps"]}
        assert said == {"soft-reminder": "TAKEN", "first-call": "PLANNED", "soft-letter": "PLANNED"}
        assert sheet["steps"][0]["message"].startswith("cat_")
        await room.kit.hear("D-0001", 3, "HOLD", thing="hld_1", cause="COMPLAINT")
        await room.kit.days(5)
        sheet = (await room.get(f"/v1/outreach/{outreach}")).json()
        assert (sheet["state"], sheet["because"]) == ("PAUSED", ["HOLD_COMPLAINT"])
        waits = next(one for one in sheet["steps"] if one["step"] == "first-call")
        assert (waits["status"], waits["reason"]) == ("WAITING", "HOLD_COMPLAINT")


async def test_the_list_is_by_id_in_pages_and_by_state(tmp_path: Path) -> None:
    async with asked(tmp_path) as room:
        ids = sorted([await room.kit.opened_case(f"D-000{n}") for n in range(3)])
        await room.kit.hear("D-0001", 3, "CLOSED", cause="CURED")
        await room.service.outreach.work.look()
        page = (await room.get("/v1/outreach", limit=2)).json()
        after = (await room.get("/v1/outreach", limit=2, cursor=page["page"]["next"])).json()
        assert [one["id"] for one in page["items"] + after["items"]] == ids
        assert after["page"]["next"] is None
        ended = (await room.get("/v1/outreach", state="ENDED")).json()["items"]
        assert [(one["state"], one["because"]) for one in ended] == [("ENDED", ["CURED"])]
        assert (await room.get("/v1/outreach", state="SLEEPING")).status_code == 422


async def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    async with asked(tmp_path) as room:
        for wrong in ("outreach-6f1c0d1e-0000-8000-8000-000000000001", "case-1", "outreach-x"):
            answer = await room.get(f"/v1/outreach/{wrong}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert (await room.get(f"{HERE}/nobody-1")).status_code == 404


async def test_a_strategy_is_proposed_by_one_and_published_by_another(tmp_path: Path) -> None:
    async with asked(tmp_path) as room:
        body = {"toml": text("mine/1", MONDAY + timedelta(days=10))}
        sent = await room.post(HERE, body, by="anna", key="1")
        assert sent.status_code == 201, sent.text
        assert sent.json()["id"] == "mine-1"
        again = await room.post(f"{HERE}/mine-1/approvals", {}, by="anna", key="2")
        assert (again.status_code, again.json()["code"]) == (409, "maker-is-checker")
        assert (await room.get(HERE)).json()["in_force"] == "cn-retail-outreach/1"
        agreed = await room.post(f"{HERE}/mine-1/approvals", {}, by="ben", key="3")
        assert agreed.status_code == 201, agreed.text
        await room.kit.days(10)
        listed = (await room.get(HERE)).json()
        assert listed["in_force"] == "mine/1"
        assert [one["status"] for one in listed["items"]] == ["SHIPPED", "PUBLISHED"]
        whole = (await room.get(f"{HERE}/mine-1")).json()
        assert whole["document"]["stages"][0]["stage"] == "M0"


async def test_what_cannot_be_published_is_refused_with_its_reason(tmp_path: Path) -> None:
    async with asked(tmp_path) as room:

        async def refused(body: dict[str, Any], code: str, key: str) -> dict[str, Any]:
            answer = await room.post(HERE, body, by="anna", key=key)
            assert answer.json()["code"] == code, answer.text
            found: dict[str, Any] = answer.json()
            return found

        told = await refused({"toml": "version = 1"}, "outreach-strategy-malformed", "1")
        assert told["context"]["faults"] == ["version: WRONG_TYPE"]
        await refused({"toml": text("mine/1", MONDAY)}, "outreach-strategy-begins-too-early", "2")
        later = MONDAY + timedelta(days=9)
        assert (await room.post(HERE, {"toml": text("mine/1", later)}, by="anna", key="3")).status_code == 201
        changed = {"toml": text("mine/1", later + timedelta(days=1))}
        await refused(changed, "outreach-strategy-changed", "4")
        rejected = await room.post(f"{HERE}/mine-1/rejections", {"reason": "TOO_STERN"}, by="ben", key="5")
        assert rejected.status_code == 201
        answer = await room.post(f"{HERE}/mine-1/approvals", {}, by="ben", key="6")
        assert answer.json()["code"] == "not-awaiting-approval"


async def test_two_who_publish_at_once_publish_once(tmp_path: Path) -> None:
    async with asked(tmp_path) as room:
        body = {"toml": text("mine/1", MONDAY + timedelta(days=10))}
        await room.post(HERE, body, by="anna", key="1")
        answers = await asyncio.gather(
            *(room.post(f"{HERE}/mine-1/approvals", {}, by=by, key=by) for by in ("ben", "cem"))
        )
        assert sorted(one.status_code for one in answers) in ([201, 409], [201, 412])
