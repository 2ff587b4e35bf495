"""Returns over HTTP: taken in once, put on their payment in either order, listed, matched by hand."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused
from tests.case.api.conftest import http as http
from tests.case.api.conftest import server as server

_NUMBERS = count(1)


class Bank:
    """A source that reports payments and returns."""

    def __init__(self, http: httpx.Client) -> None:
        self.http, self.number = http, next(_NUMBERS)

    def post(self, path: str, *, prefer: str = "", **sent: Any) -> httpx.Response:
        """Send a command."""
        headers = {"Idempotency-Key": f"bank-{self.number}-{next(_NUMBERS)}"} | (
            {"Prefer": prefer} if prefer else {}
        )
        return self.http.post(f"/v1{path}", json=sent, headers=headers)

    def done(self, path: str, **sent: Any) -> Any:
        """A command that must be carried out; its answer."""
        answer = self.post(path, **sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def paid(self, **sent: Any) -> Any:
        """A payment of 300 came."""
        said = {
            "source": "BANK",
            "source_ref": f"P-{self.number}",
            "amount": cny("300.00"),
            "channel": "CARD",
        }
        return self.done("/payments", **(said | {"value_on": "2026-03-10"} | sent))

    def back(self, **sent: Any) -> Any:
        """It went back."""
        return self.done("/payment-returns", **self.returned(**sent))

    def returned(self, **sent: Any) -> dict[str, Any]:
        """What is said of a return."""
        said = {
            "source": "BANK", "source_ref": f"R-{self.number}", "original_ref": f"P-{self.number}", "reason": "AM04",
            "amount": cny("300.00"), "value_on": "2026-03-12",
        }  # fmt: skip
        return said | sent

    def sheet(self, name: str) -> Any:
        """What is told of a return."""
        return self.http.get(f"/v1/payment-returns/{name}").json()


@pytest.fixture
def bank(http: httpx.Client) -> Bank:
    """A bank."""
    return Bank(http)


def test_a_return_takes_its_payment_off_the_case(http: httpx.Client, bank: Bank) -> None:
    debtor = f"DR-{bank.number}"
    case = Acted(http).open(debtor_ref=debtor, account_ref=f"A-{debtor}", on="2026-03-02")
    payment = bank.paid(debtor_ref=debtor)
    assert case.get("/balance")["owed"]["total"] == cny("700.00")
    back = bank.back()
    assert (back["status"], back["payment"]) == ("matched", payment["id"])
    assert back["events"][:2] == ["ReturnEntered", "ReturnMatched"]
    assert case.get("/balance")["owed"]["total"] == cny("1000.00")
    assert case.get("/balance", as_of="2026-03-11")["owed"]["total"] == cny("700.00")
    sheet = bank.sheet(back["id"])
    assert (sheet["code"], sheet["source_ref"], sheet["reason"]) == ("AM04", f"R-{bank.number}", None)
    again = bank.post("/payment-returns", **bank.returned())
    assert (again.status_code, again.json()["events"], again.json()["id"]) == (200, [], back["id"])
    other = bank.post("/payment-returns", **bank.returned(amount=cny("299.00")))
    assert refused(other) == (409, "duplicate-source-ref")
    answer = bank.post(f"/payment-returns/{back['id']}/matches")
    assert refused(answer) == (409, "return-already-matched")


def test_a_return_before_its_payment_waits_for_it(http: httpx.Client, bank: Bank) -> None:
    back = bank.back()
    assert (back["status"], back["reason"]) == ("waiting", "UNKNOWN_ORIGINAL")
    answer = bank.post(f"/payment-returns/{back['id']}/matches")
    assert refused(answer) == (409, "original-not-found")
    payment = bank.paid()
    sheet = bank.sheet(back["id"])
    assert (sheet["status"], sheet["payment"]) == ("matched", payment["id"])
    assert http.get(f"/v1/payments/{payment['id']}").json()["status"] == "returned"


def test_a_person_names_the_payment(http: httpx.Client, bank: Bank) -> None:
    payment, back = bank.paid(), bank.back(original_ref=None)
    path = f"/payment-returns/{back['id']}/matches"
    assert bank.post(path, prefer="dry-run", payment=payment["id"]).status_code == 200
    assert bank.sheet(back["id"])["status"] == "waiting"
    nothing = bank.post(path, payment=f"payment-{'0' * 8}-0000-8000-8000-{'0' * 12}")
    assert nothing.json()["errors"] == [{"pointer": "/payment", "code": "UNKNOWN"}]
    assert bank.done(path, payment=payment["id"])["payment"] == payment["id"]
    assert [one["facts"].get("by") for one in bank.sheet(back["id"])["history"]] == [None, None, "PERSON"]
    too_large = Bank(http)
    small, large = too_large.paid(amount=cny("1.00")), too_large.back(original_ref=None)
    refusal = too_large.post(f"/payment-returns/{large['id']}/matches", payment=small["id"])
    assert refused(refusal) == (409, "return-too-large")


def test_the_list_says_which_wait(http: httpx.Client, bank: Bank) -> None:
    waits = bank.back(original_ref=None, end_to_end="E-1")
    payment = Bank(http).paid()
    head = http.get("/v1/feeds").json()["items"][0]["head"]
    ready = {"Min-Position": head, "Prefer": "wait=10"}

    def listed(**asked: str) -> dict[str, Any]:
        answer = http.get("/v1/payment-returns", params=asked | {"limit": "200"}, headers=ready)
        assert answer.status_code == 200, answer.text
        return {one["id"]: one for one in answer.json()["items"]}

    assert listed(status="waiting")[waits["id"]]["end_to_end"] == "E-1"
    assert waits["id"] not in listed(status="matched")
    assert listed(payment=payment["id"]) == {}
    assert http.get("/v1/payment-returns", params={"status": "lost"}).status_code == 422
    page = http.get("/v1/payment-returns", params={"limit": "1"}).json()
    assert len(page["items"]) == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"value_on": "2100-01-01"}, 422),
        ({"amount": cny("0.00")}, 422),
        ({"amount": cny("-1.00")}, 422),
        ({"reason": "insufficient funds"}, 422),
        ({"payer": "nobody"}, 422),
    ],
)
def test_what_is_refused(bank: Bank, sent: dict[str, Any], status: int) -> None:
    assert bank.post("/payment-returns", **bank.returned(**sent)).status_code == status


def test_nothing_is_found_under_another_id(http: httpx.Client, bank: Bank) -> None:
    payment = bank.paid()
    for name in (payment["id"], "return-1", f"return-{'0' * 8}-0000-8000-8000-{'0' * 12}"):
        assert http.get(f"/v1/payment-returns/{name}").status_code == 404
        assert bank.post(f"/payment-returns/{name}/matches").status_code == 404
