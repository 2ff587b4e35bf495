"""A department's day over HTTP: shared out with a preview, handed out, kept, helped with, left, shared out anew."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any

import httpx
import pytest

from services.main.settings import AUDIENCE_DEFAULT, ISSUER_FILE
from shared.http.access import SCOPES
from shared.http.development_issuer import DevelopmentIssuer
from shared.kernel.clock import SystemClock
from tests.case.api.acts import Acted, refused
from tests.kit.served import Served

_NUMBERS = count(1)


@pytest.fixture
def acted(http: httpx.Client) -> Acted:
    return Acted(http)


def person(server: Served, who: str) -> dict[str, str]:
    """A token of somebody who acts through the bank's client."""
    [file] = server.quittance.folder.rglob(ISSUER_FILE)
    token = DevelopmentIssuer.open(file).token(
        audience=AUDIENCE_DEFAULT, tenant="default", clock=SystemClock(), client="bank", person=who,
        scopes=tuple(SCOPES),
    )  # fmt: skip
    return {"Authorization": f"Bearer {token}"}


def hired(acted: Acted, team: str, **more: Any) -> tuple[str, str]:
    """Somebody new in a team: id and reference."""
    ref = f"user:t{next(_NUMBERS)}"
    return acted.done("/v1/staff", staff_ref=ref, team=team, **more)["id"], ref


def cases(http: httpx.Client, many: int) -> list[Acted]:
    return [Acted(http).open(days=12) for _ in range(many)]


def read(acted: Acted, path: str, **asked: str) -> Any:
    headers = {"Min-Position": acted.position or "0", "Prefer": "wait=10"}
    answer = acted.http.get(path, params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def team() -> str:
    return f"TEAM_{next(_NUMBERS)}"


def test_a_preview_is_what_the_run_does_and_the_run_is_done_once(
    acted: Acted, http: httpx.Client, team: str
) -> None:
    staff = dict(hired(acted, team, cap=3) for _ in range(2))
    ids = [one.case_id for one in cases(http, 7)]
    wanted = {"team": team, "cases": ids, "seed": "s-1", "rule": "by-band"}
    dry = acted.post("/v1/allocations", prefer="dry-run", **wanted)
    assert dry.status_code == 200, dry.text
    shared, begun = (event["facts"] for event in dry.json()["events"])
    assert (begun["given"], begun["left"], begun["seed"]) == (6, 1, "s-1")
    preview = {item["seen"]["case"]: (item["outcome"], item.get("to")) for item in shared["items"]}
    assert {read(acted, f"/v1/cases/{one}")["collector"] for one in ids} == {None}
    first = acted.post("/v1/allocations", key=f"run-{team}", **wanted)
    assert first.status_code == 201, first.text
    said = first.json()
    assert (said["given"], said["kept"], said["left"], said["refused"]) == (6, 0, 1, 0)
    again = acted.post("/v1/allocations", key=f"run-{team}", **wanted)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    run = read(acted, f"/v1/allocations/{said['id']}")
    assert (run["status"], run["carried_out"], run["rule"]) == ("FINISHED", 6, "cn-staffing/1/by-band")
    items = read(acted, f"/v1/allocations/{said['id']}/items")["items"]
    assert {one["case"]: (one["outcome"], one["staff"]) for one in items} == preview
    left = read(acted, f"/v1/allocations/{said['id']}/items", outcome="LEFT")["items"]
    assert [one["reason"] for one in left] == ["CAP_REACHED"]
    whose = Counter(read(acted, f"/v1/cases/{one}")["collector"] for one in ids)
    assert whose == {**dict.fromkeys(staff.values(), 3), None: 1}
    nothing = acted.post("/v1/allocations", **wanted)
    assert (nothing.status_code, nothing.json()["kept"], nothing.json()["left"]) == (200, 6, 1)
    assert nothing.json()["items"] == [{"case": left[0]["case"], "outcome": "LEFT", "reason": "CAP_REACHED"}]
    listed = read(acted, "/v1/allocations", team=team)["items"]
    assert [one["id"] for one in listed] == [said["id"]]


def test_an_unknown_rule_and_what_makes_no_sense(acted: Acted) -> None:
    assert refused(acted.post("/v1/allocations", rule="by-mood")) == (422, "allocation-rule-unknown")
    for sent in ({"queue": "promised"}, {"limit": 0}, {"cases": []}, {"cases": ["case-1"]}, {"seed": "a b"}):
        assert refused(acted.post("/v1/allocations", **sent)) == (422, "invalid")
    assert acted.http.get("/v1/allocations/alr_none").status_code == 404
    assert acted.http.get("/v1/allocations/alr_none/items").status_code == 404


def test_a_departments_day(server: Served, acted: Acted, http: httpx.Client, team: str) -> None:
    (mei_id, mei), (_, tom) = hired(acted, team, stages=["M1"]), hired(acted, team, stages=["M1"])
    field_id, field = hired(acted, f"{team}F", role="FIELD")
    assert field_id
    case = cases(http, 1)[0]
    mei_says, chief_says = person(server, mei), person(server, "user:chief")

    # The lead gives the case to Mei; a second person agrees that she keeps it, and that the field helps.
    case.done("/assignments", collector=mei, reason="SKILL")
    asked = case.done("/retentions", token=mei_says, collector=mei, until=case.day(10), reason="WORD_GIVEN")
    kept = asked["id"]
    theirs = {one["id"]: one for one in read(case, "/v1/approvals", case=case.case_id)["items"]}
    assert (theirs[kept]["kind"], theirs[kept]["given_up"]) == ("RETENTION", None)
    assert theirs[kept]["links"]["approve"] == f"/v1/retentions/{kept}/approvals"
    own = case.post(f"/v1/retentions/{kept}/approvals", token=mei_says, match="now")
    assert refused(own) == (409, "maker-is-checker")
    case.done(f"/v1/retentions/{kept}/approvals", token=chief_says, match="now")
    assert case.get()["retentions"][kept]["status"] == "RUNNING"
    help_ = case.done(
        "/assistances", token=mei_says, helper=field, kind="FIELD", until=case.day(3), reason="VISIT"
    )
    case.done(f"/v1/assistances/{help_['id']}/approvals", token=chief_says, match="now")
    assert case.get("/dossier")["open"]["assistances"][help_["id"]]["status"] == "RUNNING"
    titles = {one["title"] for one in case.get("/timeline", limit="100")["items"]}
    assert {"Case retained", "Help agreed to", "Case assigned"} <= titles

    # The team has one case; its queue says so.
    acted.position = case.position
    queues = {one["id"]: one for one in read(acted, "/v1/queues", team=team)["items"]}
    assert [one["cases"] for one in queues.values() if one["cases"]] == [1]
    assert queues["M1"]["unallocated"] > 0
    head = read(acted, "/v1/queues/M1", team=team)["items"]
    assert [one["id"] for one in head] == [case.case_id]

    # Tom, of the same team, is handed other cases; the field is handed this one.
    def next_case(who: str) -> Any:
        token = person(server, who)
        answer = acted.post("/v1/queues/M1/leases", token=token)
        return answer.json().get("case", {}).get("id") if answer.status_code == 201 else answer.json()

    assert next_case(tom) != case.case_id
    # A rule that deals everything out anew leaves a retained case where it is.
    dry = acted.post("/v1/allocations", prefer="dry-run", team=team, cases=[case.case_id], rule="deal-anew")
    assert (dry.json()["given"], dry.json()["kept"]) == (0, 1)

    # Mei leaves: her case is listed, and goes to Tom.
    gone = acted.done(f"/v1/staff/{mei_id}/departures")
    assert gone["events"] == ["StaffLeft"]
    anew = [
        one for one in read(acted, "/v1/reallocations", limit="200")["items"] if one["case"] == case.case_id
    ]
    assert [(one["collector"], one["why"]) for one in anew] == [(mei, "LEFT")]
    assert next_case(mei)["why_not"] == "LEFT"
    run = acted.done("/v1/allocations", team=team, cases=[case.case_id])
    assert run["given"] == 1
    shown = read(acted, f"/v1/cases/{case.case_id}")
    assert (shown["collector"], shown["retentions"][kept]["status"]) == (tom, "EXPIRED")
    assert not [one for one in read(acted, "/v1/reallocations")["items"] if one["case"] == case.case_id]


def test_what_is_refused_of_keeping_and_helping(server: Served, http: httpx.Client) -> None:
    case, acted = cases(http, 1)[0], Acted(http)
    (_, x), (_, y) = hired(acted, "TEAM_R"), hired(acted, "TEAM_R", cap=0)
    nobody = case.post("/retentions", collector=x, until=case.day(3), reason="R")
    assert refused(nobody) == (409, "not-the-holder")
    read(acted, "/v1/staff")
    for who, code in ((y, (409, "collector-cap-reached")), ("user:typo", (404, "staff-unknown"))):
        assert refused(case.post("/assignments", collector=who, reason="SKILL")) == code
    case.done("/assignments", collector=x, reason="SKILL")
    assert refused(case.post("/retentions", collector=x, until=case.day(99), reason="R")) == (
        422, "retention-too-long",
    )  # fmt: skip
    assert refused(case.post("/assistances", helper=x, until=case.day(3), reason="R")) == (
        409, "helper-is-holder",
    )  # fmt: skip
    assert refused(case.post("/assistances", helper="user:y", kind="MAGIC", until=case.day(3), reason="R")) == (
        422, "invalid",
    )  # fmt: skip
    for path in ("retentions", "assistances"):
        none = case.none("rtn" if path == "retentions" else "ast")
        assert refused(case.post(f"/v1/{path}/{none}/ends", reason="R"))[0] == 404
        assert refused(case.post(f"/v1/{path}/{none}/approvals", match="now", token=person(server, "user:c"))) == (
            409, "not-awaiting-approval",
        )  # fmt: skip
        assert refused(case.post(f"/v1/{path}/{none}/approvals", token=person(server, "user:c"))) == (
            428, "precondition-required",
        )  # fmt: skip


def test_nobody_is_asked_to_help_who_does_not_work_here(acted: Acted, http: httpx.Client, team: str) -> None:
    [case] = cases(http, 1)
    gone_id, gone = hired(acted, team)
    acted.done(f"/v1/staff/{gone_id}/departures")
    away_id, away = hired(acted, team)
    acted.done(f"/v1/staff/{away_id}/leaves", on=case.day(0), until=case.day(1))
    case.position = acted.position
    read(case, "/v1/staff")

    def asked(helper: str) -> httpx.Response:
        return case.post("/assistances", helper=helper, kind="FIELD", until=case.day(3), reason="VISIT")

    assert refused(asked("user:nobody-of-that-id")) == (404, "staff-unknown")
    assert refused(asked(gone)) == (409, "collector-not-there")
    assert asked(away).status_code == 201
