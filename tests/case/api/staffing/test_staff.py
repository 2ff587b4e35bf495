"""The staff directory over HTTP: registered once, changed from a day on, away and back, gone; on both clocks."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, refused

_NUMBERS = count(1)


@pytest.fixture
def acted(http: httpx.Client) -> Acted:
    return Acted(http)


def somebody(acted: Acted, **more: Any) -> tuple[str, str]:
    """A new member of staff: id and reference."""
    ref = f"user:s{next(_NUMBERS)}"
    answer = acted.post("/v1/staff", staff_ref=ref, **({"team": "TEAM_A"} | more))
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], ref


def listed(acted: Acted, **asked: str) -> dict[str, Any]:
    headers = {"Min-Position": acted.position or "0", "Prefer": "wait=10"}
    answer = acted.http.get("/v1/staff", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return {one["staff_ref"]: one for one in answer.json()["items"]}


def test_who_is_registered_is_listed_once_and_no_name_is_told(acted: Acted) -> None:
    staff, ref = somebody(acted, name="canary 4711", stages=["M1", "M2"], cap=30)
    again = acted.post(
        "/v1/staff", staff_ref=ref, team="TEAM_A", name="canary 4711", stages=["M1", "M2"], cap=30
    )
    assert (again.status_code, again.json()["events"], again.json()["id"]) == (200, [], staff)
    other = acted.post("/v1/staff", staff_ref=ref, team="TEAM_B")
    assert refused(other) == (409, "staff-ref-taken")
    shown = listed(acted)[ref]
    assert (shown["id"], shown["team"], shown["stages"], shown["cap"]) == (staff, "TEAM_A", ["M1", "M2"], 30)
    one = acted.http.get(f"/v1/staff/{staff}")
    assert one.json() == shown
    assert "canary" not in one.text


def test_a_change_a_leave_and_a_departure_hold_from_their_days(acted: Acted) -> None:
    staff, ref = somebody(acted, on="2026-01-05")
    acted.done(f"/v1/staff/{staff}/changes", team="TEAM_B", on="2026-02-01", cap=5)
    leave = acted.done(f"/v1/staff/{staff}/leaves", on="2026-03-01", until="2026-03-05")["leave"]
    acted.done(f"/v1/staff/{staff}/leaves/{leave}/cancellations", on="2026-03-03")
    acted.done(f"/v1/staff/{staff}/departures", on="2026-04-01")
    days = ("2026-01-31", "2026-02-01", "2026-03-02", "2026-03-03", "2026-04-01")
    seen = [listed(acted, on=day)[ref] for day in days]
    assert [one["team"] for one in seen] == ["TEAM_A", *["TEAM_B"] * 4]
    assert [one["away"] for one in seen] == [False, False, True, False, False]
    assert [one["active"] for one in seen] == [True] * 4 + [False]
    assert refused(acted.post(f"/v1/staff/{staff}/changes", team="TEAM_C")) == (409, "staff-gone")
    acted.done(f"/v1/staff/{staff}/returns", on="2026-05-01")
    assert listed(acted, on="2026-05-01")[ref]["active"]
    assert ref not in listed(acted, on="2026-01-04")
    assert ref not in listed(acted, known_at="2026-01-01")


def test_teams_count_who_is_there_and_what_they_can_hold(acted: Acted) -> None:
    first, _ = somebody(acted, team="TEAM_T", cap=10, on="2026-01-05")
    somebody(acted, team="TEAM_T", cap=20, on="2026-01-05")
    acted.done(f"/v1/staff/{first}/leaves", on="2026-02-01", until="2026-02-03", kind="TRAINING")

    def team(on: str) -> Any:
        headers = {"Min-Position": acted.position or "0", "Prefer": "wait=10"}
        items = acted.http.get("/v1/teams", params={"on": on}, headers=headers).json()["items"]
        return next((one for one in items if one["team"] == "TEAM_T"), None)

    assert team("2026-01-10") == {"team": "TEAM_T", "members": 2, "there": 2, "cap": 30}
    assert team("2026-02-01") == {"team": "TEAM_T", "members": 2, "there": 1, "cap": 20}
    assert team("2026-01-01") is None


@pytest.mark.parametrize(
    ("path", "sent", "status", "code"),
    [
        ("", {"staff_ref": "user:x1", "team": "team a"}, 422, "invalid"),
        ("", {"staff_ref": "Chén Mǒu", "team": "A"}, 422, "invalid"),
        ("", {"staff_ref": "user:x1", "team": "A", "stages": ["M0"]}, 422, "invalid"),
        ("", {"staff_ref": "user:x1", "team": "A", "cap": True}, 422, "invalid"),
        ("", {"staff_ref": "user:x1", "team": "A", "cap": -1}, 422, "invalid"),
        ("/staff-00000000-0000-8000-8000-000000000000/changes", {"team": "A"}, 404, "not-found"),
        ("/case-00000000-0000-8000-8000-000000000000/changes", {"team": "A"}, 404, "not-found"),
        ("/staff-1/leaves", {"on": "2026-01-01", "until": "2026-01-02"}, 404, "not-found"),
    ],
)
def test_what_makes_no_sense_is_refused(
    acted: Acted, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = acted.post(f"/v1/staff{path}", **sent)
    assert refused(answer) == (status, code)
    assert "Chén" not in answer.text


def test_a_leave_ends_after_it_begins_and_an_unknown_one_is_not_taken_back(acted: Acted) -> None:
    staff, _ = somebody(acted)
    empty = acted.post(f"/v1/staff/{staff}/leaves", on="2026-01-02", until="2026-01-02")
    assert refused(empty) == (422, "empty-period")
    unknown = acted.post(f"/v1/staff/{staff}/leaves/lve_{'0' * 16}/cancellations")
    assert refused(unknown)[1] == "leave-unknown"


def test_a_repeated_request_and_a_dry_run(acted: Acted) -> None:
    staff, ref = somebody(acted)
    first = acted.post(f"/v1/staff/{staff}/leaves", key="leave-once", on="2027-01-02", until="2027-01-09")
    again = acted.post(f"/v1/staff/{staff}/leaves", key="leave-once", on="2027-01-02", until="2027-01-09")
    assert first.content == again.content
    dry = acted.post(f"/v1/staff/{staff}/departures", prefer="dry-run")
    assert [one["type"] for one in dry.json()["events"]] == ["StaffLeft"]
    assert len(listed(acted)[ref]["leaves"]) == 1
    assert listed(acted)[ref]["active"]
