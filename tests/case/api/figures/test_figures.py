"""Figures over HTTP: formulas, numbers without floats, the things behind them, restatements; costs and targets."""

from typing import Any

import httpx
import pytest

from services.case.domain.figures.catalogue import KPIS
from tests.case.api.acts import Acted, cny, refused
from tests.kit.served import Served

SEPTEMBER = {"as_of": "2005-09-30"}


def kpi(http: httpx.Client, name: str, position: str | None = None, **asked: Any) -> Any:
    """A figure, with all that was done at that position."""
    headers = {"Min-Position": position, "Prefer": "wait=10"} if position else {}
    answer = http.get(f"/v1/reports/kpi/{name}", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(found: Any, measure: str, **where: Any) -> Any:
    """The one figure of a measure."""
    [one] = [
        item
        for item in found["items"]
        if item["measure"] == measure and all(item[name] == value for name, value in where.items())
    ]
    return one


def test_the_figures_there_are_say_their_formulas(http: httpx.Client) -> None:
    items = http.get("/v1/reports/kpi").json()["items"]
    assert [one["name"] for one in items] == list(KPIS)
    assert all(one["formula"]["en"] and one["formula"]["zh-CN"] for one in items)


@pytest.mark.parametrize("name", KPIS)
def test_every_figure_answers_for_the_sample_without_a_float(http: httpx.Client, name: str) -> None:
    found = kpi(http, name, **SEPTEMBER)
    assert (found["kpi"], found["as_of"], found["known_at"]) == (name, "2005-09-30", None)
    assert not _floats(found)
    for one in found["items"]:
        if one["measure"] not in ("closed_median", "all_median", "days_to_answer"):
            below = one["denominator"].get("count", one["denominator"].get("amount"))
            assert (one["value"] is None) == (below in (0, "0.00"))
    assert kpi(http, name, known_at="2005-12-31", **SEPTEMBER)["items"] == [], "nobody knew anything yet"


def _floats(document: Any) -> bool:
    if isinstance(document, dict):
        return any(map(_floats, document.values()))
    if isinstance(document, list):
        return any(map(_floats, document))
    return isinstance(document, float)


def test_the_roll_is_that_of_the_report_of_roll_rates(http: httpx.Client) -> None:
    found = kpi(http, "roll", **SEPTEMBER, **{"from": "2005-09-01"})
    plain = http.get("/v1/reports/roll-rates", params={"from": "2005-08-31", "to": "2005-09-30"}).json()[
        "items"
    ]
    ours = {
        (one["row"], "M0" if one["cell"] == "CURED" else one["cell"]): one["numerator"]["count"]
        for one in found["items"]
        if one["measure"] == "accounts" and one["currency"] == "TWD"
    }
    assert ours == {
        (one["from"], one["to"]): one["accounts"] for one in plain if one["balance"]["currency"] == "TWD"
    }


def test_the_things_behind_a_figure_are_paged_and_sum_to_it(http: httpx.Client) -> None:
    found = of(kpi(http, "overdue", **SEPTEMBER), "accounts", row="PAR-30", currency="TWD")
    asked = SEPTEMBER | {"measure": "accounts", "row": "PAR-30", "currency": "TWD", "limit": "60"}
    items, cursor = [], None
    while True:
        page = http.get(
            "/v1/reports/kpi/overdue/things", params=asked | ({"cursor": cursor} if cursor else {})
        ).json()
        items += page["items"]
        cursor = page["page"]["next"]
        if cursor is None:
            break
    assert len(items) == found["counted"] == len({one["thing"] for one in items})
    assert sum(one["numerator"]["count"] for one in items) == found["numerator"]["count"]
    other = http.get("/v1/reports/kpi/overdue/things", params=asked | {"row": "PAR-0", "cursor": "AAAA"})
    assert refused(other) == (400, "bad-cursor")
    first = http.get("/v1/reports/kpi/overdue/things", params=asked).json()["page"]["next"]
    bound = http.get("/v1/reports/kpi/overdue/things", params=asked | {"row": "PAR-0", "cursor": first})
    assert refused(bound) == (400, "bad-cursor")


@pytest.mark.parametrize(
    ("name", "asked", "status", "code"),
    [
        ("roi", {}, 404, "kpi-unknown"),
        ("roll", {"by": "channel"}, 422, "breakdown-refused"),
        ("roll", {"by": "moon"}, 422, "invalid"),
        ("roll", {"from": "2005-10-01", "as_of": "2005-09-30"}, 422, "invalid"),
        ("roll", {"to": "2005-10-01", "as_of": "2005-09-30"}, 422, "invalid"),
        ("cure", {"within_days": "-1"}, 422, "invalid"),
        ("cure", {"history": "keep"}, 422, "invalid"),
        ("roll", {"known_at": "yesterday"}, 422, "invalid"),
    ],
)
def test_questions_that_mean_nothing_are_refused(
    http: httpx.Client, name: str, asked: dict[str, str], status: int, code: str
) -> None:
    for path in ("", "/things", "/restatement"):
        assert refused(http.get(f"/v1/reports/kpi/{name}{path}", params=asked)) == (status, code)


def test_a_return_restates_what_was_kept_and_the_events_are_named(http: httpx.Client) -> None:
    case = Acted(http).open()
    today = case.day(0)
    promise = case.done("/promises", amount=cny("400.00"), due_on=today)["id"]
    paid = case.done("/payments", amount=cny("400.00"), channel="CARD")["id"]
    before = kpi(http, "promise-kept", case.position, as_of=today)
    things = http.get(
        "/v1/reports/kpi/promise-kept/things", params={"as_of": today, "measure": "by_count"}
    ).json()
    assert [one["numerator"] for one in things["items"] if one["thing"] == promise] == [{"count": 1}]
    [last] = case.get("/timeline", limit="200")["items"][-1:]
    known = last["recorded_at"]
    case.done(f"/v1/payments/{paid}/reversals", reason="NO_FUNDS")
    after = kpi(http, "promise-kept", case.position, as_of=today)
    assert of(after, "by_count")["numerator"]["count"] == of(before, "by_count")["numerator"]["count"] - 1
    assert kpi(http, "promise-kept", as_of=today, known_at=known)["items"] == before["items"]
    asked = {"as_of": today, "known_at": known}
    found = http.get("/v1/reports/kpi/promise-kept/restatement", params=asked).json()
    mine = [one for one in found["changes"] if one["case"] == case.case_id and one["measure"] == "by_count"]
    assert [one["thing"] for one in mine] == [promise]
    assert "case.PaymentReturned" in {cause["type"] for cause in mine[0]["because"]}
    assert of(found, "by_count")["difference"].startswith("-")


def test_a_cost_is_booked_once_counted_and_taken_back(http: httpx.Client) -> None:
    case = Acted(http).open()
    today = case.day(0)
    sent = {
        "source": "COURT", "source_ref": f"fee-{case.case_id}", "kind": "LEGAL", "amount": cny("120.00"), "on": today,
        "case": case.case_id,
    }  # fmt: skip
    cost = case.done("/v1/costs", **sent)["id"]
    again = case.post("/v1/costs", **sent)
    assert (again.status_code, again.json()["id"], again.json()["events"]) == (200, cost, [])
    assert refused(case.post("/v1/costs", **(sent | {"amount": cny("121.00")}))) == (
        409,
        "duplicate-cost-ref",
    )
    costs = "/v1/reports/kpi/cost/things"
    reach = {"Min-Position": case.position or "", "Prefer": "wait=10"}
    found = http.get(
        costs, params={"as_of": today, "measure": "per_account", "limit": 200}, headers=reach
    ).json()
    assert [one["numerator"] for one in found["items"] if one["thing"] == cost] == [cny("120.00")]
    assert case.done(f"/v1/costs/{cost}/reversals", reason="WRONG")["events"] == ["CostReversed"]
    assert case.post(f"/v1/costs/{cost}/reversals", reason="WRONG").json()["events"] == []
    reach = {"Min-Position": case.position or "", "Prefer": "wait=10"}
    found = http.get(
        costs, params={"as_of": today, "measure": "per_account", "limit": 200}, headers=reach
    ).json()
    assert sorted(
        one["numerator"]["amount"] for one in found["items"] if one["thing"] == cost
    ) == ["-120.00", "120.00"]  # fmt: skip
    assert refused(case.post(f"/v1/costs/cost-{'0' * 8}-0000-8000-8000-{'0' * 12}/reversals", reason="X")) == (
        404, "cost-unknown",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "BRIBE"}, 422, "cost-terms-refused"),
        ({"team": "T1"}, 422, "cost-terms-refused"),
        ({"amount": {"amount": "-1", "currency": "CNY"}}, 422, "amount-not-positive"),
        ({"on": "2100-01-01"}, 422, "invalid"),
        ({"case": "case-00000000-0000-8000-8000-000000000000"}, 404, "case-unknown"),
        ({"canary": "4111"}, 422, "invalid"),
    ],
)
def test_costs_that_cannot_be_are_refused(
    http: httpx.Client, change: dict[str, Any], status: int, code: str
) -> None:
    case = Acted(http).open()
    sent = {
        "source": "COURT", "source_ref": "never", "kind": "LEGAL", "amount": cny("1.00"), "on": "2026-01-05",
        "case": case.case_id,
    }  # fmt: skip
    answer = case.post("/v1/costs", **(sent | change))
    assert refused(answer) == (status, code)
    assert "4111" not in answer.text


def test_a_target_has_versions_and_stands_by_working_days(server: Served, http: httpx.Client) -> None:
    case = Acted(http)
    sent = {"team": "TEAM_A", "month": "2026-03-01", "amount": cny("1000.00")}
    first = case.post("/v1/targets", **sent)
    assert (first.status_code, first.json()["events"]) == (201, ["TargetSet"])
    assert case.post("/v1/targets", **sent).json()["events"] == []
    second = case.post("/v1/targets", **(sent | {"amount": cny("1200.00")}))
    assert second.json()["version"] == 2
    reach = {"Min-Position": second.headers["Event-Position"], "Prefer": "wait=10"}
    asked = {"month": "2026-03-09", "as_of": "2026-03-16"}
    found = http.get("/v1/reports/targets", params=asked, headers=reach).json()
    assert (found["working_days"], found["working_days_over"], found["calendar_missing"]) == (22, 11, None)
    assert found["items"] == [
        {
            "team": "TEAM_A", "month": "2026-03", "revision": 1, "target": cny("1200.00"), "recovered": cny("0.00"),
            "reached": "0.000000", "expected": cny("600.00"), "ahead": cny("-600.00"),
        }
    ]  # fmt: skip
    assert http.get("/v1/reports/targets", params=asked | {"known_at": "2020-01-01"}).json()["items"] == []
    unknown = http.get("/v1/reports/targets", params={"month": "2027-01-01"}).json()
    assert (unknown["calendar_missing"], unknown["working_days"]) == (2027, None)
    assert refused(case.post("/v1/targets", **(sent | {"month": "2026-03-02"}))) == (422, "not-a-month")
    reader = server.token("case:read")
    assert refused(case.post("/v1/targets", token=reader, **sent)) == (403, "insufficient-scope")
