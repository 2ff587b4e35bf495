"""Imports over HTTP: asked for, given their files, started, waited for, stopped and listed; all four kinds."""

from __future__ import annotations

import base64
import hashlib
import os
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.case.api.acts import refused
from tests.case.api.history.sending import HEADER, Sending, line
from tests.kit.importing import SAMPLE
from tests.kit.past import MAPPING, delivery
from tests.kit.served import Served

CANARY = "CANARY-138-0013-8000"


def _past(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text() for file in sorted(delivery(folder).iterdir())}


def test_an_import_goes_on_in_the_background_and_says_what_it_did(http: httpx.Client) -> None:
    job = Sending(http).ask().files(s=HEADER + "".join(line(f"B-{n}") for n in range(1_500)))
    waiting = job.shown()
    assert (waiting["status"], waiting["counts"], waiting["progress"]) == ("WAITING", None, None)
    [file] = waiting["files"]
    assert (file["name"], len(file["sha256"])) == ("s.csv", 64)
    started = job.post("/starts", key="start-b")
    assert started.status_code == 201, started.text
    assert started.headers["Location"] == f"/v1/case-imports/{job.id}"
    done = job.ended()
    assert (done["status"], done["attempt"], done["via"]) == ("DONE", 1, "HTTP")
    assert done["counts"] == {"rows": 1500, "added": 1500, "unchanged": 0, "rejected": 0, "events": 6000}
    assert job.rows() == [], "of many rows only the rejected ones are told"
    again = job.post("/starts", key="start-b")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.content == started.content
    assert refused(job.post("/starts")) == (409, "import-ended")
    assert refused(job.post("/cancellations")) == (409, "import-ended")


def test_a_small_one_is_waited_for_with_a_result_a_row(http: httpx.Client) -> None:
    text = HEADER + line("W-1") + line("W-1") + line("W-1", balance="7.00") + "W-2,never,1,1,1,1,TWD\n"
    job = Sending(http).ask().files(s=text)
    said = job.post("/starts", key="wait-w", wait=True)
    assert said.status_code == 207, said.text
    assert [(row["row"], row["outcome"], row["reason"], row["field"]) for row in said.json()["rows"]] == [
        (2, "ADDED", None, None), (3, "UNCHANGED", None, None), (4, "REJECTED", "conflict", "line"),
        (5, "REJECTED", "malformed", "as_of"),
    ]  # fmt: skip
    assert said.json()["counts"] == {"rows": 4, "added": 1, "unchanged": 1, "rejected": 2, "events": 4}
    again = job.post("/starts", key="wait-w", wait=True)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (207, "true")
    assert again.json() == said.json()
    assert [row["row"] for row in job.rows(limit=1)] == [2, 3, 4, 5]
    assert [row["row"] for row in job.rows(outcome="REJECTED", limit=1)] == [4, 5]


def test_too_many_rows_are_not_waited_for(http: httpx.Client) -> None:
    job = Sending(http).ask().files(s=HEADER + "".join(line(f"T-{n}") for n in range(1_001)))
    said = job.post("/starts", wait=True)
    assert refused(said) == (422, "import-too-large-to-wait")
    assert said.json()["context"] == {"rows_max": 1000}
    assert job.shown()["status"] == "WAITING"


def test_two_imports_of_one_content_have_one_effect_and_are_found_by_it(http: httpx.Client) -> None:
    text = HEADER + line("X-1") + line("X-2", months=0)
    first, second = Sending(http).ask().files(s=text), Sending(http).ask().files(s=text)
    for job in (first, second):
        assert job.post("/starts").status_code == 201
    one, other = first.ended(), second.ended()
    assert sorted((one["counts"]["added"], other["counts"]["added"])) == [0, 2]
    assert one["content"] == other["content"]
    listed = _listed(http, first, content=one["content"])
    assert {item["id"] for item in listed} == {first.id, second.id}


def _listed(http: httpx.Client, job: Sending, **asked: str) -> list[Any]:
    """The list once it holds the import."""
    at = http.get(f"/v1/case-imports/{job.id}").headers["Event-Position"]
    said = http.get("/v1/case-imports", params=asked, headers={"Min-Position": at, "Prefer": "wait=10"})
    assert said.status_code == 200, said.text
    items: list[Any] = said.json()["items"]
    return items


def test_runs_of_the_command_line_are_listed_as_well(http: httpx.Client) -> None:
    page = http.get("/v1/case-imports", params={"limit": 1}).json()
    [first] = page["items"]
    assert (first["kind"], first["via"], first["status"]) == ("statements", "CLI", "DONE")
    assert first["content"]
    rest = http.get("/v1/case-imports", params={"limit": 1, "cursor": page["page"]["next"] or ""})
    assert rest.status_code in {200, 400}
    assert refused(http.get("/v1/case-imports", params={"kind": "letters"})) == (422, "invalid")
    assert http.get(f"/v1/case-imports/{first['id']}").json()["counts"] == first["counts"]


def test_files_arrive_once_and_whole_or_not_at_all(http: httpx.Client) -> None:
    job, text = Sending(http).ask(), HEADER + line("F-1")
    assert refused(job.post("/starts")) == (409, "import-files-missing")
    other = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    damaged = job.file("s.csv", text, headers={"Content-Digest": f"sha-256=:{other}:"})
    assert refused(damaged) == (422, "digest-differs")
    assert job.shown()["files"][0]["sha256"] is None
    whole = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    sent = job.file("s.csv", text, key="file-f", headers={"Content-Digest": f"sha-256=:{whole}:"})
    assert sent.status_code == 201, sent.text
    assert refused(job.file("s.csv", "other", key="file-f")) == (422, "idempotency-key-reused")
    assert job.file("s.csv", text, key="file-f").headers["Idempotent-Replayed"] == "true"
    assert job.file("s.csv", text).status_code == 200, "the same file again is no news"
    assert refused(job.file("t.csv", text)) == (404, "import-file-not-asked")
    assert refused(job.file("s.csv", text, headers={"Content-Type": "image/png"})) == (
        415,
        "unsupported-media-type",
    )
    said = job.post("/starts", wait=True)
    assert (said.status_code, said.json()["counts"]["added"]) == (207, 1)
    assert refused(job.file("s.csv", "late")) == (409, "import-not-waiting")
    assert job.file("s.csv", text, key="file-f").headers["Idempotent-Replayed"] == "true"


def test_what_cannot_be_taken_in_is_said_before_it_starts(http: httpx.Client) -> None:
    def asked(**sent: Any) -> tuple[int, str]:
        return refused(Sending(http).post("", **sent))

    assert asked(kind="letters", files=["a.csv"]) == (422, "invalid")
    assert asked(kind="statements", files=["a.csv", "b.csv"]) == (422, "invalid")
    assert asked(kind="history", files=["a.csv", "a.csv"], mapping=MAPPING) == (422, "invalid")
    assert asked(kind="statements", files=["../a.csv"]) == (422, "invalid")
    assert asked(kind="history", files=["a.csv"]) == (422, "mapping-missing")
    assert asked(kind="book", files=["a.csv"]) == (422, "mapping-missing")
    for kind in ("history", "book", "payments"):
        assert asked(kind=kind, files=["a.csv"], mapping="format = 1") == (422, "mapping-unusable")
    assert asked(kind="history", files=["a.csv"], mapping={"format": None}) == (422, "invalid")
    to_come = MAPPING.replace("2026-11-01", "2199-01-01")
    assert asked(kind="history", files=["a.csv"], mapping=to_come) == (422, "go-live-to-come")
    job = Sending(http).ask().files(s="what,ever\n1,2\n")
    assert refused(job.post("/starts")) == (422, "statement-header-unusable")
    past = Sending(http).ask("history", "calls.csv", mapping=MAPPING).files(calls="a,b\n1,2\n")
    assert refused(past.post("/starts")) == (422, "book-unusable")
    assert refused(Sending(http, id="import-none").post("/starts")) == (404, "not-found")


def test_history_is_taken_in_with_its_mapping_as_toml_or_as_json(http: httpx.Client, tmp_path: Path) -> None:
    files = _past(tmp_path)
    document = tomllib.loads(MAPPING)
    document["go_live"] = document["go_live"].isoformat()
    names = [f"{name}.csv" for name in files]
    first = Sending(http).ask("history", *names, mapping=MAPPING).files(**files)
    said = first.post("/starts", wait=True)
    assert said.status_code == 207, said.text
    assert (said.json()["counts"]["added"], said.json()["counts"]["rejected"]) == (15, 0), said.json()["rows"]
    by_file = {row["file"] for row in said.json()["rows"]}
    assert by_file == set(names)
    again = Sending(http).ask("history", *reversed(names), mapping=document).files(**files)
    said = again.post("/starts", wait=True)
    assert (said.json()["counts"]["added"], said.json()["counts"]["unchanged"]) == (0, 15)
    promises = http.get("/v1/promises", params={"status": "KEPT"}, headers=_at(http, again)).json()["items"]
    [case] = [one["case"] for one in promises if one["due"] == "2026-02-20"]
    timeline = http.get(f"/v1/cases/{case}/timeline", headers={"Accept-Language": "zh-CN"}).json()["items"]
    told = [entry for entry in timeline if entry["type"].startswith("case.HistoryTaken")]
    assert told[0]["title"] == "上线前记录"
    assert "OLD_SYSTEM" in told[0]["text"]
    # What is asked first of a case tells of it as past.
    dossier = http.get(f"/v1/cases/{case}/dossier").json()
    assert dossier["attempts"] == 2
    assert dossier["last_attempt"]["at"].startswith("2026-02-05T11:01")
    actions = http.get(f"/v1/cases/{case}/next-actions")
    assert actions.status_code == 200, actions.text


def _at(http: httpx.Client, job: Sending) -> dict[str, str]:
    position = http.get(f"/v1/case-imports/{job.id}").headers["Event-Position"]
    return {"Min-Position": position, "Prefer": "wait=10"}


def test_one_that_waits_is_stopped_and_a_dry_run_stops_nothing(http: httpx.Client) -> None:
    job = Sending(http).ask().files(s=HEADER + line("S-1"))
    dry = job.post("/cancellations", prefer="dry-run")
    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
    assert job.shown()["status"] == "WAITING"
    assert job.post("/starts", prefer="dry-run").json()["events"][0]["type"] == "ImportQueued"
    assert job.post("/cancellations").status_code == 201
    assert job.shown()["status"] == "CANCELLED"
    assert refused(job.post("/starts")) == (409, "import-ended")


def test_nothing_that_is_sent_is_told_again_and_nothing_is_left_behind(
    server: Served, http: httpx.Client
) -> None:
    bad = f"{CANARY},never,1,{CANARY},0,1000,TWD\n"
    job = Sending(http).ask().files(s=HEADER + line(CANARY) + bad)
    said = job.post("/starts", wait=True)
    feed = http.get("/v1/feeds/case/events", params={"after": 0, "limit": 1}).text
    listed = http.get("/v1/case-imports", params={"limit": 200}).text
    for text in (said.text, feed, listed, str(job.rows()), str(job.shown())):
        assert CANARY not in text
    folder = server.quittance.folder / ".quittance" / "imports" / "default"
    assert os.stat(folder).st_mode & 0o077 == 0
    assert job.id not in os.listdir(folder), "files go when the import ends"


@pytest.mark.parametrize("kind", ["statements"])
def test_requests_are_answered_while_a_file_is_taken_in(http: httpx.Client, kind: str) -> None:
    job = Sending(http).ask(kind).files(s=SAMPLE.read_bytes().replace(b"TWC-", b"TWL-"))
    assert job.post("/starts").status_code == 201
    asked = 0
    while job.shown()["status"] not in ("DONE", "FAILED"):
        assert http.get("/livez").status_code == 200
        asked += 1
    assert asked > 3
    assert job.shown()["counts"]["rejected"] == 0
