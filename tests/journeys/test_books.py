"""What is pending over all cases, as a person at a terminal reads it after others acted over HTTP."""

import pytest

from tests.case.api.acts import Acted, cny
from tests.kit.command import Command
from tests.kit.served import served

BOOKS = ("promises", "plans", "approvals", "complaints", "disputes", "placements", "referrals")


def test_the_books_show_what_is_pending(quittance: Command) -> None:
    with served(quittance) as server:
        case = Acted(server.http).open()
        today = case.day(0)
        promise = case.done("/promises", amount=cny("100.00"), due_on=case.day(3))["id"]
        offer = case.done("/settlements", amount=cny("500.00"), pay_by=case.day(5))["id"]
        complaint = case.done("/complaints", kind="CONDUCT")["id"]
        other = Acted(server.http).open()
        quote = other.done("/plan-quotes", total=cny("1000.00"), count=2, first_due=case.day(9))["id"]
        plan = other.done("/plans", quote_id=quote, affordability="AFF-1")["id"]
        other.done(f"/v1/plans/{plan}/acceptances", match="now", supplement="DOC-1")
        dispute = other.done("/disputes", scope="AMOUNT", amount=cny("80.00"))["id"]
        third, fourth = Acted(server.http).open(), Acted(server.http).open()
        sent = {"agency": "AGENCY-7", "until": case.day(90), "evaluated_on": today}
        placed = third.done("/placements", match="now", **sent)["id"]
        referred = fourth.done("/legal-referrals", match="now", reason="NO_OTHER_WAY")["id"]
    [one] = quittance.json("book", "promises", "--status", "active", "--case", case.case_id)
    assert (one["id"], one["amount"], one["due"] > today) == (promise, cny("100.00"), True)
    assert quittance.json("book", "promises", "--due-until", today) == []
    assert quittance.json("book", "promises", "--known-at", "2026-01-01") == []
    assert [e["plan"] for e in quittance.json("book", "plans", "--status", "OPEN")] == [plan, plan]
    more = quittance("book", "plans", "--limit", "1", "--json")
    assert (len(more.answer), "more than 1" in more.err) == (1, True)
    [waits] = quittance.json("book", "approvals", "--status", "waiting", "--kind", "settlement")
    assert (waits["id"], waits["given_up"]) == (offer, cny("500.00"))
    [asked] = quittance.json("book", "complaints")
    assert (asked["id"], asked["overdue"]) == (complaint, False)
    assert quittance.json("book", "complaints", "--overdue") == []
    assert [d["id"] for d in quittance.json("book", "disputes", "--status", "open")] == [dispute]
    assert [p["id"] for p in quittance.json("book", "placements", "--agency", "AGENCY-7")] == [placed]
    assert [r["id"] for r in quittance.json("book", "referrals", "--status", "live")] == [referred]
    for name in BOOKS:
        english, chinese = quittance("book", name), quittance("book", name, QUITTANCE_LANG="zh-CN")
        assert (english.code, chinese.code) == (0, 0)
        assert english.out.isascii() or "–" in english.out
        assert not chinese.out.splitlines()[0].isascii()
    assert "running" in quittance("book", "promises").out
    assert "待审批" in quittance("book", "approvals", QUITTANCE_LANG="zh-CN").out


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_with_nothing_in_it_says_so(imported: Command, name: str) -> None:
    assert imported.json("book", name) == []
    assert imported("book", name).out == "nothing to show\n"
    wrong = imported("book", name, "--status", "somehow")
    assert (wrong.code, "--status takes one of" in wrong.err) == (2, True)
