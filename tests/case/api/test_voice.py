"""What the debtor says, and what is said of the debtor: complaints, disputes that go on, circumstances, death."""

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused


def kinds(case: Acted) -> set[str]:
    """The kinds of hold in force."""
    return {hold["kind"] for hold in case.get("/standing")["things"]["holds"].values()}


def test_a_complaint_is_answered_once(http: httpx.Client) -> None:
    case = Acted(http).open()
    complaint = case.done("/complaints", kind="CONDUCT", attempts=["DIALER-1"])["id"]
    assert "COMPLAINT" in kinds(case)
    path = f"/v1/complaints/{complaint}/answers"
    assert refused(case.post(path, finding="BREACH")) == (428, "precondition-required")
    odd = case.post(path, match="now", finding="MAYBE")
    assert refused(odd) == (422, "complaint-terms-refused")
    foreign = case.post(path, match="now", finding="BREACH", redress={"amount": "5.00", "currency": "USD"})
    assert foreign.json()["errors"] == [{"pointer": "/redress/currency", "code": "NOT_OF_THE_CASE"}]
    case.done(path, match="now", finding="BREACH", redress=cny("5.00"))
    assert case.standing("complaints", complaint)["finding"] == "BREACH"
    again = case.post(path, match="now", finding="NO_BREACH")
    assert refused(again) == (409, "complaint-already-answered")
    case.done(f"/v1/complaints/{complaint}/escalations", to="OMBUDSMAN")
    assert case.standing("complaints", complaint)["status"] == "ESCALATED"
    unknown = case.post(f"/v1/complaints/{case.none('cmp')}/escalations", to="OMBUDSMAN")
    assert refused(unknown) == (404, "complaint-unknown")
    assert refused(case.post("/complaints", kind="WEATHER")) == (422, "complaint-terms-refused")


def test_a_dispute_is_acknowledged_decided_and_opened_again(http: httpx.Client) -> None:
    case = Acted(http).open()
    first = case.done("/disputes", scope="AMOUNT", amount=cny("80.00"))["id"]
    told = case.done(f"/v1/disputes/{first}/acknowledgements")
    assert told["events"] == ["DisputeAcknowledged"]
    early = case.post(f"/v1/disputes/{first}/reopenings", match="now", material="DOC-9")
    assert refused(early) == (409, "dispute-still-open")
    case.done(f"/v1/disputes/{first}/resolutions", match="now", outcome="REJECTED")
    assert "DISPUTE" not in kinds(case)
    second = case.done(f"/v1/disputes/{first}/reopenings", match="now", material="DOC-9")["id"]
    assert second != first
    assert "DISPUTE" in kinds(case)
    assert case.standing("disputes", second)["previous"] == first
    path = f"/v1/disputes/{second}/resolutions"
    usd = {"principal": "80.00", "currency": "USD"}
    odd = case.post(path, match="now", outcome="UPHELD", adjustment=usd)
    assert odd.json()["errors"] == [{"pointer": "/adjustment/currency", "code": "NOT_OF_THE_CASE"}]
    other = case.post(
        path, match="now", outcome="UPHELD", account="account-none", adjustment=usd | {"currency": "CNY"}
    )
    assert refused(other) == (409, "debt-not-in-case")
    case.done(path, match="now", outcome="UPHELD", adjustment=usd | {"currency": "CNY"})
    assert case.get("/balance")["owed"]["total"] == cny("920.00")
    assert case.standing("disputes", first)["status"] == "REJECTED"
    unknown = case.post(f"/v1/disputes/{case.none('dsp')}/acknowledgements")
    assert refused(unknown) == (404, "dispute-unknown")
    foreign = case.post("/disputes", scope="AMOUNT", amount={"amount": "5.00", "currency": "USD"})
    assert foreign.json()["errors"] == [{"pointer": "/amount/currency", "code": "NOT_OF_THE_CASE"}]


def test_a_duplicate_names_the_dispute_it_repeats(http: httpx.Client) -> None:
    case = Acted(http).open()
    first = case.done("/disputes", scope="DEBT")["id"]
    case.done(f"/v1/disputes/{first}/resolutions", match="now", outcome="REJECTED")
    second = case.done("/disputes", scope="DEBT")["id"]
    path = f"/v1/disputes/{second}/resolutions"
    nothing = case.post(path, match="now", outcome="DUPLICATE", first=case.none("dsp"))
    assert refused(nothing) == (422, "dispute-outcome-refused")
    case.done(path, match="now", outcome="DUPLICATE", first=first)
    assert case.standing("disputes", second)["status"] == "DUPLICATE"


def test_circumstances_are_codes_and_never_shown_in_lists(http: httpx.Client) -> None:
    case = Acted(http).open()
    answer = case.post("/circumstances", topic="REASON", value="LOST_JOB", source="CALL")
    assert answer.status_code == 201, answer.text
    assert refused(case.post("/circumstances", topic="HEALTH", value="FLU", source="CALL")) == (
        422,
        "topic-unknown",
    )
    text = case.post("/circumstances", topic="REASON", value="He lost his job", source="CALL")
    assert refused(text) == (422, "invalid")
    reach = {"Min-Position": answer.headers["Event-Position"], "Prefer": "wait=10"}
    timeline = http.get(f"/v1/cases/{case.case_id}/timeline", headers=reach)
    assert "LOST_JOB" not in timeline.text


@pytest.mark.parametrize(
    ("path", "sent", "kind"),
    [
        ("/deaths", {"confirmed": False}, "DECEASED"),
        ("/deaths", {"confirmed": True}, "DECEASED"),
        ("/incapacities", {}, "INCAPABLE"),
    ],
)
def test_a_report_stops_collecting_until_it_is_taken_back(
    http: httpx.Client, path: str, sent: dict[str, bool], kind: str
) -> None:
    case = Acted(http).open()
    report = case.done(path, **sent)["id"]
    assert kind in kinds(case)
    back = f"/v1{path}/{report}/retractions"
    assert refused(case.post(back, reason="WRONG_PERSON")) == (428, "precondition-required")
    case.done(back, match="now", reason="WRONG_PERSON")
    assert kind not in kinds(case)
    nobody = case.none(report[:3])
    unknown = case.post(f"/v1{path}/{nobody}/retractions", match="now", reason="WRONG_PERSON")
    assert refused(unknown) == (404, "report-unknown")


def test_an_attempt_has_one_reference(http: httpx.Client) -> None:
    case = Acted(http).open()
    sent = {
        "attempt_ref": "DIALER-42",
        "at": "2026-02-03T10:00:00+08:00",
        "channel": "VOICE",
        "actor_kind": "COLLECTOR",
    }
    assert case.done("/contact-attempts", outcome="NO_ANSWER", **sent)["id"] == "DIALER-42"
    assert case.post("/contact-attempts", outcome="NO_ANSWER", **sent).status_code == 200
    other = case.post("/contact-attempts", outcome="ANSWERED", **sent)
    assert refused(other) == (409, "attempt-ref-taken")


def test_a_case_goes_to_an_agency_and_comes_back(http: httpx.Client) -> None:
    case = Acted(http).open()
    sent = {"agency": "AGENCY-9", "until": case.day(90), "evaluated_on": case.day(-100)}
    old = case.post("/placements", match="now", **(sent | {"evaluated_on": case.day(-400)}))
    assert refused(old) == (422, "agency-not-evaluated")
    backwards = case.post("/placements", match="now", **(sent | {"until": case.day(-1)}))
    assert refused(backwards) == (422, "empty-period")
    placed = case.done("/placements", match="now", **sent)["id"]
    assert case.get("/standing")["mode"] == "AGENCY"
    assert refused(case.post("/placements", match="now", **sent)) == (409, "mode-not-free")
    early = case.post(f"/v1/placements/{placed}/confirmations")
    assert refused(early) == (404, "placement-unknown")
    case.done(f"/v1/placements/{placed}/recalls", reason="DISPUTE")
    assert case.get("/standing")["mode"] == "INTERNAL"
    case.done(f"/v1/placements/{placed}/confirmations")
    assert case.standing("placements", placed)["status"] == "CONFIRMED"
    case.done("/hardship-claims", cause="ILLNESS")
    held = case.post("/placements", match="now", **sent)
    assert refused(held) == (409, "hold-forbids-handover")
