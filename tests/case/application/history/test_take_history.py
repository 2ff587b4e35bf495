"""History taken in, on both stores: what is on record afterwards, how it is judged, that a second run adds nothing."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from services.case.adapters.history.taking_in import GoLiveToCome, HistoryTaking
from services.case.application.handle import CaseDesk, Meta
from services.case.application.history.import_runs import ImportRuns
from services.case.application.history.take_history import HistoryResult
from services.case.domain import events as e
from services.case.domain.judge import Picture, judge
from services.case.domain.money_commands import OpenCase as AskToOpen
from services.case.domain.policy import POLICIES
from services.case.domain.state import ClosedCase, OpenCase
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import FixedClock
from shared.kernel.money import Money
from tests.kit.importing import everything
from tests.kit.ledgers import backends, opened, store_on
from tests.kit.past import MAPPING, WHOLE, delivery

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
POLICY = POLICIES.in_force(tenant="default", on=TODAY)


@dataclass
class Past:
    """A ledger that history is taken into."""

    ledger: Ledger
    desk: CaseDesk
    taking: HistoryTaking
    folder: Path

    async def take(self, rows: Mapping[str, Sequence[str]] = WHOLE, text: str = MAPPING) -> HistoryResult:
        """Take in these rows."""
        place = delivery(self.folder, rows, name=f"past{len(list(self.folder.iterdir()))}")
        return await self.taking.take_in(place, text.encode(), rejects=self.folder / "past.rejects.csv")

    @property
    def rejected(self) -> list[str]:
        """The list of rejected rows, without its header."""
        file = self.folder / "past.rejects.csv"
        return file.read_text().splitlines()[1:] if file.is_file() else []

    async def case(self, debtor: str = "C-1", episode: int = 1) -> Any:
        """A case as it stands."""
        return (await self.desk.load(self.desk.case_id(debtor, episode))).state

    async def picture(self, debtor: str = "C-1", episode: int = 1) -> Picture:
        """A case judged today."""
        state = await self.case(debtor, episode)
        worked = state.was if isinstance(state, ClosedCase) else state
        assert isinstance(worked, OpenCase)
        return judge(worked.facts, TODAY, POLICY)


@asynccontextmanager
async def past(backend: str, folder: Path, request: Any) -> AsyncIterator[Past]:
    clock = FixedClock(NOW)
    async with opened(store_on(backend, folder, request), folder, shards=2, clock=clock) as ledger:
        desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
        runs = ImportRuns(ledger=ledger, tenant="default")
        taking = HistoryTaking(
            ledger=ledger, desk=desk, policies=POLICIES, tenant="default", clock=clock, runs=runs
        )
        yield Past(ledger, desk, taking, folder)


@backends
async def test_what_happened_is_on_record_with_its_origin_and_judged_as_of_its_days(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with past(backend, tmp_path, request) as it:
        done = await it.take()
        assert (done.rows, done.added, done.rejected, done.cases_opened) == (15, 15, 0, 2), it.rejected
        told = await everything(it.ledger)
        kept = {type(one.event).__name__: one for one in told}
        # Effective when it happened, recorded now.
        assert kept["PromiseKept"].event.as_of == date(2026, 2, 18)
        assert kept["PromiseBroken"].event.as_of == date(2026, 6, 2)
        assert kept["PromiseBroken"].row.effective_at == datetime(2026, 6, 1, 16, tzinfo=UTC)
        assert kept["CaseClosed"].event == e.CaseClosed(as_of=date(2025, 6, 30), reason="CURED")
        assert {one.row.recorded_at for one in told} == {NOW}
        assert {one.row.actor for one in told if one.stream.startswith("case-")} == {"system:import-history"}
        picture = await it.picture()
        assert picture.owed.total == Money(425_000, "CNY")
        [plan] = picture.plans.values()
        assert (plan.status, [one.status for one in plan.instalments]) == ("DEFAULTED", ["PAID", "MISSED"])
        assert picture.mode == "INTERNAL"
        assert isinstance(await it.case("C-2"), ClosedCase)


@backends
async def test_each_fact_says_who_said_it_what_it_rests_on_and_which_run_took_it_in(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with past(backend, tmp_path, request) as it:
        await it.take()
        told = await everything(it.ledger)
        [run] = {one.stream for one in told if one.stream.startswith("import-")}
        sources = [one.event for one in told if isinstance(one.event, e.HistoryTaken)]
        assert Counter(one.what for one in sources) == {
            "CASE": 3, "ATTEMPT": 3, "PROMISE": 2, "PLAN": 2, "PLACEMENT": 2, "PAYMENT": 3, "HOLD": 1,
        }  # fmt: skip
        assert {one.run for one in sources} == {run}
        assert {(one.origin, one.evidence) for one in sources if one.what == "PAYMENT"} == {
            ("OLD_SYSTEM", "RECORDED")
        }
        # The source comes just before the fact it is about, but for the one that opens the case.
        case = await it.ledger.whole_stream(it.desk.case_id("C-1", 1))
        for before, after in pairwise(case):
            if isinstance(before.event, e.HistoryTaken) and before.event.fact != "CaseOpened":
                assert type(after.event).__name__ == before.event.fact
        assert [type(one.event).__name__ for one in case[:2]] == ["CaseOpened", "HistoryTaken"]


@backends
async def test_a_second_run_adds_nothing_but_its_own_record(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with past(backend, tmp_path, request) as it:
        first = await it.take()
        before = [one for one in await everything(it.ledger) if not one.stream.startswith("import-")]
        again = await it.take()
        assert (again.rows, again.added, again.unchanged, again.events) == (15, 0, 15, 0)
        after = [one for one in await everything(it.ledger) if not one.stream.startswith("import-")]
        assert len(after) == len(before) == first.events


async def test_other_content_under_a_known_reference_is_rejected_and_changes_nothing(tmp_path: Path) -> None:
    async with past("sqlite", tmp_path, None) as it:
        await it.take()
        told = {
            "cases": ("C-1,A-1,2026-02-01,5001.00,12,,",),
            "calls": ("C-1,k1,2026-02-03 10:16:00,02",),
            "promises": ("C-1,p1,2026-02-05,501.00,2026-02-20,,",),
            "payments": ("C-1,y1,-,2026-02-19,500.00,,",),
            "holds": ("C-1,h1,CEASE,2026-04-01,2026-04-16",),
        }
        done = await it.take(told)
        assert (done.added, done.rejected, done.events) == (0, 5, 0)
        assert {line.split(",")[3] for line in it.rejected} == {"history-conflict"}
        other = MAPPING.replace('origin = "OLD_SYSTEM"', 'origin = "AGENCY_7"')
        done = await it.take({"promises": WHOLE["promises"]}, other)
        assert (done.rejected, done.events) == (2, 0), "who said it is part of what is said"


async def test_how_a_thing_went_on_may_be_told_later(tmp_path: Path) -> None:
    async with past("sqlite", tmp_path, None) as it:
        await it.take()
        more = {
            "promises": ("C-1,p2,2026-03-01,700.00,2026-05-30,2026-03-05,DEBTOR_ASKED",),
            "payments": ("C-1,y1,-,2026-02-18,500.00,2026-02-21,NO_FUNDS",),
        }
        done = await it.take(more)
        assert (done.added, done.rejected) == (2, 0), it.rejected
        views = {view.amount.minor: view.status for view in (await it.picture()).promises.values()}
        assert views == {50_000: "BROKEN", 70_000: "CANCELLED"}
        told = [type(one.event).__name__ for one in await everything(it.ledger)]
        assert "PromiseReopened" in told, "what bounced was never there"


async def test_facts_before_a_case_that_our_own_book_opened_belong_to_it_and_pay_no_debt_of_now(
    tmp_path: Path,
) -> None:
    async with past("sqlite", tmp_path, None) as it:
        case = it.desk.case_id("C-1", 1)
        account = it.ledger.stream_id("account", "A-1", debtor_ref="C-1")
        ask = AskToOpen(
            debtor_ref="C-1", episode=1, debts=(account,), on=date(2026, 11, 10), days_past_due=40,
            arrears=Money(300_000, "CNY"),
        )  # fmt: skip
        await it.desk.handle(case, ask, Meta(actor="a", client="c", key="k", fingerprint=b"1", today=TODAY))
        rows = {name: [line for line in lines if line.startswith("C-1")] for name, lines in WHOLE.items()}
        done = await it.take(rows)
        assert (done.added, done.rejected, done.cases_opened) == (12, 0, 0), it.rejected
        picture = await it.picture()
        assert picture.owed.total == Money(300_000, "CNY"), "the lender's figure knows of it already"
        assert picture.overpaid == Money(0, "CNY"), "nothing of it is ours to give back"
        assert {view.status for view in picture.promises.values()} == {"KEPT", "BROKEN"}
        state = await it.case()
        assert isinstance(state, OpenCase)
        assert state.facts.one(e.HistoryTaken, "OPEN_SINCE", case, "CaseOpened") is not None
        assert len(list(state.facts.all(e.ContactAttempted))) == 2


IMPOSSIBLE = {
    "calls": (
        ("C-9,k,2026-02-03 10:15:00,02", "no-case"),
        ("C-1,k,2026-11-01 00:00:00,02", "on-or-after-go-live"),
        ("C-1,k,2026-02-30 10:15:00,02", "bad-date"),
        ("C-1,k,2026-02-03 10:15:00,99", "unmapped-code"),
        (",k,2026-02-03 10:15:00,02", "missing-value"),
        ("C-1,k,2026-02-03 10:15:00", "malformed-row"),
    ),
    "promises": (
        ("C-1,p,2026-02-05,0.00,2026-02-20,,", "amount-not-positive"),
        ("C-1,p,2026-02-05,-5,2026-02-20,,", "amount-not-positive"),
        ("C-1,p,2026-02-05,5.00,2026-02-04,,", "date-order"),
        ("C-1,p,2026-02-05,5.00,2026-02-20,2026-02-06,", "no-reason"),
        ("C-1,p,2026-02-05,5.00,2026-02-20,2026-11-02,X", "on-or-after-go-live"),
        ("C-1,p,2026-02-05,five,2026-02-20,,", "bad-amount"),
    ),
    "plans": (("C-1,l9,2026-06-10,600.00,,,,", "no-instalments"), ("C-1,l8,2026-06-10,600.00,,,,", "plan-sum")),
    "parts": (("C-1,l8,1,2026-07-10,250.00", "no-plan"), ("C-1,l7,1,2026-07-10,250.00", "no-plan")),
    "placements": (
        ("C-1,g,2026-03-20,2026-08-10,AGENCY_8,2026-01-31,,", "overlaps"),
        ("C-1,g,2026-10-20,2026-10-20,AGENCY_8,2026-01-31,,", "date-order"),
        ("C-1,g,2026-10-20,2026-10-25,AGENCY_8,2026-10-21,,", "date-order"),
    ),
    "payments": (("C-1,y,A-7,2026-02-18,500.00,,", "other-account"),),
    "holds": (("C-1,h,CEASE,2026-04-10,2026-05-15", "overlaps"), ("C-1,h,NAP,2026-04-10,-", "unmapped-code")),
    "cases": (
        ("C-1,A-1,2026-05-01,5.00,3,,", "case-overlaps"),
        ("C-7,A-7,2026-05-01,5.00,0,,", "not-overdue"),
        ("C-7,A-7,2026-05-01,5.00,3,2026-06-01,SETTLED", "no-reason"),
    ),
}  # fmt: skip


async def test_what_cannot_have_happened_is_rejected_row_by_row_and_nothing_else_is_lost(
    tmp_path: Path,
) -> None:
    async with past("sqlite", tmp_path, None) as it:
        rows = {name: [*WHOLE[name], *(line for line, _ in wrong)] for name, wrong in IMPOSSIBLE.items()}
        done = await it.take(rows)
        expected = {
            (f"{name}.csv", len(WHOLE[name]) + 2 + place): reason
            for name, wrong in IMPOSSIBLE.items()
            for place, (_, reason) in enumerate(wrong)
        }
        found = {(line.split(",")[0], int(line.split(",")[1])): line.split(",")[3] for line in it.rejected}
        assert found == expected
        assert (done.added, done.rejected) == (15, len(expected))


async def test_what_contradicts_the_record_is_rejected_and_a_go_live_to_come_refused(
    tmp_path: Path,
) -> None:
    async with past("sqlite", tmp_path, None) as it:
        await it.take()
        dollars = MAPPING.replace('currency = "CNY"', 'currency = "USD"')
        done = await it.take({"cases": ("C-1,A-1,2025-01-01,5.00,3,2025-02-01,CURED",)})
        assert (done.rejected, [line.split(",")[3] for line in it.rejected]) == (1, ["later-case"])
        done = await it.take({"payments": ("C-1,y9,-,2026-02-18,500.00,,",)}, dollars)
        assert (done.rejected, [line.split(",")[3] for line in it.rejected]) == (1, ["other-currency"])
        with pytest.raises(GoLiveToCome):
            await it.take(WHOLE, MAPPING.replace("2026-11-01", "2026-11-23"))


async def test_a_check_says_what_a_run_would_do_and_writes_nothing(tmp_path: Path) -> None:
    async with past("sqlite", tmp_path, None) as it:
        place = delivery(tmp_path, {**WHOLE, "calls": (*WHOLE["calls"], "C-9,k9,2026-02-03 10:15:00,02")})
        checked = (await it.taking.check(place, MAPPING.encode())).to_json()
        assert (checked["rows"], checked["added"], checked["rejected"]) == (16, 15, 1)
        [reject] = checked["rejects"]
        assert (reject["reason"], reject["file"], reject["first_row"]) == ("no-case", "calls.csv", 5)
        assert reject["means"]
        assert reject["means_zh"]
        assert await everything(it.ledger) == []


@backends
async def test_no_reference_and_no_name_of_a_file_is_told_outside_of_sealed_sections(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    canary = "CANARY-6222"
    rows = {name: [line.replace("C-1", canary) for line in lines] for name, lines in WHOLE.items()}
    rows["calls"].append(f"{canary},{canary}-k,never,02")
    async with past(backend, tmp_path, request) as it:
        await it.take(rows)
        assert canary not in (tmp_path / "past.rejects.csv").read_text()
        for one in await everything(it.ledger):
            assert canary.encode() not in one.row.leaf
            assert canary.encode() not in one.row.body
            facts = [getattr(one.event, name) for name in one.event.__struct_fields__ if name != "debtor_ref"]
            assert canary not in repr(facts)


async def test_a_debtor_with_more_rows_than_a_command_holds(tmp_path: Path) -> None:
    calls = [f"C-1,k{n},2026-02-{n % 27 + 1:02} 10:{n % 60:02}:00,02" for n in range(400)]
    async with past("sqlite", tmp_path, None) as it:
        done = await it.take({"cases": WHOLE["cases"][:1], "calls": calls})
        assert (done.added, done.rejected) == (401, 0)
        assert (await it.take({"cases": WHOLE["cases"][:1], "calls": calls})).unchanged == 401
