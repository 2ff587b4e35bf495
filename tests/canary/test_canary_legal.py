"""The planted person in a legal matter: parties, papers, words, a claim from the case; found nowhere in clear."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.canary import book, provoked
from tests.canary.needles import CANARY, in_text
from tests.canary.test_canary import DEADLINE_S, WAIT, Place, logging, person

HEARD_S = 60
DIGEST = "9f" * 32
SAID = {
    "firm_name": "示例律师事务所", "firm_address": "上海市示例路 88 号", "firm_phone": "021-95588", "lawyer": "陈静",
    "institution": "示例银行",
}  # fmt: skip
OWN = {"location": CANARY.address, "words": CANARY.note}
"""What a clerk wrote, and the matter shows to those who may read it."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


class Clerk:
    """Works a matter and looks at every answer."""

    def __init__(self, http: httpx.Client) -> None:
        self.http, self.leaks, self.keys = http, list[str](), count(1)

    def told(self, answer: httpx.Response, *but: str) -> Any:
        assert answer.status_code in (200, 201), answer.text
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.leaks += in_text(f"{answer.text}\n{headers}\n{answer.url}", answer.request.url.path, but=but)
        return answer.json() if "json" in answer.headers["content-type"] else answer.text

    def get(self, path: str, *but: str) -> Any:
        return self.told(self.http.get(path, headers=WAIT), *but)

    def post(self, path: str, **sent: Any) -> Any:
        keyed = {**WAIT, "Idempotency-Key": f"clerk-{next(self.keys)}"}
        return self.told(self.http.post(path, json=sent, headers=keyed))

    def opened(self, case: str) -> str:
        """A matter of the case, once legal has heard of it."""
        ends = time.monotonic() + HEARD_S
        while True:
            keyed = {"Idempotency-Key": f"clerk-{next(self.keys)}"}
            sent = {"case": case, "reason": "BROKEN_PROMISES"}
            answer = self.http.post("/v1/legal-matters", json=sent, headers=keyed)
            if answer.status_code == 201:
                return str(self.told(answer)["id"])
            assert answer.json()["code"] == "case-unheard", answer.text
            assert time.monotonic() < ends, "legal has not heard of the case"
            time.sleep(0.1)

    def worked(self, matter: str, case: str) -> None:
        """Everything that can hold somebody's data."""
        at = f"/v1/legal-matters/{matter}"
        [debt, *_] = self.get(f"/v1/cases/{case}")["owed_by_account"]
        self.post(f"{at}/parties", role="DEBTOR", reference=CANARY.mobile)
        self.post(f"{at}/documents", kind="MANDATE", sha256=DIGEST, location=OWN["location"])
        self.post(f"{at}/claims", debt=debt)
        self.post(
            f"{at}/assessments", cost={"amount": "1", "currency": "CNY"}, words=OWN["words"], advice="SUE",
            recovery={"amount": "2", "currency": "CNY"}, likelihood_percent=50,
        )  # fmt: skip
        self.post(f"{at}/representations", attorney="prs_" + "7" * 32, reference=CANARY.email)
        self.post(
            f"{at}/placements",
            firm="FIRM-9",
            licence="31110000E00017891X",
            mandate=DIGEST,
            counsel=CANARY.mobile,
        )

    def wrote(self, matter: str) -> str:
        """A letter to the debtor, drafted: only its PDF names them and where they live."""
        letters = f"/v1/legal-matters/{matter}/letters"
        letter = str(self.post(letters, template="demand", language="zh-CN")["id"])
        self.post(f"{letters}/{letter}/drafts", values=SAID)
        self.post(f"{letters}/{letter}/returns", reason="AMOUNT", remark=CANARY.note)
        return f"{letters}/{letter}"


@pytest.mark.timeout(DEADLINE_S)
def test_the_person_of_a_matter_is_nowhere_in_clear(place: Place) -> None:
    folder, mapping = book.whole(place.lender / "good")
    assert place.run("import", "book", folder, "--mapping", mapping).code == 0
    with logging(place) as http:
        http.headers.update(person(place))
        clerk = Clerk(http)
        [case] = [one["id"] for one in clerk.get("/v1/cases")["items"]]
        matter = clerk.opened(case)
        clerk.worked(matter, case)
        letter = clerk.wrote(matter)
        pdf = http.get(f"{letter}/pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-"), pdf.text
        assert CANARY.name not in str(pdf.headers)
        shown = clerk.get(f"/v1/legal-matters/{matter}", *OWN.values(), CANARY.mobile)
        assert [one["location"] for one in shown["documents"]] == [CANARY.address]
        assert shown["claims"][0]["owed"]["total"]["amount"] != "0.00"
        for path in (
            f"/v1/cases/{case}/limitation", f"/v1/cases/{case}/timeline", "/v1/feeds/legal/events?limit=1000",
            "/v1/legal-matters", "/metrics",
        ):  # fmt: skip
            clerk.get(path)
        document = http.get("/openapi.json").json()
        document["paths"] = {
            path: said for path, said in document["paths"].items() if "legal" in path or "limitation" in path
        }
        asked, more = provoked.provoke(http, document, case)
        assert asked > 300
        assert sorted({*clerk.leaks, *more}) == []
    for arguments in (
        ("legal", "show", matter, "--json"), ("legal", "limitation", case), ("projection", "rebuild", "--all"),
        ("audit", "list", "--service", "legal", "--json"), ("audit", "verify"), ("doctor",),
        ("legal", "close", matter, "--outcome", "PAID", "--by", "user:lin"),
        ("legal", "file", matter, place.lender / f"{CANARY.name}.pdf", "--kind", "MANDATE", "--by", "user:lin"),
    ):  # fmt: skip
        done = place.run(*arguments)
        assert "Traceback" not in done.err, arguments
    assert place.leaks() == []
