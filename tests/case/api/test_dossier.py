"""One case over HTTP: exact on two clocks, and at one glance; both say the same of what was just done."""

import httpx

from tests.case.api.acts import Acted, cny


def glance(case: Acted, position: str) -> dict[str, object]:
    """The dossier, once the view holds what was done."""
    headers = {"Min-Position": position, "Prefer": "wait=10"}
    answer = case.http.get(f"/v1/cases/{case.case_id}/dossier", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == case.etag
    found: dict[str, object] = answer.json()
    return found


def test_a_dossier_shows_what_was_done(http: httpx.Client) -> None:
    case = Acted(http).open()
    case.done("/disputes", scope="DEBT")
    done = case.post("/holds", kind="CEASE", reason="DEBTOR_ASKED")
    said = glance(case, done.headers["Event-Position"])
    assert said["keeps_open"] == ["DISPUTE"]
    assert sorted(one["kind"] for one in said["holds"].values()) == ["CEASE", "DISPUTE"]  # type: ignore[attr-defined]
    assert set(said["open"]) == {"disputes"}  # type: ignore[call-overload]
    whole = case.get()
    for name in (
        "debtor_ref",
        "episode",
        "lifecycle",
        "mode",
        "stage",
        "days_past_due",
        "version",
        "keeps_open",
    ):
        assert whole[name] == said[name], name
    for link in whole["links"].values():
        assert http.get(link).status_code == 200, link


def test_a_dossier_of_no_case_is_not_found(http: httpx.Client) -> None:
    for case_id in ("case-00000000-0000-8000-8000-000000000000", "TWC-000059", "case-1"):
        for path in ("", "/dossier", "/balance"):
            answer = http.get(f"/v1/cases/{case_id}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_case_is_asked_about_on_both_clocks(http: httpx.Client) -> None:
    case = Acted(http).open()
    case.done("/payments", amount=cny("400.00"), channel="BANK_TRANSFER")
    now = case.get()
    assert (now["owed"]["total"], now["payments"]) == (cny("600.00"), 1)
    assert now["asked"]["known_at"] is None
    then = http.get(f"/v1/cases/{case.case_id}", params={"known_at": "2020-01-01"})
    assert then.status_code == 404
    day = now["asked"]["as_of"]
    fixed = http.get(f"/v1/cases/{case.case_id}", params={"as_of": day})
    assert {**fixed.json(), "asked": None} == {**now, "asked": None}
    tag = {"If-None-Match": fixed.headers["ETag"]}
    assert http.get(f"/v1/cases/{case.case_id}", params={"as_of": day}, headers=tag).status_code == 304
    assert http.get(f"/v1/cases/{case.case_id}", headers=tag).status_code == 200, "tomorrow may say otherwise"


def test_a_day_that_is_none_is_refused(http: httpx.Client) -> None:
    case = Acted(http).open()
    for name in ("as_of", "known_at"):
        answer = http.get(f"/v1/cases/{case.case_id}", params={name: "canary"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert "canary" not in answer.text
