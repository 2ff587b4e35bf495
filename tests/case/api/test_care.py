"""Holds, disputes, hardship, contact attempts and legal referrals over HTTP; and how the timeline tells them."""

import httpx

from tests.case.api.acts import Acted, cny, refused


def test_a_hold_is_placed_and_released(http: httpx.Client) -> None:
    case = Acted(http).open()
    hold = case.done("/holds", kind="CEASE", reason="DEBTOR_ASKED")["id"]
    assert case.standing("holds", hold)["kind"] == "CEASE"
    overlaps = case.post("/holds", kind="CEASE", reason="DEBTOR_ASKED")
    assert refused(overlaps) == (409, "hold-overlaps")
    case.done(f"/v1/holds/{hold}/releases", reason="ENDED")
    assert case.get("/standing")["things"]["holds"] == {}
    assert refused(case.post(f"/v1/holds/{case.none('hld')}/releases", reason="ENDED")) == (
        404,
        "hold-unknown",
    )
    assert refused(case.post("/holds", kind="MOOD", reason="ENDED")) == (422, "hold-kind-unknown")


def test_a_dispute_holds_and_is_decided_once(http: httpx.Client) -> None:
    case = Acted(http).open()
    dispute = case.done("/disputes", scope="AMOUNT", amount=cny("80.00"))["id"]
    assert case.get("/standing")["keeps_open"]
    assert refused(case.post("/closures", match="now", reason="SOLD")) == (409, "case-held-open")
    case.done(f"/v1/disputes/{dispute}/resolutions", match="now", outcome="REJECTED")
    again = case.post(f"/v1/disputes/{dispute}/resolutions", match="now", outcome="REJECTED")
    assert refused(again) == (409, "dispute-already-decided")
    assert refused(case.post("/disputes", scope="WEATHER")) == (422, "dispute-scope-unknown")
    unknown = case.post(f"/v1/disputes/{case.none('dsp')}/resolutions", match="now", outcome="REJECTED")
    assert refused(unknown) == (404, "dispute-unknown")


def test_an_upheld_dispute_lowers_what_is_owed(http: httpx.Client) -> None:
    case = Acted(http).open("1000.00")
    [account] = case.get()["debts"]
    dispute = case.done("/disputes", scope="AMOUNT", amount=cny("80.00"))["id"]
    case.done(
        f"/v1/disputes/{dispute}/resolutions",
        match="now",
        outcome="PARTLY_UPHELD",
        account=account,
        adjustment={"principal": "80.00", "currency": "CNY"},
    )
    assert case.get("/balance")["owed"]["total"] == cny("920.00")


def test_hardship_pauses_at_once_and_is_granted(http: httpx.Client) -> None:
    case = Acted(http).open()
    claim = case.done("/hardship-claims", cause="ILLNESS")["id"]
    assert "HARDSHIP" in [hold["kind"] for hold in case.get("/standing")["things"]["holds"].values()]
    assert "cause" not in case.standing("reliefs", claim)
    terms = case.post(
        f"/v1/hardship-claims/{claim}/grants",
        match="now",
        until="2100-01-01",
        measures=["GRACE"],
        ageing="FREEZE",
    )
    assert refused(terms) == (422, "relief-terms-refused")
    case.done(
        f"/v1/hardship-claims/{claim}/grants",
        match="now",
        until=case.day(30),
        measures=["GRACE"],
        ageing="FREEZE",
    )
    assert case.standing("reliefs", claim)["status"] == "GRANTED"
    late = case.post(f"/v1/hardship-claims/{claim}/refusals", match="now", reason="NOT_SHOWN")
    assert refused(late) == (409, "relief-already-decided")
    case.done(f"/v1/hardship-claims/{claim}/ends", reason="DEBTOR_ASKED")
    assert refused(case.post("/hardship-claims", cause="MOOD")) == (422, "relief-terms-refused")


def test_a_claim_is_declined(http: httpx.Client) -> None:
    case = Acted(http).open()
    claim = case.done("/hardship-claims", cause="ILLNESS")["id"]
    case.done(f"/v1/hardship-claims/{claim}/refusals", match="now", reason="NOT_SHOWN")
    assert case.standing("reliefs", claim)["status"] == "DECLINED"
    unknown = case.post(f"/v1/hardship-claims/{case.none('rlf')}/refusals", match="now", reason="NOT_SHOWN")
    assert refused(unknown) == (404, "relief-unknown")


def test_an_attempt_under_a_hold_is_recorded_with_its_breach(http: httpx.Client) -> None:
    case = Acted(http).open()
    sent = {
        "attempt_ref": "dialer-7/4711",
        "channel": "VOICE",
        "outcome": "NO_ANSWER",
        "actor_kind": "COLLECTOR",
    }
    case.done("/holds", kind="CEASE", reason="DEBTOR_ASKED", on="2026-02-01")
    case.done("/contact-attempts", at="2026-02-03T10:00:00+08:00", **sent)
    again = case.post("/contact-attempts", at="2026-02-03T10:00:00+08:00", **sent)
    assert (again.status_code, again.json()["events"]) == (200, [])
    entry = case.get("/timeline")["items"][-1]
    assert entry["facts"]["breach"] == ["CEASE"]
    assert "CEASE" in entry["text"]
    ahead = case.post("/contact-attempts", at="2199-02-03T10:00:00+08:00", **sent)
    assert refused(ahead) == (422, "invalid")
    naive = case.post("/contact-attempts", at="2026-02-03T10:00:00", **sent)
    assert refused(naive) == (422, "invalid")


def test_a_case_goes_to_legal_and_comes_back(http: httpx.Client) -> None:
    case = Acted(http).open()
    referral = case.done("/legal-referrals", match="now", reason="NO_OTHER_WAY")["id"]
    assert case.get("/standing")["mode"] == "LEGAL"
    twice = case.post("/legal-referrals", match="now", reason="NO_OTHER_WAY")
    assert refused(twice) == (409, "mode-not-free")
    case.done(f"/v1/legal-referrals/{referral}/ends", outcome="JUDGMENT")
    assert case.get("/standing")["mode"] == "INTERNAL"
    unknown = case.post(f"/v1/legal-referrals/{case.none('ref')}/ends", outcome="JUDGMENT")
    assert refused(unknown) == (404, "referral-unknown")
    case.done("/hardship-claims", cause="ILLNESS")
    held = case.post("/legal-referrals", match="now", reason="NO_OTHER_WAY")
    assert refused(held) == (409, "hold-forbids-handover")


def test_the_timeline_tells_it_in_two_languages_and_names_no_one(http: httpx.Client) -> None:
    case = Acted(http).open()
    claim = case.done("/hardship-claims", cause="BEREAVEMENT")["id"]
    answer = case.post(f"/v1/hardship-claims/{claim}/refusals", match="now", reason="NOT_SHOWN")
    reach = {"Min-Position": answer.headers["Event-Position"], "Prefer": "wait=10"}
    path = f"/v1/cases/{case.case_id}/timeline"
    english = http.get(path, headers=reach)
    chinese = http.get(path, headers={"Accept-Language": "zh-CN", **reach})
    assert "Hardship claimed" in [item["title"] for item in english.json()["items"]]
    assert "申报困难" in [item["title"] for item in chinese.json()["items"]]
    assert all(item["text"] for item in english.json()["items"] + chinese.json()["items"])
    assert "BEREAVEMENT" not in english.text
    assert not any("by" in item["facts"] for item in english.json()["items"])


def test_a_complaint_can_name_its_case(http: httpx.Client) -> None:
    case = Acted(http).open()
    sent = {"case": case.case_id, "kind": "CONDUCT", "attempts": ["cat_1"]}
    made = case.done("/v1/complaints", key=f"complaint-{case.case_id}", **sent)["id"]
    again = case.post("/v1/complaints", key=f"complaint-{case.case_id}", **sent)
    assert (again.headers["Idempotent-Replayed"], again.json()["id"]) == ("true", made)
    assert case.standing("complaints", made)["kind"] == "CONDUCT"
    nobody = case.post("/v1/complaints", **{**sent, "case": "case-00000000-0000-8000-8000-000000000000"})
    assert refused(nobody) == (404, "not-found")
    assert refused(case.post("/v1/complaints", **{**sent, "case": "D-1"})) == (422, "invalid")
