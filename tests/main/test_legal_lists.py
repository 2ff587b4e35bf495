"""`quittance legal matters`, `show`, `diary`, `at-risk`, `costs`: in both languages, for programs, empty, wrong."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.legal.domain.facts import matter as m
from services.legal.domain.facts import suit as s
from services.legal.wiring import open_legal
from services.main import settings as reading
from services.main.session import legal_settings
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from tests.kit.command import Command, command_in
from tests.legal.api.asked import case_no, told_of
from tests.legal.kit import Legal

ON = date(2026, 2, 2)
CASE, DEBT = case_no(1)
AMOUNT = Money(100_000, "CNY")
OWED = Parts(0, 1_200, 0, 98_800, "CNY")
AS_OF = ("--as-of", "2026-02-10")


@pytest.fixture(scope="module")
def quittance(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with a matter that is to be heard, and two more cases whose debts fell due on 31 January 2026."""
    store = tmp_path_factory.mktemp("lists") / "store"
    told_of(store, cases=2)
    asyncio.run(_sued(store))
    return command_in(store.parent, QUITTANCE_LOG="error", QUITTANCE_STORE=f"sqlite:///{store}/")


async def _sued(store: Path) -> None:
    async with open_legal(legal_settings(reading.read({}, store=f"sqlite:///{store}/"))) as service:
        legal = Legal(service)
        matter = await legal.matter(case=CASE, on=ON)
        track, party = legal.thing("trk", matter, "suit"), service.acts.party_id(matter, "DEBTOR", None)

        def step(kind: Any, /, **said: Any) -> Any:
            given = {"track": track, "step": legal.step_id(matter), "on": ON, **said}
            return kind(**{name: given.get(name) for name in kind.__struct_fields__})

        party_named = m.PartyNamed(
            party=party, person=None, role="DEBTOR", debts=(), guarantee=None, until=None, on=ON, reference="张三",
        )  # fmt: skip
        stated = m.ClaimStated(
            claim=legal.thing("clm", matter, "1"), debt=DEBT, as_of=ON, owed=OWED, claimed=OWED, reason="REFERRED",
            on=ON, by="user:lin",
        )  # fmt: skip
        cost = m.MatterCostBooked(
            cost=legal.thing("cst", matter, "1"), kind="COURT_FEE", amount=Money(5_000, "CNY"), on=ON,
            borne_by="LENDER", firm="FIRM-A", track=None,
        )  # fmt: skip
        for fact in (party_named, stated, cost):
            await legal.record(matter, fact)
        assessed = step(
            s.SuitAssessed, procedure="ORDINARY", court="SH-PD", cause="LOAN", against=(party,), amount=AMOUNT,
            by="user:lin", debts=(),
        )  # fmt: skip
        await legal.step(matter, assessed)
        await legal.step(matter, step(s.SuitApproved, by="user:wang"), actor="user:wang")
        await legal.step(matter, step(s.SuitFiled, amount=AMOUNT))
        await legal.step(
            matter, step(s.SuitAccepted, case_no="民初7号", fee_due=date(2026, 2, 9), fee=AMOUNT)
        )
        await legal.step(matter, step(s.SuitServed, kind="DIRECT"))
        await legal.step(matter, step(s.HearingSet, hearing_on=date(2026, 3, 20), room="第三法庭"))


def test_the_board_is_told_in_both_languages_and_to_programs(quittance: Command) -> None:
    [row] = quittance.json("legal", "matters", *AS_OF)
    assert (row["case"], row["overdue"], row["tracks"][0]["status"]) == (CASE, 1, "HEARING_SET")
    told = quittance("legal", "matters", *AS_OF)
    assert "suit: hearing set" in told.out
    said = quittance("legal", "matters", *AS_OF, QUITTANCE_LANG="zh-CN")
    assert "诉讼" in said.out
    assert "已排期开庭" in said.out
    assert quittance.json("legal", "matters", "--kind", "ENFORCEMENT") == []
    assert quittance("legal", "matters", "--status", "closed").out == "nothing to show\n"


def test_a_matter_is_shown_by_its_id_and_by_its_case(quittance: Command) -> None:
    shown = quittance.json("legal", "show", CASE, *AS_OF)
    assert shown == quittance.json("legal", "show", shown["id"], *AS_OF)
    assert next(one["type"] for one in shown["timeline"]) == "legal.MatterOpened"
    assert "HEARING" in [one["name"] for one in shown["deadlines"]]
    told = quittance("legal", "show", CASE, *AS_OF, QUITTANCE_LANG="zh-CN")
    assert "排期开庭：2026-02-02 通知：2026-03-20 开庭。" in told.out
    for hidden in ("张三", "民初7号", "第三法庭"):
        assert hidden not in told.out + str(shown)
    for nothing in ("matter-6f1c0d1e-0000-8000-8000-00000000dead", case_no(2)[0]):
        done = quittance("legal", "show", nothing)
        assert (done.code, "Traceback" in done.err) == (1, False)
        assert "There is no such legal matter" in done.err


def test_the_diary_lists_days_and_refuses_none_and_too_many(quittance: Command) -> None:
    span = ("--from", "2026-02-02", "--until", "2026-04-01")
    found = quittance.json("legal", "diary", *span, *AS_OF)
    assert ("HEARING", "2026-03-20") in [(one["name"], one["day"]) for one in found]
    met = quittance.json("legal", "diary", *span, *AS_OF, "--met")
    assert len(met) > len(found)
    assert "开庭" in quittance("legal", "diary", *span, *AS_OF, QUITTANCE_LANG="zh-CN").out
    for until in ("2026-02-02", "2020-01-01", "2028-01-01"):
        done = quittance("legal", "diary", "--from", "2026-02-02", "--until", until)
        assert (done.code, "Traceback" in done.err) == (2, False)
    assert quittance("legal", "diary", "--whose", "NOBODY").code == 2


def test_what_expires_is_told_with_totals(quittance: Command) -> None:
    found = quittance.json("legal", "at-risk", "--within", "90", "--as-of", "2028-12-20")
    assert {one["debt"] for one in found["items"]} >= {case_no(2)[1]}
    assert DEBT not in {one["debt"] for one in found["items"]}, "a suit holds it"
    assert found["totals"][0]["debts_of_unknown_balance"] == found["totals"][0]["debts"]
    told = quittance("legal", "at-risk", "--as-of", "2028-12-20")
    assert "2029-01-31 (before rest days)" in told.out
    assert "not known" in told.out
    assert quittance("legal", "at-risk").out == "nothing to show\n"
    assert quittance("legal", "at-risk", "--within", "60").code == 2


def test_costs_are_summed(quittance: Command) -> None:
    [by_firm] = quittance.json("legal", "costs", "--by", "firm")
    assert (by_firm["firm"], by_firm["total"]) == ("FIRM-A", {"amount": "50.00", "currency": "CNY"})
    assert "50.00 CNY" in quittance("legal", "costs").out
    assert quittance("legal", "costs", "--as-of", "2026-01-01").out == "nothing to show\n"
    assert quittance("legal", "costs", "--by", "court").code == 2


def test_the_audit_trail_of_legal_is_listed_by_case(quittance: Command) -> None:
    found = quittance.json("audit", "list", "--service", "legal", "--case", CASE)
    streams = {one["stream"].partition("-")[0] for one in found}
    assert streams == {"matter", "proofs"}
    assert {one["stream"] for one in found if one["stream"].startswith("proofs")} == {
        CASE.replace("case-", "proofs-")
    }
    assert quittance.json("audit", "list", "--service", "legal", "--case", case_no(9)[0]) == []
    done = quittance("audit", "list", "--service", "legal", "--debtor", "D-1")
    assert (done.code, "--case, not --debtor" in done.err) == (2, True)


def test_a_refusal_names_its_cure_also_where_the_text_speaks_of_its_context(quittance: Command) -> None:
    [matter] = quittance.json("legal", "matters", "--case", CASE)
    filed = ("suit-filed", "--track", matter["tracks"][0]["id"], "amount=1.00CNY", "--on", "2026-03-02")
    done = quittance("legal", "step", matter["id"], *filed, "--by", "user:lin")
    assert done.code == 1
    assert "retracted first" in done.err
    assert "Context" not in done.err


def test_without_a_store_it_is_said_what_to_do(tmp_path: Path) -> None:
    for words in (("matters",), ("show", "matter-x"), ("diary",), ("at-risk",), ("costs",)):
        done = command_in(tmp_path)("legal", *words)
        assert (done.code, "Traceback" in done.err) == (1, False)
        assert done.err
