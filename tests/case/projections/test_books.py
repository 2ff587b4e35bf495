"""The books across cases: what each shows of lives that are kept, broken, corrected, decided and erased."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.projections import (
    approvals,
    book_words,
    complaint_book,
    placement_book,
    plan_calendar,
    promise_book,
)
from services.case.projections.all_views import VIEWS
from tests.case.projections.lives import MAKER, Lived, cny, march, portfolio, read
from tests.case.projections.portfolio import desk, lines_of
from tests.kit.ledgers import backends

LATER = date(2026, 6, 1)


@backends
async def test_rebuilt_equals_live_where_everything_happens_that_a_book_shows(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request, shards=2) as it:
        await it.take_in(lines_of(9))
        await it.projections.catch_up()
        await portfolio(it.ledger)
        await it.projections.catch_up()
        live = await it.digests()
        assert (await it.projections.rebuild(VIEWS)).parked == 0
        assert await it.digests() == live
        for question in (
            promise_book.page,
            plan_calendar.page,
            approvals.page,
            complaint_book.complaints,
            complaint_book.disputes,
            placement_book.placements,
            placement_book.referrals,
        ):
            rows = await read(it, question)
            assert rows, question
            paged = await it.all_pages(
                lambda connection, after, ask=question: ask(connection, after=after, limit=2),
                lambda r: r.cursor,
            )
            assert paged == rows


@backends
async def test_every_page_size_gives_the_same_books(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await portfolio(it.ledger)
        await it.projections.catch_up()
        whole = await it.digests()
        for page in (1, 3, 50):
            await it.forget()
            await it.in_pages(page)
            assert await it.digests() == whole


@backends
async def test_the_promise_book_follows_every_judgement_and_remembers_what_was_known(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open()
        await case.promise("prm-a", 5_000, march(6))
        await case.sweep(march(20))
        assert "PromiseKept" in await case.pay("pay-a", 5_000, march(5))
        assert "PromiseReopened" in await case.bounce("pay-a", march(21))
        await case.promise("prm-b", 6_000, march(25))
        await case.do(m.CancelPromise(promise="prm-b", on=march(22), reason="DEBTOR_ASKED"))
        rows = await read(it, promise_book.page)
        assert [(r.promise, r.status, r.due) for r in rows] == [
            ("prm-a", "BROKEN", march(6)),
            ("prm-b", "CANCELLED", march(25)),
        ]
        assert rows[0].as_json() == {
            "id": "prm-a", "case": case.case_id, "amount": {"amount": "50.00", "currency": "CNY"},
            "taken_on": "2026-03-02", "due": "2026-03-06", "given_by": "DEBTOR", "status": "BROKEN",
            "appropriated": {"amount": "0.00", "currency": "CNY"}, "judged_on": "2026-03-21",
            "amended_on": None,
        }  # fmt: skip
        told = [[r.status for r in await read(it, promise_book.page, known_at=at)] for at in case.known]
        assert told == [
            [],
            ["ACTIVE"],
            ["BROKEN"],
            ["KEPT"],
            ["BROKEN"],
            ["BROKEN", "ACTIVE"],
            ["BROKEN", "CANCELLED"],
        ]
        kept = await read(it, promise_book.page, known_at=case.known[3])
        assert (kept[0].appropriated_minor, kept[0].judged_on) == (5_000, march(20))


@backends
async def test_a_promise_whose_money_bounced_before_its_day_runs_again(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open()
        await case.promise("prm-a", 5_000, march(13))
        await case.pay("pay-a", 5_000, march(4))
        await case.bounce("pay-a", march(5))
        [row] = await read(it, promise_book.page)
        assert (row.status, row.appropriated_minor, row.judged_on) == ("REOPENED", None, None)
        asked: dict[str, Any] = {"due_from": march(13), "due_until": march(14), "case_id": case.case_id}
        assert await read(it, promise_book.page, status="REOPENED", **asked) == [row]
        for other in (
            {"status": "KEPT"}, {"due_until": march(13)}, {"due_from": march(14)}, {"case_id": "case-0"},
        ):  # fmt: skip
            assert await read(it, promise_book.page, **(asked | other)) == []
        at: datetime = case.known[2]
        assert [r.status for r in await read(it, promise_book.page, known_at=at, **asked)] == ["KEPT"]


@backends
async def test_a_changed_promise_moves_in_the_book_but_not_under_who_reads_it_page_by_page(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        cases = [await Lived(it.ledger, f"L-{n}").open() for n in range(3)]
        for n, case in enumerate(cases):
            await case.promise("prm-a", 5_000, march(5 + n))
        rows = await read(it, promise_book.page)
        pin = {1: max(row.made_at for row in rows)}
        await cases[0].do(m.AmendPromise(promise="prm-a", on=march(3), amount=cny(4_000), due=march(13)))
        await cases[2].do(m.CancelPromise(promise="prm-a", on=march(3), reason="DEBTOR_ASKED"))
        await cases[2].promise("prm-b", 100, march(5))
        first = await read(it, promise_book.page, pin=pin, limit=1)
        rest = await read(it, promise_book.page, pin=pin, after=first[0].cursor)
        assert first + rest == rows
        assert await read(it, promise_book.page, pin=pin, known_at=cases[1].known[-1]) == rows[:2]
        now = await read(it, promise_book.page)
        assert [(r.case_id, r.due, r.amount_minor, r.status) for r in now] == [
            (cases[2].case_id, march(5), 100, "ACTIVE"),
            (cases[1].case_id, march(6), 5_000, "ACTIVE"),
            (cases[2].case_id, march(7), 5_000, "CANCELLED"),
            (cases[0].case_id, march(13), 4_000, "ACTIVE"),
        ]
        assert now[3].amended_on == march(3)


@backends
async def test_the_plan_calendar_shows_misses_breach_cure_and_end(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open(90_000)
        await case.plan("pln-a", 90_000, 3, march(10))
        await case.pay("pay-a", 30_000, march(9))
        await case.sweep(date(2026, 4, 20))
        rows = await read(it, plan_calendar.page)
        assert [(r.number, r.due, r.status) for r in rows] == [
            (1, march(10), "PAID"),
            (2, date(2026, 4, 10), "MISSED"),
            (3, date(2026, 5, 10), "OPEN"),
        ]
        assert {(r.plan_status, r.cure_by is not None) for r in rows} == {("BREACHED", True)}
        assert rows[0].as_json()["amount"] == {"amount": "300.00", "currency": "CNY"}
        assert [r.number for r in await read(it, plan_calendar.page, status="OPEN")] == [3]
        april = {"due_from": date(2026, 4, 1), "due_until": date(2026, 5, 10)}
        assert [r.number for r in await read(it, plan_calendar.page, **april)] == [2]
        assert len(await read(it, plan_calendar.page, plan_status="BREACHED", case_id=case.case_id)) == 3
        assert await read(it, plan_calendar.page, plan_status="ACTIVE") == []
        await case.pay("pay-b", 30_000, date(2026, 4, 21))
        assert {r.plan_status for r in await read(it, plan_calendar.page)} == {"ACTIVE"}
        await case.pay("pay-c", 30_000, date(2026, 4, 22))
        rows = await read(it, plan_calendar.page)
        assert {(r.status, r.plan_status, r.cure_by) for r in rows} == {("PAID", "COMPLETED", None)}
        assert "PlanReopened" in await case.bounce("pay-c", date(2026, 4, 23))
        rows = await read(it, plan_calendar.page)
        assert [(r.status, r.plan_status) for r in rows] == [
            ("PAID", "ACTIVE"),
            ("PAID", "ACTIVE"),
            ("OPEN", "ACTIVE"),
        ]
        await case.do(m.TerminatePlan(plan="pln-a", on=date(2026, 4, 24), reason="DEBTOR_ASKED"))
        assert {r.plan_status for r in await read(it, plan_calendar.page)} == {"TERMINATED"}
        assert "PlanCompleted" in await case.pay("pay-d", 30_000, date(2026, 4, 23))
        assert {r.plan_status for r in await read(it, plan_calendar.page)} == {"COMPLETED"}
        assert "PlanReopened" in await case.bounce("pay-d", date(2026, 4, 24))
        assert {r.plan_status for r in await read(it, plan_calendar.page)} == {"TERMINATED"}


@backends
async def test_a_plan_that_would_run_again_beside_the_next_one_has_ended_in_the_calendar(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open(90_000)
        await case.plan("pln-a", 30_000, 1, march(20))
        await case.pay("pay-a", 30_000, march(3))
        await case.plan("pln-b", 60_000, 2, march(25))
        assert "PlanReplaced" in await case.bounce("pay-a", march(5))
        rows = await read(it, plan_calendar.page)
        assert [(r.plan, r.status, r.plan_status) for r in rows] == [
            ("pln-a", "OPEN", "TERMINATED"),
            ("pln-b", "OPEN", "ACTIVE"),
            ("pln-b", "OPEN", "ACTIVE"),
        ]


@backends
async def test_complaints_and_disputes_with_their_answer_dates(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open()
        for ref, kind in (("cmp-a", "CONDUCT"), ("cmp-b", "AMOUNT")):
            await case.do(c.LogComplaint(ref=ref, on=march(2), kind=kind, attempts=()))
        await case.do(c.RaiseDispute(ref="dsp-a", on=march(2), scope="DEBT", amount=None))
        rows = await read(it, complaint_book.complaints)
        late = rows[0].answer_by
        assert [r.as_json(today=late)["overdue"] for r in rows] == [False, False]
        assert [r.as_json(today=LATER)["overdue"] for r in rows] == [True, True]
        answered = c.AnswerComplaint(
            complaint="cmp-a", on=march(4), finding="BREACH", redress=cny(500), by=MAKER
        )
        await case.do(answered)
        await case.do(c.EscalateComplaint(complaint="cmp-a", on=march(5), to="OMBUDSMAN"))
        [told] = await read(it, complaint_book.complaints, status="ESCALATED")
        said = told.as_json(today=LATER)
        assert (said["finding"], said["redress"]) == ("BREACH", {"amount": "5.00", "currency": "CNY"})
        assert (said["answered_on"], said["escalated_to"], said["overdue"]) == (
            "2026-03-04",
            "OMBUDSMAN",
            False,
        )
        assert [r.complaint for r in await read(it, complaint_book.complaints, overdue_on=LATER)] == ["cmp-b"]
        assert await read(it, complaint_book.complaints, overdue_on=late) == []
        [raised] = await read(it, complaint_book.disputes, overdue_on=LATER, case_id=case.case_id)
        assert (raised.scope, raised.status, raised.as_json(today=LATER)["amount"]) == ("DEBT", "OPEN", None)
        await case.do(c.AcknowledgeDispute(dispute="dsp-a", on=march(5), by=MAKER))
        resolved = c.ResolveDispute(
            dispute="dsp-a",
            on=march(6),
            outcome="REJECTED",
            adjustment=None,
            account=None,
            first=None,
            by=MAKER,
        )
        await case.do(resolved)
        assert await read(it, complaint_book.disputes, overdue_on=LATER) == []
        [row] = await read(it, complaint_book.disputes, status="REJECTED")
        assert (row.acknowledged_on, row.decided_on) == (march(5), march(6))
        again = c.ReopenDispute(ref="dsp-b", dispute="dsp-a", on=march(9), material="LETTER-1")
        await case.do(again)
        [row] = await read(it, complaint_book.disputes, status="OPEN")
        assert (row.dispute, row.previous, row.scope, row.raised_on) == ("dsp-b", "dsp-a", "DEBT", march(9))


@backends
async def test_placements_and_referrals_from_their_first_day_to_their_last(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        case = await Lived(it.ledger, "L-1").open()
        placed = c.PlaceWithAgency(
            ref="plc-a", agency="AGENCY-1", on=march(2), until=march(9), evaluated_on=march(1)
        )
        await case.do(placed)
        [row] = await read(it, placement_book.placements, agency="AGENCY-1", status="LIVE")
        assert row.as_json()["until"] == "2026-03-09"
        await case.sweep(march(9))
        assert [r.status for r in await read(it, placement_book.placements)] == ["EXPIRED"]
        again = c.PlaceWithAgency(
            ref="plc-b", agency="AGENCY-2", on=march(10), until=march(30), evaluated_on=march(1)
        )
        await case.do(again)
        await case.do(c.RecallPlacement(placement="plc-b", on=march(12), reason="COMPLAINT"))
        [row] = await read(it, placement_book.placements, status="RECALLED")
        assert (row.as_json()["until"], row.reason) == ("2026-03-12", "COMPLAINT")
        await case.do(c.ConfirmRecall(placement="plc-b", on=march(14)))
        [row] = await read(it, placement_book.placements, status="CONFIRMED", case_id=case.case_id)
        assert row.confirmed_on == march(14)
        assert await read(it, placement_book.placements, agency="AGENCY-3") == []
        await case.do(c.ReferToLegal(ref="ref-a", on=march(15), reason="NO_OTHER_WAY", by=MAKER))
        [row] = await read(it, placement_book.referrals, status="LIVE")
        assert row.as_json()["owed"] == {"amount": "1000.00", "currency": "CNY"}
        await case.do(c.EndLegalReferral(referral="ref-a", on=march(20), outcome="JUDGMENT"))
        [row] = await read(it, placement_book.referrals, status="ENDED", case_id=case.case_id)
        assert (row.ended_on, row.outcome) == (march(20), "JUDGMENT")


@backends
async def test_the_books_cope_with_what_was_erased(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with desk(backend, tmp_path, request) as it:
        await portfolio(it.ledger)
        await it.projections.catch_up()
    _forget(backend, tmp_path, request, "class = 'staff'")
    async with desk(backend, tmp_path, request) as it:
        await it.projections.rebuild(VIEWS)
        rows = await read(it, approvals.page)
        assert {(r.proposed_by, r.decided_by) for r in rows} == {(None, None)}
        [waiting] = [r for r in rows if r.status == "WAITING"]
        assert waiting.approvable(by=MAKER, today=march(8))  # a maker whose name was erased is somebody else
    _forget(backend, tmp_path, request, "true")
    async with desk(backend, tmp_path, request) as it:
        assert (await it.projections.rebuild(VIEWS)).parked == 0
        assert await read(it, promise_book.page) == []
        assert await read(it, plan_calendar.page) == []
        assert await read(it, approvals.page) == []
        assert await read(it, complaint_book.complaints) == []
        assert await read(it, placement_book.placements) == []


def _forget(backend: str, folder: Path, request: pytest.FixtureRequest, which: str) -> None:
    import sqlite3

    if backend == "sqlite":
        with sqlite3.connect(folder / "case.db") as file:
            assert file.execute(f"DELETE FROM data_key WHERE {which}").rowcount
        file.close()
        return
    with psycopg.connect(request.getfixturevalue("pg_dsn")) as server:
        assert server.execute(f'DELETE FROM "case".data_key WHERE {which}').rowcount


def test_every_status_and_kind_has_words_in_both_languages() -> None:
    named = {
        *promise_book.STATUSES, *plan_calendar.STATUSES, *plan_calendar.PLAN_STATUSES, *approvals.STATUSES,
        *approvals.KINDS, *complaint_book.STATUSES, *complaint_book.DISPUTE_STATUSES, *placement_book.STATUSES,
        *placement_book.REFERRAL_STATUSES,
    }  # fmt: skip
    for code in named:
        english, chinese = book_words.word(code, chinese=False), book_words.word(code, chinese=True)
        assert english.isascii()
        assert english != code
        assert not chinese.isascii()
    assert book_words.word("OF_THE_CALLER", chinese=True) == "OF_THE_CALLER"
