"""Probes, meters and logs: what machines ask, and that nothing in them names a person or a case."""

import httpx


def test_alive_and_ready(http: httpx.Client) -> None:
    assert http.get("/livez").json() == {"status": "ok"}
    assert http.get("/readyz").json() == {"status": "ok"}


def test_head_is_answered_like_get_without_a_body(http: httpx.Client) -> None:
    for path in ("/livez", "/readyz", "/v1/cases"):
        asked, got = http.head(path), http.get(path)
        assert (asked.status_code, asked.content) == (200, b"")
        assert asked.headers["Content-Length"] == got.headers["Content-Length"]
    assert http.head("/v1/cases/case-nobody").status_code == 404
    assert 'method="HEAD",route="/livez",status="200"' in http.get("/metrics").text


def test_the_index_leads_to_what_is_served(http: httpx.Client) -> None:
    for path in http.get("/").json()["links"].values():
        assert http.get(path).status_code == 200, path


def test_meters_tell_head_lag_parked_and_requests_and_no_names(http: httpx.Client) -> None:
    case = http.get("/v1/cases", params={"limit": 1}).json()["items"][0]
    http.get(f"/v1/cases/{case['id']}")
    said = http.get("/metrics")
    assert said.headers["Content-Type"].startswith("text/plain")
    for meter in (
        'quittance_ledger_head{lane="1",service="case"} ',
        'quittance_view_lag_events{lane="1",view="case.queue"} 0',
        'quittance_view_parked_streams{view="case.queue"} 0',
        'quittance_http_requests_total{method="GET",route="/v1/cases/{case_id}",status="200"}',
    ):
        assert meter in said.text
    assert "TWC-" not in said.text
    assert case["id"] not in said.text
