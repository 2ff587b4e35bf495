"""Grace and the extension of a relief over HTTP; the rest of what falls due comes with the days."""

import httpx

from tests.case.api.acts import Acted, refused

WILLING = {"topic": "WILLINGNESS", "value": "WILLING", "source": "CALL"}


def test_grace_is_given_once_to_a_willing_debtor_in_m1(http: httpx.Client) -> None:
    case = Acted(http).open(days=3)
    asked = {"kind": "GRACE", "until": case.day(3), "reason": "GOOD_WILL"}
    unknown = case.post("/holds", **asked)
    assert refused(unknown) == (409, "grace-refused")
    case.done("/circumstances", **WILLING)
    assert refused(case.post("/holds", **(asked | {"until": case.day(4)}))) == (409, "grace-refused")
    assert case.done("/holds", **asked)["events"] == ["HoldPlaced"]
    assert refused(case.post("/holds", **asked)) == (409, "grace-refused")
    late = Acted(http).open(days=40)
    late.done("/circumstances", **WILLING)
    assert refused(late.post("/holds", **asked)) == (409, "grace-refused")


def test_a_relief_that_runs_gets_a_later_end(http: httpx.Client) -> None:
    case = Acted(http).open(days=40)
    claim = case.done("/hardship-claims", cause="ILLNESS")["id"]
    longer = f"/v1/hardship-claims/{claim}/extensions"
    early = case.post(longer, match="now", until=case.day(90))
    assert refused(early) == (409, "relief-already-decided")
    granted = {"until": case.day(60), "measures": ["GRACE"], "ageing": "FREEZE"}
    case.done(f"/v1/hardship-claims/{claim}/grants", match="now", **granted)
    assert refused(case.post(longer, until=case.day(90))) == (428, "precondition-required")
    assert refused(case.post(longer, match="now", until=case.day(50))) == (422, "relief-terms-refused")
    extended = case.done(longer, match="now", until=case.day(90))
    assert extended["events"] == ["ReliefExtended"]
    assert case.standing("reliefs", claim)["until"] == case.day(90)
    unknown = case.post(f"/v1/hardship-claims/{case.none('rlf')}/extensions", match="now", until=case.day(90))
    assert refused(unknown) == (404, "relief-unknown")
