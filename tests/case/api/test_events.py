"""GET /v1/cases/{id}/events: the raw stream, page by page; what names a person is masked, what was erased stays so."""

import httpx
import pytest

from tests.case.api.acts import Acted, refused


def test_the_stream_is_shown_with_its_envelope_and_no_person(http: httpx.Client) -> None:
    case = Acted(http).open()
    claim = case.done("/hardship-claims", cause="BEREAVEMENT")["id"]
    case.done(f"/v1/hardship-claims/{claim}/refusals", match="now", reason="NOT_SHOWN")
    answer = http.get(f"/v1/cases/{case.case_id}/events")
    items = answer.json()["items"]
    assert [item["version"] for item in items] == list(range(1, len(items) + 1))
    assert answer.json()["page"] == {"next": None}
    claimed = next(item for item in items if item["type"] == "case.HardshipClaimed")
    assert {section["name"].partition(":")[0]: section["state"] for section in claimed["sections"]} == {
        "facts": "shown",
        "id": "masked",
    }
    declined = next(item for item in items if item["type"] == "case.ReliefDeclined")
    assert declined["sections"][0]["said"]["reason"] == "NOT_SHOWN"
    assert {"BEREAVEMENT", "D-"} & set(answer.text.split('"')) == set()
    for item in items:
        assert item["policy"].startswith("cn-retail/")
        assert item["effective_at"] <= item["recorded_at"]
        assert all(item[name] for name in ("actor", "command_id", "correlation_id"))


def test_pages_go_on_and_do_not_shift(http: httpx.Client) -> None:
    case = Acted(http).open()
    case.done("/holds", kind="CEASE", reason="DEBTOR_ASKED")
    path = f"/v1/cases/{case.case_id}/events"
    whole = http.get(path).json()["items"]
    first = http.get(path, params={"limit": 2}).json()
    case.done("/disputes", scope="DEBT")
    found, cursor = list(first["items"]), first["page"]["next"]
    while cursor:
        page = http.get(path, params={"limit": 2, "cursor": cursor}).json()
        found, cursor = found + page["items"], page["page"]["next"]
    assert found == whole
    other = Acted(http).open()
    wrong = http.get(f"/v1/cases/{other.case_id}/events", params={"cursor": first["page"]["next"]})
    assert refused(wrong) == (400, "bad-cursor")


@pytest.mark.parametrize("case_id", ["case-00000000-0000-8000-8000-000000000000", "TWC-000059", "case-x"])
def test_what_is_no_case_is_not_found(http: httpx.Client, case_id: str) -> None:
    assert refused(http.get(f"/v1/cases/{case_id}/events")) == (404, "not-found")
