"""Visits, dial lists with their results, and letters, over HTTP: done once, late, twice, wrong."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contact.application.handle import Meta
from services.contact.domain.commands import DescribeSubject, LinkCase, RecordPoint
from tests.contact.api.texts.asked import Asking, asking
from tests.kit.ledgers import backends

PHONE = "+8613800138000"


async def a_debtor(it: Asking, ref: str, *, phone: str = PHONE) -> str:
    acts = it.service.acts
    subject = acts.subject_id(ref)
    uuid = subject.removeprefix("subject-")
    for command in (
        DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",)),
        LinkCase(case=f"case-{uuid}", debts=(f"account-{uuid}",), stage="M1"),
        RecordPoint(point=acts.point_id("phone", phone), medium="phone", value=phone),
    ):
        await acts.handle(subject, command, Meta(actor="user:anna", client="t", key=repr(command)))
    return subject


def at(it: Asking, **ago: float) -> str:
    return (it.clock.now() - timedelta(**ago)).isoformat()


def codes(answer: Any) -> list[Any]:
    return [one.get("problem", {}).get("code") or one["status"] for one in answer.json()["items"]]


@backends
async def test_a_visit_is_agreed_permitted_recorded_and_listed(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking(backend, tmp_path, request) as it:
        it.clock.set(it.clock.now().replace(year=2026, month=3, day=3, hour=2, minute=0))
        subject = await a_debtor(it, "D-1")
        sent = {"on": at(it, minutes=-30), "place": "home", "address": "上海市徐汇区漕溪北路 88 号"}
        agreed = await it.post(f"/v1/subjects/{subject}/visits", sent, key="v")
        assert agreed.status_code == 201, agreed.text
        visit = agreed.json()["id"]
        again = await it.post(f"/v1/subjects/{subject}/visits", sent, key="v")
        assert again.json() == agreed.json()
        it.clock.advance(timedelta(minutes=30))
        ask = {
            "subject": subject, "channel": "visit", "staff": 2, "place": "home", "exception": "agreed_visit",
            "content": ["identifies_institution"],
        }  # fmt: skip
        alone = await it.post("/v1/contact-permits", ask | {"staff": 1})
        assert alone.json()["outcome"] == "deny"
        permit = await it.post("/v1/contact-permits", ask)
        assert permit.json()["outcome"] == "allow", permit.text
        record = {
            "source": "FIELD_APP", "source_ref": "V-1", "at": at(it), "visitors": ["user:anna", "user:ben"],
            "outcome": {"outcome": "conversation", "identity": "VERIFIED"}, "permit": permit.json()["id"],
            "recording": {"uri": "s3://r/v-1", "sha256": "9f" * 32, "seconds": 900},
        }  # fmt: skip
        made = await it.post(f"/v1/visits/{visit}/records", record)
        assert made.status_code == 201, made.text
        assert made.json()["breach"] == []
        assert "RecordingStored" in made.json()["events"]
        twice = await it.post(f"/v1/visits/{visit}/records", record)
        assert twice.status_code == 200
        off = await it.post(f"/v1/visits/{visit}/cancellations", {"reason": "DEBTOR_ASKED"})
        assert (off.status_code, off.json()["code"]) == (409, "visit-already-made")
        await it.seen()
        listed = (await it.get("/v1/visits", status="MADE", subject=subject)).json()
        assert [(one["id"], one["staff"]) for one in listed["items"]] == [(visit, 2)]
        assert "上海" not in str(listed)
        assert (await it.get("/v1/visits", status="CANCELLED")).json()["items"] == []
        shown = await it.get(agreed.headers["Location"])
        assert shown.json() == listed["items"][0]
        assert (await it.get(f"{agreed.headers['Location'][:-1]}g")).status_code == 404


async def test_visits_refused(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with asking("sqlite", tmp_path, request) as it:
        subject = await a_debtor(it, "D-1")
        path = f"/v1/subjects/{subject}/visits"
        sent = {"on": at(it, minutes=-30), "place": "home", "address": "上海市徐汇区"}
        for wrong, status in (
            ({"on": at(it, days=2)}, 422), ({"place": "prison"}, 422), ({"address": ""}, 422),
            ({"on": "tomorrow"}, 422), ({"who": "x"}, 422),
        ):  # fmt: skip
            refused = await it.post(path, sent | wrong)
            assert refused.status_code == status, wrong
            assert "上海" not in refused.text
        assert (await it.post("/v1/subjects/subject-x/visits", sent)).status_code == 404
        unknown = f"vst_{subject.removeprefix('subject-').replace('-', '')}0000000000000001"
        none = await it.post(f"/v1/visits/{unknown}/cancellations", {"reason": "REFUSED"})
        assert (none.status_code, none.json()["code"]) == (404, "visit-unknown")


@backends
async def test_a_dial_list_is_made_once_and_its_results_are_taken_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking(backend, tmp_path, request) as it:
        for number in range(3):
            await a_debtor(it, f"D-{number}", phone=f"+861380013800{number}")
        await it.seen()
        rehearsed = await it.post("/v1/dial-lists", {"source": "CASES"}, key="l", Prefer="dry-run")
        assert rehearsed.status_code == 200
        made = await it.post("/v1/dial-lists", {"source": "CASES", "limit": 2}, key="l")
        assert made.status_code == 201, made.text
        assert (made.json()["lines"], made.json()["reserved"]) == (2, True)
        again = await it.post("/v1/dial-lists", {"source": "CASES", "limit": 2}, key="l")
        assert again.json() == made.json()
        other = await it.post("/v1/dial-lists", {"source": "CASES", "limit": 1}, key="l")
        assert other.json()["code"] == "idempotency-key-reused"
        shown = (await it.get(made.headers["Location"])).json()
        assert "138001" not in str(shown)
        permits = [line["permit"] for line in shown["items"]]
        it.clock.advance(timedelta(hours=3))
        result = {"outcome": "ring_no_answer", "at": at(it, hours=2, minutes=58), "seconds": 20}
        items = [
            {"source_ref": "CDR-2", "permit": permits[1], **result},
            {"source_ref": "CDR-1", "list": shown["id"], "line": 1, **result},
            {"source_ref": "CDR-1", "list": shown["id"], "line": 1, **result},
            {"source_ref": "CDR-9", "list": shown["id"], "line": 99, **result},
            {"source_ref": "CDR-8", "permit": permits[0], **(result | {"outcome": "sang"})},
            {"source_ref": "CDR-7", "permit": permits[0], **(result | {"phone": "+8613800138000"})},
            {"source_ref": "CDR-6", "permit": permits[0], **(result | {"at": at(it, hours=-9)})},
        ]
        body = {"source": "DIALER", "items": items}
        taken = await it.post("/v1/dialer-results", body)
        assert taken.status_code == 207, taken.text
        assert codes(taken) == [
            201, 201, 200, "dial-line-unknown", "invalid", "invalid", "contact-in-the-future",
        ]  # fmt: skip
        assert "13800138" not in taken.text
        assert [one["breach"] for one in taken.json()["items"][:2]] == [[], []]
        once_more = await it.post("/v1/dialer-results", body)
        assert codes(once_more)[:3] == [200, 200, 200]
        await it.seen()
        listed = (await it.get("/v1/dial-lists")).json()
        assert [one["id"] for one in listed["items"]] == [shown["id"]]
        assert (await it.get("/v1/dial-lists/dls_0")).status_code == 404


async def test_a_list_for_a_stated_second_is_the_same_whoever_asks(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with asking("sqlite", tmp_path, request) as it:
        await a_debtor(it, "D-1")
        second = at(it)
        it.clock.advance(timedelta(days=3))
        sent = {"source": "CASES", "at": second}
        first = await it.post("/v1/dial-lists", sent)
        other = await it.post("/v1/dial-lists", sent, by="ben")
        assert first.status_code == 201, first.text
        assert other.status_code == 200
        assert (first.json()["id"], first.json()["lines"]) == (other.json()["id"], 1)


async def test_letters_over_http(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with asking("sqlite", tmp_path, request) as it:
        assert (await it.get("/v1/letter-batches")).json()["items"] == []
        assert (await it.get("/v1/letter-batches/1")).status_code == 404
        receipt = {"letter": "3F2A9C1B77D0E4A5", "status": "DELIVERED", "at": at(it)}
        items = [
            receipt, receipt | {"status": "RETURNED"}, receipt | {"reason": "MOVED"}, receipt | {"status": "EATEN"}, {},
        ]  # fmt: skip
        told = await it.post("/v1/letter-receipts", {"items": items})
        assert told.status_code == 207
        assert [one["status"] for one in told.json()["items"]] == [422] * 5
        assert (await it.post("/v1/letter-receipts", {"items": []})).status_code == 422
