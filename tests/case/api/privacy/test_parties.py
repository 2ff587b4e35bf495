"""People over HTTP: found in any spelling, masked, revealed to persons for a purpose, and all of it on record."""

import time

import httpx
import pytest

from tests.case.api.acts import refused
from tests.case.api.privacy.conftest import WAIT, House

SECRETS = ("欧阳雨晴", "13812345678", "8613812345678", "110101199003071234", "ouyang@", "文三路")
HEARD_S = 30.0
NOBODY = "party-00000000-0000-8000-8000-000000000000"


def silent(answer: httpx.Response, *but: str) -> None:
    """Nothing in clear in an answer, its headers and its address."""
    told = answer.text + str(answer.headers) + str(answer.url)
    for secret in SECRETS:
        assert secret in but or secret not in told


def test_a_person_is_found_and_shown_masked(house: House) -> None:
    answer = house.search("PHONE", "138 1234-5678")
    assert answer.status_code == 201, answer.text
    silent(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json()
    assert {one["id"] for one in said["parties"]} == {house.debtor, house.guarantor}
    one = next(one for one in said["parties"] if one["id"] == house.debtor)
    assert (one["name"], one["identity_no"], one["birth_on"]) == ("欧**", "1101**********1234", "****-**-**")
    values = {point["medium"]: point["value"] for point in one["points"]}
    assert values == {"PHONE": "138****5678", "EMAIL": "o***@e***.com", "ADDRESS": "浙江省****"}
    assert [(role["kind"], role["cases"]) for role in one["roles"]] == [("DEBTOR", [house.case])]
    assert said["events"] == ["PersonalDataSearched", "PersonalDataShown", "PersonalDataShown"]
    assert not one["former"]
    others = {
        "NAME": "欧阳雨晴",
        "ACCOUNT_REF": "A-1",
        "PARTY_REF": "A-1",
        "IDENTITY_NO": "110101199003071234",
    }
    for kind, value in others.items():
        found = house.search(kind, value).json()["parties"]
        assert house.debtor in {one["id"] for one in found}, kind
    assert house.search("NAME", "nobody").json()["parties"] == []


def test_a_dry_run_tells_nothing_of_whom_there_is(house: House) -> None:
    told = []
    for value in ("13812345678", "13812340000"):
        sent = {"kind": "PHONE", "value": value, "purpose": "CONTACT"}
        headers = {"Idempotency-Key": f"dry-{value}", "Prefer": "dry-run"}
        answer = house.http.post("/v1/party-searches", json=sent, headers=headers)
        assert answer.status_code == 200
        told.append(answer.json())
    assert told[0] == told[1]
    assert told[0]["events"] == [
        {"type": "PersonalDataSearched", "facts": {"kind": "PHONE", "purpose": "CONTACT", "found": 0}}
    ]


def test_what_is_no_search_is_refused_without_repeating_it(house: House) -> None:
    for sent in (
        {"kind": "CANARY"}, {"purpose": "CANARY"}, {"value": "", "kind": "NAME"}, {"value": "--", "kind": "PHONE"},
        {"canary": "CANARY"}, {"value": "CANARY\u0000"},
    ):  # fmt: skip
        answer = house.search(**({"kind": "NAME", "value": "欧阳雨晴"} | sent))
        assert answer.status_code == 422, sent
        assert "CANARY" not in answer.text
        silent(answer)


def test_the_parties_of_a_case_and_one_of_them(house: House) -> None:
    listed = house.http.get(f"/v1/cases/{house.case}/parties", headers=WAIT)
    silent(listed)
    assert [one["id"] for one in listed.json()["items"]] == sorted(
        [house.debtor, house.guarantor], key=[house.debtor, house.guarantor].index
    )
    one = house.http.get(f"/v1/parties/{house.debtor}", params={"purpose": "DISPUTE"}, headers=WAIT)
    silent(one)
    assert one.json() == listed.json()["items"][0]
    assert one.headers["Cache-Control"] == listed.headers["Cache-Control"] == "no-store"
    assert refused(house.http.get(f"/v1/parties/{NOBODY}")) == (404, "not-found")
    assert refused(house.http.get("/v1/parties/canary")) == (404, "not-found")
    assert refused(house.http.get("/v1/cases/case-1/parties")) == (404, "not-found")
    wrong = house.http.get(f"/v1/parties/{house.debtor}", params={"purpose": "CURIOSITY"})
    assert refused(wrong) == (422, "purpose-unknown")
    looks = house.log(subject=house.debtor, purpose="DISPUTE")["items"]
    assert [(one["what"], one["told"]) for one in looks if one["what"] != "LOG_READ"] == [("SHOWN", "PARTY")]


def test_a_reveal_is_a_persons_and_on_record(house: House) -> None:
    clerk = house.as_person("clerk-1", "pii:reveal")
    answer = house.reveal(house.debtor, "PHONE", "NAME", token=clerk, case=house.case)
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert said["data"] == {"NAME": ["欧阳雨晴"], "PHONE": ["+8613812345678"]}
    assert answer.headers["Cache-Control"] == "no-store"
    silent(answer, "欧阳雨晴", "13812345678", "8613812345678")
    [look] = [one for one in house.log(staff="clerk-1")["items"] if one["what"] == "REVEALED"]
    assert (look["party"], look["case"], look["fields"]) == (house.debtor, house.case, ["NAME", "PHONE"])
    assert (look["id"], look["actor"]) == (said["id"], "developer/clerk-1")
    record = house.http.get(
        f"/v1/audit/records/{said['id']}", headers={**WAIT, "Min-Position": house.position}
    )
    assert record.json()["type"] == "case.PersonalDataRevealed/v1"
    silent(record)


def test_a_machine_reveals_nothing_whatever_its_token_says(house: House) -> None:
    assert refused(house.reveal(house.debtor)) == (403, "insufficient-scope")
    asked = house.server.quittance("token", "--scope", "pii:reveal")
    assert asked.code == 2
    assert "--person" in asked.err


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"purpose": "CURIOSITY"}, (422, "purpose-unknown")),
        ({"fields": ["SALARY"]}, (422, "invalid")),
        ({"fields": ["PHONE", "PHONE"]}, (422, "invalid")),
        ({"fields": []}, (422, "invalid")),
        ({"case": "case-00000000-0000-8000-8000-000000000000"}, (422, "case-not-of-party")),
        ({"case": "canary"}, (422, "invalid")),
    ],
)
def test_what_is_no_reveal_is_refused(
    house: House, sent: dict[str, object], problem: tuple[int, str]
) -> None:
    answer = house.reveal(house.debtor, token=house.as_person("clerk-2"), **sent)
    assert refused(answer) == problem
    silent(answer)


def test_a_repeated_look_is_one_look_and_another_person_looks_for_themselves(house: House) -> None:
    clerk, other = house.as_person("clerk-3"), house.as_person("clerk-4")
    first = house.reveal(house.debtor, key="same", token=clerk)
    again = house.reveal(house.debtor, key="same", token=clerk)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert refused(house.reveal(house.debtor, "NAME", key="same", token=clerk)) == (
        422,
        "idempotency-key-reused",
    )
    theirs = house.reveal(house.debtor, key="same", token=other)
    assert theirs.json()["id"] != first.json()["id"]
    for staff in ("clerk-3", "clerk-4"):
        assert [one["what"] for one in house.log(staff=staff)["items"]] == ["REVEALED"]
    dry = house.http.post(
        f"/v1/subjects/{house.debtor}/pii-reveals", json={"purpose": "CONTACT", "fields": ["PHONE"]},
        headers={"Idempotency-Key": "dry", "Prefer": "dry-run", **clerk},
    )  # fmt: skip
    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
    silent(dry)


def test_more_than_the_policy_allows_is_refused_and_told_when_to_come_again(house: House) -> None:
    clerk = house.as_person("clerk-5")
    for _ in range(20):
        assert house.reveal(house.guarantor, token=clerk).status_code == 201
    answer = house.reveal(house.guarantor, token=clerk)
    assert refused(answer) == (429, "quota-exceeded")
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    silent(answer)
    ends = time.monotonic() + HEARD_S  # a refusal names no position to wait for
    while time.monotonic() < ends:
        last = [one["what"] for one in house.log(staff="clerk-5", limit=200)["items"]][-1:]
        if last == ["REFUSED"]:
            return
        time.sleep(0.05)
    raise AssertionError("the refusal did not come into the log")


def test_the_log_is_pinned_paged_and_reading_it_is_in_it(house: House) -> None:
    auditor = house.as_person("auditor-1", "audit:read")
    for _ in range(3):
        house.search("NAME", "欧阳雨晴", token=house.as_person("clerk-6"))
    asked: dict[str, object] = {"staff": "clerk-6", "limit": 2}
    seen, cursor = [], None
    while True:
        page = house.log(token=auditor, **asked, **({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        house.search("NAME", "欧阳雨晴", token=house.as_person("clerk-6"))
        cursor = page["page"]["next"]
        if cursor is None:
            break
    assert [one["what"] for one in seen] == ["SEARCHED", "SHOWN"] * 3
    read = house.log(staff="auditor-1")["items"]
    assert {one["what"] for one in read} == {"LOG_READ"}
    assert len(read) == 3
    chinese = house.http.get(
        "/v1/audit/access-log", params={"staff": "clerk-6"}, headers={"Accept-Language": "zh-CN"}
    )
    assert chinese.json()["items"][0]["purpose_text"] == "联系本人"
    for wrong in (
        {"purpose": "CURIOSITY"},
        {"subject": "canary"},
        {"recorded_from": "canary"},
        {"cursor": "canary"},
    ):
        answer = house.http.get("/v1/audit/access-log", params=wrong)
        assert answer.status_code in (400, 422), wrong
        assert "canary" not in answer.text


def test_purposes_are_listed_in_both_languages(house: House) -> None:
    english = house.http.get("/v1/personal-data-purposes").json()["items"]
    chinese = house.http.get("/v1/personal-data-purposes", headers={"Accept-Language": "zh-CN"}).json()[
        "items"
    ]
    assert [one["code"] for one in english] == [one["code"] for one in chinese]
    assert {"code": "CONTACT", "text": "联系本人"} in chinese


def test_feed_and_trail_tell_of_looks_without_personal_data(house: House) -> None:
    house.search("PHONE", "13812345678")
    feed = house.http.get("/v1/feeds/case/events", params={"limit": 1000})
    silent(feed)
    types = {one["type"] for one in feed.json()}
    assert {"quittance.case.PersonalDataSearched.v1", "quittance.case.PersonalDataShown.v1"} <= types
    said = next(one for one in feed.json() if one["type"].endswith("PersonalDataSearched.v1"))
    assert set(said["data"]) == {"kind", "purpose", "found"}
