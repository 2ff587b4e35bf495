"""Every refusal over HTTP: one shape, two languages, no submitted value, and a page that explains it."""

import httpx
import pytest

from shared.http.problems import CATALOGUE

CANARY = "canary-4711-金丝雀"
UUID = "case-00000000-0000-8000-8000-000000000000"
WRONG = [
    ("GET", f"/{CANARY}", 404, "not-found"),
    ("GET", f"/v1/cases/{CANARY}", 404, "not-found"),
    ("GET", f"/v1/cases/case-{CANARY}", 404, "not-found"),
    ("GET", f"/v1/cases/{UUID}", 404, "not-found"),
    ("GET", f"/v1/cases/{UUID}/timeline", 404, "not-found"),
    ("GET", f"/v1/cases/TWC-000059/timeline?cursor={CANARY}", 400, "bad-cursor"),
    ("GET", f"/problems/{CANARY}", 404, "not-found"),
    ("GET", "/v1/cases/", 404, "not-found"),
    ("GET", f"/v1/cases?{CANARY}=1", 422, "invalid"),
    ("GET", f"/livez?{CANARY}=1", 422, "invalid"),
    ("GET", f"/v1/cases?limit={CANARY}", 422, "invalid"),
    ("GET", "/v1/cases?limit=0", 422, "invalid"),
    ("GET", "/v1/cases?limit=1&limit=2", 422, "invalid"),
    ("GET", f"/v1/cases?stage={CANARY}", 422, "invalid"),
    ("GET", f"/v1/cases?status={CANARY}", 422, "invalid"),
    ("GET", f"/v1/cases?queue={CANARY}", 422, "invalid"),
    ("GET", "/v1/cases?queue=M1&stage=M1", 422, "invalid"),
    ("GET", f"/v1/cases/{UUID}?as_of={CANARY}", 422, "invalid"),
    ("GET", f"/v1/cases/{UUID}?known_at=2005-13-01", 422, "invalid"),
    ("GET", f"/v1/cases/{UUID}?known_at=2005-W39-5", 422, "invalid"),
    ("GET", f"/v1/cases?cursor={CANARY}", 400, "bad-cursor"),
    ("GET", f"/v1/feeds/case/events?after={CANARY}", 400, "bad-cursor"),
    ("GET", "/v1/feeds/case/events?after=1.2", 400, "bad-cursor"),
    ("GET", "/v1/feeds/case/events?after=999999999", 400, "bad-cursor"),
    ("GET", f"/v1/feeds/case/events?limit={CANARY}", 422, "invalid"),
    ("GET", "/v1/feeds/case/events?wait=-1", 422, "invalid"),
    ("GET", "/v1/feeds/case/events?shard=7", 422, "invalid"),
    ("GET", "/v1/feeds/case/events?types=,", 422, "invalid"),
    ("GET", f"/v1/feeds/{CANARY}/events", 404, "not-found"),
    ("PUT", "/v1/cases", 405, "method-not-allowed"),
    ("DELETE", f"/v1/cases/{UUID}", 405, "method-not-allowed"),
    ("PUT", "/v1/feeds/case/events", 405, "method-not-allowed"),
]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"), WRONG, ids=[f"{m} {p}" for m, p, _, _ in WRONG]
)
def test_a_refusal_is_a_problem_in_both_languages_without_the_value(
    http: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    kind = CATALOGUE[code]
    for language, title in (("en", kind.title_en), ("zh-CN", kind.title_zh)):
        said = http.request(method, path, headers={"Accept-Language": language, "X-Canary": "canary-4711"})
        assert said.status_code == status, said.text
        assert said.headers["Content-Type"] == "application/problem+json"
        assert said.headers["Content-Language"] == language
        body = said.json()
        assert (body["code"], body["type"], body["status"]) == (code, f"/problems/{code}", status)
        assert body["title"] == title
        assert body["request_id"] == said.headers["Request-Id"]
        shown = said.text + str(said.headers)
        assert CANARY not in shown
        assert "canary" not in shown


def test_a_refused_method_lists_the_ones_there_are(http: httpx.Client) -> None:
    assert http.post("/v1/feeds").headers["Allow"] == "GET"


def test_an_unknown_parameter_is_answered_with_the_known_ones(http: httpx.Client) -> None:
    said = http.get("/v1/cases", params={"bucket": "M1"}).json()
    assert said["errors"] == [{"parameter": "query", "code": "UNKNOWN_PARAMETER"}]
    named = ["assignee", "cursor", "dpd_from", "dpd_until", "limit", "mode", "queue", "stage", "status"]
    assert said["context"]["allowed"] == named


@pytest.mark.parametrize("code", [*CATALOGUE, "statement-conflict", "case-unknown"])
def test_every_problem_has_a_page(http: httpx.Client, code: str) -> None:
    page = http.get(f"/problems/{code}")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert 'lang="zh-CN"' in page.text


def test_the_document_names_the_problems_and_is_of_version_3_1(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    listed = document["paths"]["/v1/cases"]["get"]["responses"]
    assert {"200", "400", "422"} <= set(listed)
    assert "application/problem+json" in listed["422"]["content"]
    assert "HTTPValidationError" not in str(document)


def test_no_id_is_taken_from_the_caller(http: httpx.Client) -> None:
    said = http.get("/livez", headers={"Request-Id": CANARY.encode(), "X-Request-Id": CANARY.encode()})
    assert said.headers["Request-Id"].startswith("req_")


def test_only_the_loopback_s_own_names_are_answered(http: httpx.Client) -> None:
    assert http.get("/livez", headers={"Host": "localhost:8700"}).status_code == 200
    for name in ("rebound.example", "rebound.example:8700", "127.0.0.1.rebound.example", ""):
        said = http.get("/v1/cases", headers={"Host": name})
        assert (said.status_code, said.json()["code"]) == (421, "misdirected")
