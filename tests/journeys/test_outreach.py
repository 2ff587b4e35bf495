"""Outreach in both shapes: an early reminder to its cure; a broken promise to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.kit.shapes import MORNING, Platform, in_both_shapes, platform
from tests.kit.sms_gateway import RunningGateway, sms_gateway

FIRST = date.fromisoformat(MORNING[:10])
PHONE = "+8613912345678"


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


@contextmanager
def with_gateway(shape: str, folder: Path) -> Iterator[tuple[Platform, RunningGateway]]:
    """The platform, sending through a gateway on the same clock."""
    with sms_gateway(clock=folder / "clock.json") as gateway:
        lender = {"QUITTANCE_INSTITUTION": "示例银行", "QUITTANCE_HOTLINE": "021-95588"}
        sms = {
            "QUITTANCE_SMS_URL": gateway.address, "QUITTANCE_SMS_SECRET": gateway.secret,
            "QUITTANCE_SMS_SENDER": "10690001",
        }  # fmt: skip
        with platform(shape, folder, **lender, **sms) as it:
            yield it, gateway


def opened(it: Platform, ref: str) -> tuple[str, str]:
    """A case in M1 about an account by which the debtor is known, and a number; the case and its outreach."""
    opening = {"debtor_ref": ref, "account_ref": ref, "days_past_due": 5, "arrears": cny("1234.50")}
    case = str(it.post(it.case, "/v1/cases", opening)["id"])
    subject = it.subject_of(case)
    it.post(
        it.contact,
        f"/v1/subjects/{subject}/contact-points",
        {"address": {"medium": "phone", "value": PHONE}},
    )
    return case, f"outreach-{case.partition('-')[2]}"


def sheet(it: Platform, outreach: str) -> Any:
    answer = it.contact.get(f"/v1/outreach/{outreach}")
    return answer.json() if answer.status_code == 200 else {"state": None, "steps": [], "because": []}


def stands(it: Platform, outreach: str, state: str) -> Any:
    """The outreach once it is on record that it stands so."""

    def listed() -> Any:
        rows = it.contact.get("/v1/outreach", params={"state": state}).json()["items"]
        return next((row for row in rows if row["id"] == outreach), None)

    return it.until(listed)


def steps(it: Platform, outreach: str) -> dict[str, tuple[str, str | None]]:
    return {one["step"]: (one["status"], one["reason"]) for one in sheet(it, outreach)["steps"]}


@in_both_shapes
def test_an_early_reminder_leads_to_a_cure_and_nothing_more_is_sent(shape: str, tmp_path: Path) -> None:
    with with_gateway(shape, tmp_path) as (it, gateway):
        case, outreach = opened(it, "JOURNEY0059")
        it.advance("15m")  # whatever the first look missed, the second has
        [sent] = it.until(gateway.messages)
        assert sent["to"] == PHONE
        for part in ("示例银行", "0059", "1,234.50", "021-95588"):
            assert part in sent["text"]
        it.until(lambda: steps(it, outreach).get("soft-reminder", ("", None))[0] == "TAKEN")
        [attempted] = it.until(lambda: it.on_case(case, "ContactAttempted"))
        assert attempted["channel"].lower() == "sms"

        it.advance("1d")
        it.post(it.case, f"/v1/cases/{case}/payments", {"amount": cny("1234.50"), "channel": "BANK_TRANSFER"})
        it.until(lambda: it.on_case(case, "CaseClosed"))
        ended = stands(it, outreach, "ENDED")
        assert ended["because"] == ["CURED"]
        for _ in range(2):
            it.advance("6d")
            it.until(lambda: it.contact.get("/v1/outreach").status_code == 200)
        assert len(gateway.messages()) == 1
        assert [one for one in sheet(it, outreach)["steps"] if one["status"] == "PLANNED"] == []


@in_both_shapes
def test_a_broken_promise_resumes_what_it_softened_and_a_plan_pauses_it(shape: str, tmp_path: Path) -> None:
    with with_gateway(shape, tmp_path) as (it, gateway):
        case, outreach = opened(it, "JOURNEY0060")
        it.advance("15m")
        it.until(gateway.messages)
        due = FIRST + timedelta(days=3)
        promise = {"amount": cny("500.00"), "due_on": due.isoformat()}
        it.post(it.case, f"/v1/cases/{case}/promises", promise)
        softened = stands(it, outreach, "SOFTENED")
        assert softened["because"][0].startswith("prm_")
        it.advance("2d")  # the day before it falls due
        reminded = it.until(lambda: found if len(found := gateway.messages()) == 2 else None)
        assert "500.00" in reminded[1]["text"]

        it.advance("6d")  # past the working days of grace
        it.until(lambda: it.on_case(case, "PromiseBroken"))
        stands(it, outreach, "RUNNING")
        ask = {"total": cny("1234.50"), "count": 3, "first_due": (FIRST + timedelta(days=20)).isoformat()}
        quote = it.post(it.case, f"/v1/cases/{case}/plan-quotes", ask)["id"]
        offered = {"quote_id": quote, "affordability": "AFF-1"}
        plan = it.post(it.case, f"/v1/cases/{case}/plans", offered)["id"]
        version = it.case.get(f"/v1/cases/{case}").headers["ETag"]
        agreed = it.case.post(
            f"/v1/plans/{plan}/acceptances",
            json={"supplement": "DOC-1"},
            headers={"Idempotency-Key": "accept", "If-Match": version},
        )
        assert agreed.status_code in (200, 201), agreed.text
        paused = stands(it, outreach, "PAUSED")
        assert "PLAN" in paused["because"]
        it.advance("10d")
        it.until(lambda: steps(it, outreach).get("first-call", ("", None))[0] == "SKIPPED")
        assert steps(it, outreach)["first-call"][1] in ("PLAN", "HAS_PROMISED")
        assert len(gateway.messages()) == 2
