"""Reports over HTTP: plain counting over the sample, and both clocks."""

from typing import Any

import httpx

from tests.case.api.acts import Acted
from tests.journeys import plain_counting as plain
from tests.kit.importing import SAMPLE

LAST, BEFORE = "2005-09-30", "2005-08-31"


def shown(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Rows of an answer as the command line gives them, of the sample's currency."""
    flat = [
        {**{n: row[n] for n in names}, "accounts": row["accounts"], "balance": row["balance"]["amount"],
         "currency": row["balance"]["currency"]}
        for row in rows
    ]  # fmt: skip
    return [row for row in flat if row["currency"] == "TWD"]


def test_buckets_and_roll_rates_are_those_of_plain_counting(http: httpx.Client) -> None:
    found = http.get("/v1/reports/buckets", params={"as_of": LAST}).json()
    assert (found["as_of"], found["known_at"]) == (LAST, None)
    assert shown(found["items"], "bucket") == plain.buckets(SAMPLE, LAST)
    rolls = http.get("/v1/reports/roll-rates", params={"from": BEFORE, "to": LAST}).json()
    assert shown(rolls["items"], "from", "to") == plain.roll_rates(SAMPLE, BEFORE, LAST)
    assert http.get("/v1/reports/roll-rates", params={"to": LAST}).json() == rolls, "the month end before"


def test_what_nobody_knew_yet_is_in_no_report(http: httpx.Client) -> None:
    for report in ("buckets", "roll-rates", "money"):
        found = http.get(f"/v1/reports/{report}", params={"known_at": "2005-12-31"})
        assert (found.status_code, found.json()["items"]) == (200, [])
        assert found.headers["Projection-Position"]


def test_sums_of_a_case_are_those_of_its_balance(http: httpx.Client) -> None:
    case = Acted(http).open()
    paid = case.done("/payments", amount={"amount": "400.00", "currency": "CNY"}, channel="BANK_TRANSFER")
    back = case.post(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS")
    assert back.status_code == 201, back.text
    reach = {"Min-Position": back.headers["Event-Position"], "Prefer": "wait=10"}
    asked = {"case": case.case_id}
    [sums] = http.get("/v1/reports/money", params=asked, headers=reach).json()["items"]
    balance = case.get("/balance")
    for name in ("received", "returned", "refunded"):
        assert sums[name] == balance[name], name
    assert (sums["cleared"]["amount"], sums["arrears"]["amount"], sums["cases"]) == ("0.00", "1000.00", 1)
    whole = http.get("/v1/reports/money").json()["items"]
    assert {"CNY", "TWD"} <= {row["currency"] for row in whole}


def test_days_the_wrong_way_round_are_refused(http: httpx.Client) -> None:
    said = http.get("/v1/reports/roll-rates", params={"from": LAST, "to": BEFORE})
    assert (said.status_code, said.json()["code"]) == (422, "invalid")
