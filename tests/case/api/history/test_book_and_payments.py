"""A lender's book and a file of payments over HTTP: the same services as the command line, in the background."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.case.api.acts import refused
from tests.case.api.history.sending import Sending
from tests.kit.camt import PAYER
from tests.kit.served import Served

PAYMENTS = """
format = "quittance-payments/1"
source = "INVENTED_BANK"
channel = "BANK_TRANSFER"
[columns]
source_ref = "no"
value_on = "day"
amount = "amount"
debtor_ref = "customer"
[constants]
currency = "CNY"
[file]
ignore = ["payer"]
"""


def test_a_book_is_taken_in_and_again_adds_nothing(
    server: Served, http: httpx.Client, tmp_path: Path
) -> None:
    assert server.quittance("sample", "book", tmp_path / "book").code == 0
    mapping = (tmp_path / "book" / "MAP.toml").read_text(encoding="utf-8")
    files = {file.stem: file.read_bytes() for file in sorted((tmp_path / "book").glob("*.csv"))}
    names = [f"{name}.csv" for name in files]
    first = Sending(http).ask("book", *names, mapping=mapping).files(**files)
    assert first.post("/starts").status_code == 201
    done = first.ended()
    assert (done["status"], done["fault"]) == ("DONE", None)
    assert done["counts"]["added"] > 4_000
    assert done["counts"]["rejected"] == len(first.rows())
    again = Sending(http).ask("book", *names, mapping=mapping).files(**files)
    assert again.post("/starts").status_code == 201
    said = again.ended()
    assert (said["counts"]["added"], said["counts"]["events"]) == (0, 0)
    assert said["content"] == done["content"]
    missing = Sending(http).ask("book", names[0], mapping=mapping).files(accounts=files["accounts"])
    assert refused(missing.post("/starts")) == (422, "book-unusable")


def test_payments_are_taken_in_by_a_mapping(http: httpx.Client) -> None:
    text = (
        "no,day,amount,customer,payer\n"
        f"B-1,2026-01-05,100.00,NOBODY-1,{PAYER}\n"
        f"B-1,2026-01-05,100.00,NOBODY-1,{PAYER}\n"
        f"B-2,2026-01-05,no,NOBODY-1,{PAYER}\n"
    )
    job = Sending(http).ask("payments", "p.csv", mapping=PAYMENTS).files(p=text)
    said = job.post("/starts", wait=True)
    assert said.status_code == 207, said.text
    counts = said.json()["counts"]
    assert (counts["rows"], counts["added"], counts["unchanged"], counts["rejected"]) == (3, 1, 1, 1)
    told = {row["row"]: row["outcome"] for row in said.json()["rows"]}
    assert told == {2: "TAKEN", 3: "TAKEN", 4: "REJECTED"}
    assert PAYER not in said.text
    unread = Sending(http).ask("payments", "p.xml").files()
    assert unread.file("p.xml", b"<not-a-statement/>").status_code == 201
    assert refused(unread.post("/starts"))[0] == 422


MAPPING = """
format = "quittance-book/1"
lender = "INVENTED_BANK"
invented = true
as_of = 2026-01-31
kind = "DELTA"
paid_in = "FILES"
zone = "Asia/Shanghai"
currency = "CNY"
[files.loans]
path = "loans.csv"
[[parties]]
file = "loans"
columns = { party_ref = "customer", name = "name" }
constants = { kind = "PERSON" }
[[accounts]]
file = "loans"
columns = { account_ref = "loan", debtor_ref = "customer" }
constants = { product = "CASH_LOAN" }
"""


def test_a_small_book_is_waited_for_row_by_row(http: httpx.Client) -> None:
    text = "loan,customer,name\nSL-1,SC-1,甲\nSL-2,,乙\n"
    said = (
        Sending(http).ask("book", "loans.csv", mapping=MAPPING).files(loans=text).post("/starts", wait=True)
    )
    assert said.status_code == 207, said.text
    assert {(row["row"], row["outcome"]) for row in said.json()["rows"]} == {(2, "TAKEN"), (3, "REJECTED")}
    assert "甲" not in said.text


def test_files_are_called_as_the_lender_calls_them(http: httpx.Client) -> None:
    name = "借据（七月）_2026.csv"
    job = Sending(http).ask("book", name, mapping=MAPPING.replace("loans.csv", name))
    assert job.file(name, "loan,customer,name\nSN-1,SO-1,甲\n").status_code == 201
    said = job.post("/starts", wait=True)
    assert said.status_code == 207, said.text
    assert [row["outcome"] for row in said.json()["rows"]] == ["TAKEN"]
    for wrong in ("../x.csv", ".x", "一 二.csv", "一\u202e.csv", "x/y"):
        assert refused(Sending(http).post("", kind="book", files=[wrong], mapping=MAPPING)) == (
            422,
            "invalid",
        )


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("application/xml", True), ("text/xml; charset=utf-8", True), ("image/png", False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", True),
    ],
)  # fmt: skip
def test_a_file_may_say_what_it_is(http: httpx.Client, kind: str, *, taken: bool) -> None:
    job = Sending(http).ask("payments", "p.xml")
    said = job.file("p.xml", b"<any/>", headers={"Content-Type": kind})
    if taken:
        assert said.status_code == 201, said.text
    else:
        assert refused(said) == (415, "unsupported-media-type")
        assert "application/xml" in said.json()["context"]["allowed"]
