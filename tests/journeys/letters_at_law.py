"""A lawyer's letter in a journey: from the request to the post, and what the post says of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.at_law import PAPER, AtLaw
from tests.kit.shapes import Platform
from tests.kit.small_book import small_book

FIRM = "FIRM-9"
SEAL = "a7" * 32
VALUES = {
    "firm_name": "示例律师事务所", "firm_address": "上海市静安区南京西路 1 号", "firm_phone": "021-95588",
    "lawyer": "陈静", "institution": "示例银行",
}  # fmt: skip


def booked(it: Platform, folder: Path, ref: str, *, due_on: str, amount: str) -> str:
    """The case of a debtor whom the lender's book names, with an address; contact has heard of it."""
    book, mapping = small_book(folder / f"book-{ref}", ref, due_on=due_on, amount=amount, as_of=it.now()[:10])
    taken = it.quittance.json("import", "book", book, "--mapping", mapping)
    assert taken["rejected"] == 0, taken
    [case] = {str(one["subject"]) for one in it.feed("case", "case.CaseOpened")}
    subject = it.subject_of(case)
    it.until(lambda: it.on_subject(subject, "PointRecorded"))
    return case


def placed(one: AtLaw) -> None:
    """A licensed firm has the matter, under a mandate that is on file."""
    one.said("/documents", kind="MANDATE", sha256=PAPER, pages=2)
    one.said("/placements", firm=FIRM, licence="31110000E00017891X", mandate=PAPER)


@dataclass
class Letter:
    """One letter of a matter, asked for."""

    one: AtLaw
    spool: Path
    id: str = ""
    sha256: str = ""
    _keys: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Ask for it, by the text that demands payment."""
        self.id = str(self.one.said("/letters", template="demand")["id"])

    @property
    def at(self) -> str:
        """Where it is."""
        return f"{self.one.at}/letters/{self.id}"

    def said(self, what: str, **body: Any) -> Any:
        """Do something about it."""
        return self.one.said(f"/letters/{self.id}{what}", **body)

    def tried(self, what: str, *, by: str | None = None, **body: Any) -> httpx.Response:
        """As `said`, whatever is answered; `by` another person than usual."""
        headers = {"Idempotency-Key": f"letter-{self.id[-8:]}-{next(self._keys)}"}
        if by is not None:
            token = self.one.it.legal_quittance("token", "--person", by).out.strip()
            headers["Authorization"] = f"Bearer {token}"
        return self.one.it.legal.post(self.at + what, json=body, headers=headers)

    def draft(self) -> Any:
        """Draft it by the balance of today."""
        made = self.said("/drafts", values=VALUES)
        self.sha256 = made["sha256"]
        return made

    def signed(self) -> None:
        """Approved by another than who drafted it, and signed by the firm."""
        answer = self.tried("/approvals", by="wang", sha256=self.sha256)
        assert answer.status_code == 201, answer.text
        self.said("/signatures", sha256=self.sha256, seal=SEAL, firm=FIRM, lawyer="lawyer:chen")

    def posted(self) -> str:
        """Dispatched on paper, and out of the spool in a batch for the printer: its number on the sheet."""
        sent = self.said("/dispatches", channel="letter")
        assert sent["status"] == "POSTED", sent
        self.one.it.until(lambda: self._handed_over(sent["message"]))
        made = self.one.it.contact_quittance.json("contact", "letters", "batch", "--out", self.spool.parent)
        assert made["letters"] == 1, made
        folder = Path(made["folder"])
        [listed] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["letters"]
        [pdf] = folder.glob("*.pdf")
        assert sha256(pdf.read_bytes()).hexdigest() == listed["sha256"] == self.sha256
        return str(listed["letter"])

    def _handed_over(self, message: str) -> bool:
        shown = self.one.it.contact.get(f"/v1/messages/{message}").json()
        assert shown["status"] != "SET_ASIDE", shown
        return bool(shown["status"] == "DISPATCHED")

    def post_says(self, number: str, status: str, **more: str) -> None:
        """A receipt of the post, of now."""
        receipt = {"letter": number, "status": status, "at": self.one.it.now(), **more}
        headers = {"Idempotency-Key": f"receipt-{number}"}
        answer = self.one.it.contact.post("/v1/letter-receipts", json={"items": [receipt]}, headers=headers)
        assert [item["status"] for item in answer.json()["items"]] == [201], answer.text

    def show(self) -> Any:
        """As it stands."""
        answer = self.one.it.legal.get(self.at)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reaches(self, status: str) -> None:
        """Wait until it stands there."""
        self.one.it.until(lambda: self.show()["status"] == status)
