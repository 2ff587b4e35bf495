"""What the lists answer: the board, the diary, limitation at risk, costs; pages, filters, as of a day, empty."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from services.legal.domain.ground import Ground
from services.legal.projections import timeline
from services.legal.projections.limitation import risks
from services.legal.projections.matters import board, costs, diary
from services.legal.projections.matters.board import BoardFilter
from shared.eventstore.projection.health import positions
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from tests.legal.kit import CASE, DEBTS, backends
from tests.legal.projections.made_up import made
from tests.legal.projections.told import LAW, Told, told

DAY = date(2026, 3, 2)
OTHER_CASE = "case-6f1c0d1e-0000-8000-8000-000000000002"
DRAW = random.Random(1)


def _matter(number: int) -> str:
    return f"matter-6f1c0d1e-0000-8000-8000-{number:012x}"


def _later(days: int) -> date:
    return DAY + timedelta(days=days)


async def _open(it: Told, number: int, *, case: str = CASE, on: date = DAY, owed: int | None = None) -> str:
    matter = _matter(number)
    known = None if owed is None else Parts(0, 0, 0, owed, "CNY")
    await it.tell(matter, made(m.MatterOpened, DRAW, matter=matter, case=case, on=on, owed=known))
    return matter


def _step(kind: type[Any], number: int, day: int, **said: Any) -> Any:
    given = {"track": f"trk_{number}", "step": f"stp_{number}_{day}", "on": _later(day), **said}
    return made(kind, DRAW, **given)


async def _sued(it: Told, number: int) -> str:
    """A suit in summary procedure, with a hearing on day 60."""
    matter = await _open(it, number)
    await it.tell(
        matter,
        _step(s.SuitAssessed, number, 1, procedure="SUMMARY"),
        _step(s.SuitApproved, number, 2),
        _step(s.SuitFiled, number, 3),
        _step(s.SuitAccepted, number, 5, fee_due=_later(12)),
        _step(s.SuitServed, number, 15),
        _step(s.HearingSet, number, 20, hearing_on=_later(60)),
    )
    return matter


@backends
async def test_the_board_shows_tracks_and_what_falls_due_next(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        assert await it.ask(board.board, BoardFilter(), LAW, as_of=DAY) == []
        sued, quiet = await _sued(it, 1), await _open(it, 2, case=OTHER_CASE, on=_later(1), owed=700)
        await it.tell(quiet, made(m.PlacedWithFirm, DRAW, placement="plf_1", firm="FIRM-Z", until=_later(30)))
        first, second = await it.ask(board.board, BoardFilter(), LAW, as_of=_later(25))
        assert (first.row.thing, second.row.thing) == (sued, quiet)
        [track] = first.tracks
        assert (track.kind, track.status, track.last_step) == ("SUIT", "HEARING_SET", "HEARING_SET")
        assert (first.next.name, first.next.ends_on) == ("DEFENCE", _later(30))
        assert first.overdue >= 1, "the fee was due, and nobody paid it"
        assert second.as_json()["owed"] == {"amount": "7.00", "currency": "CNY"}
        assert second.as_json()["firm"] == "FIRM-Z"
        assert (await it.ask(board.one, quiet, LAW, as_of=_later(30))).as_json()["firm"] is None

        async def which(**wanted: Any) -> list[str]:
            found = await it.ask(board.board, BoardFilter(**wanted), LAW, as_of=_later(25))
            return [one.row.thing for one in found]

        assert await which(case=OTHER_CASE) == [quiet]
        assert await which(kind="SUIT") == await which(step="HEARING_SET") == [sued]
        assert await which(kind="ARBITRATION") == await which(kind="SUIT", step="FILED") == []
        assert await which(firm="FIRM-Z") == [quiet]
        assert await which(due_before=_later(13)) == [sued]
        assert await which(due_before=_later(3)) == []
        await it.tell(quiet, made(m.MatterClosed, DRAW, matter=quiet, on=_later(9), outcome="PAID"))
        assert await which(status="CLOSED") == [quiet]
        assert await which(status="OPEN") == [sued]
        assert (await it.ask(board.one, quiet, LAW, as_of=_later(25))).as_json()["age_days"] == 8


@backends
async def test_pages_go_on_where_the_last_one_ended_and_do_not_shift(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        for number in range(1, 8):
            await _open(it, number, on=_later(number % 3))
        view = next(one for one in it.projections.views if one.name == "legal.matters")
        pin = await it.ask(lambda connection: positions(connection, view))
        await _open(it, 9, on=DAY)
        seen: list[str] = []
        after = None
        while rows := await it.ask(board.board, BoardFilter(), LAW, as_of=DAY, after=after, limit=3, pin=pin):
            seen += [one.row.thing for one in rows]
            after = rows[-1].row.cursor
        assert seen == [_matter(number) for number in (3, 6, 1, 4, 7, 2, 5)]


@backends
async def test_the_diary_tells_what_falls_due_by_day_and_judges_as_of_a_day(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        assert await it.ask(diary.diary, LAW, from_=DAY, until=_later(90), as_of=DAY) == []
        sued = await _sued(it, 1)

        async def falls(from_: int, until: int, *, as_of: int, **how: Any) -> list[tuple[str, date, str]]:
            found = await it.ask(
                diary.diary, LAW, from_=_later(from_), until=_later(until), as_of=_later(as_of), **how
            )
            return [(one.due.name, one.due.ends_on, one.due.state) for one in found]

        assert ("COURT_FEE", _later(12), "RUNNING") in await falls(0, 90, as_of=8)
        assert ("COURT_FEE", _later(12), "EXPIRED") in await falls(0, 90, as_of=13)
        assert ("HEARING", _later(60), "RUNNING") in await falls(60, 61, as_of=30)
        assert await falls(61, 62, as_of=30) == []
        assert "HEARING" not in [name for name, *_ in await falls(0, 90, as_of=19)], "not told by then"
        days = [on for _, on, _ in await falls(0, 300, as_of=30)]
        assert days == sorted(days)
        assert {name for name, *_ in await falls(0, 300, as_of=30, whose="COURT")} < {
            name for name, *_ in await falls(0, 300, as_of=30)
        }
        await it.tell(sued, _step(s.HearingSet, 1, 40, hearing_on=_later(75)))
        assert [on for name, on, _ in await falls(0, 90, as_of=41) if name == "HEARING"] == [_later(75)]
        assert [on for name, on, _ in await falls(0, 90, as_of=30) if name == "HEARING"] == [_later(60)]
        await it.tell(sued, _step(s.SuitHeard, 1, 75))
        assert "HEARING" not in [name for name, *_ in await falls(0, 90, as_of=76)]
        assert ("HEARING", _later(75), "KEPT") in await falls(0, 90, as_of=76, met=True)
        paged = []
        after = None
        while rows := await it.ask(
            diary.diary, LAW, from_=DAY, until=_later(300), as_of=_later(80), met=True, after=after, limit=2
        ):
            paged += [one.due.key for one in rows]
            after = rows[-1].cursor
        whole = await it.ask(diary.diary, LAW, from_=DAY, until=_later(300), as_of=_later(80), met=True)
        assert paged == [one.due.key for one in whole]
        await it.tell(sued, made(m.MatterClosed, DRAW, matter=sued))
        assert await falls(0, 300, as_of=80, met=True) == []


async def test_days_that_another_law_gave_hide_nothing(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A new pack gives longer periods: what the rows were found by is of the old one, what is shown of the new."""
    async with told("sqlite", tmp_path, request) as it:
        sued = await _sued(it, 1)
        defence = next(one for one in LAW.law.clock if one.name == "defence")
        longer = replace(defence, length=tuple(replace(one, days=one.days + 100) for one in defence.length))
        pack = replace(LAW.law, version="2027.1.0", clock=(longer,))
        new = Ground(law=pack, zone=LAW.zone)
        span = {"from_": _later(120), "until": _later(150), "as_of": _later(25)}
        assert await it.ask(diary.diary, LAW, **span) == []
        [found] = await it.ask(diary.diary, new, **span)
        assert (found.matter, found.due.name, found.law) == (sued, "DEFENCE", "cn.law/2027.1.0")


async def _owing(it: Told, *, due: date, debts: tuple[str, ...] = DEBTS) -> None:
    """A case with these debts, all due on a day."""
    for debt in debts:
        joined = made(p.DebtJoined, DRAW, case=CASE, debt=debt, on=due)
        await it.tell(CASE, joined)
        await it.tell(debt, joined)
        await it.tell(debt, _proof(f"prf_due_{debt[-2:]}", "performance_due", due))


def _proof(ref: str, kind: str, on: date, **said: Any) -> Any:
    given: dict[str, Any] = {
        "proof": ref, "kind": kind, "on": on, "debts": (), "person": None, "others": (), "thing": None, "case": CASE,
        "evidence": "CARRIER", **said,
    }  # fmt: skip
    return made(p.ProofRecorded, DRAW, **given)


@backends
async def test_what_expires_soon_is_told_with_its_balance_and_its_weakest_proof(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        as_of = date(2026, 11, 22)

        async def soon(within: int = 180, *, on: date = as_of, case: str | None = None) -> list[risks.AtRisk]:
            found: list[risks.AtRisk] = await it.ask(
                risks.at_risk, LAW, within_days=within, as_of=on, case=case
            )
            return found

        assert await soon() == []
        await _owing(it, due=date(2023, 12, 20))
        first, second = await soon()
        assert {first.read.debt, second.read.debt} == set(DEBTS)
        assert first.read.raw_on == date(2026, 12, 20)
        assert first.ends_on == date(2026, 12, 21), "the 20th is a Sunday"
        assert first.owed is None
        assert len(await soon(30)) == 2
        assert await soon(30, on=date(2026, 11, 20)) == []
        await it.tell(DEBTS[0], _proof("prf_1", "demand_delivered", date(2024, 2, 5)))
        [first] = await soon(30)
        assert first.read.debt == DEBTS[1]
        first, second = await soon()
        assert second.read.weakest is not None
        assert second.as_json()["weakest"]["proof"] == "prf_1"
        assert second.as_json()["weakest"]["raw_without"] == "2026-12-20"
        await it.tell(DEBTS[0], made(p.ProofRetracted, DRAW, proof="prf_1", on=date(2026, 11, 1)))
        assert len(await soon(30)) == 2
        await it.tell(DEBTS[0], made(p.ProofRestored, DRAW, proof="prf_1", on=date(2026, 11, 2)))
        assert len(await soon(30)) == 1
        matter = await _open(it, 1, owed=90_000)
        assert [one.owed for one in await soon()] == [None, None], "of two debts the referral says no balance"
        owed = Parts(0, 0, 0, 12_300, "CNY")
        stated = made(m.ClaimStated, DRAW, debt=DEBTS[1], as_of=date(2026, 11, 1), owed=owed, claimed=owed)
        await it.tell(matter, stated)
        found = await soon()
        assert found[0].as_json()["owed"] == {"amount": "123.00", "currency": "CNY"}
        of_180, of_90, of_30 = risks.totals(found, within_days=180)
        assert (of_180.debts, of_90.debts, of_30.debts) == (2, 2, 1)
        assert (of_180.unknown, of_30.unknown, of_30.owed) == (1, 0, (("CNY", 12_300),))
        assert [one.read.debt for one in risks.behind(found, found[0].cursor, 9)] == [found[1].read.debt]
        assert await soon(case=OTHER_CASE) == []
        await it.tell(CASE, made(p.DebtLeft, DRAW, case=CASE, debt=DEBTS[1], on=date(2026, 11, 20)))
        assert [one.owed and one.owed.minor for one in await soon()] == [90_000], "the only debt left"


async def test_a_year_without_a_calendar_is_told_with_its_raw_day(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told("sqlite", tmp_path, request) as it:
        await _owing(it, due=date(2025, 2, 6), debts=DEBTS[:1])
        [one] = await it.ask(risks.at_risk, LAW, within_days=90, as_of=date(2028, 1, 10))
        shown = one.as_json()
        assert (shown["state"], shown["expires_on"]) == ("CALENDAR_MISSING", None)
        assert shown["day"] == shown["raw_on"] == "2028-02-06"


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_left_out_before_reading_would_not_have_expired(
    seed: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The views leave out what surely lasts longer: reading every case gives the same list."""
    draw = random.Random(seed)
    async with told("sqlite", tmp_path, request) as it:
        cases = [f"case-6f1c0d1e-0000-8000-8000-{n:012x}" for n in range(40)]
        for number, case in enumerate(cases):
            debt = f"account-6f1c0d1e-0000-8000-8000-{number:012x}"
            due = date(2023, 6, 1) + timedelta(days=draw.randrange(700))
            joined = made(
                p.DebtJoined, draw, case=case, debt=debt, on=due + timedelta(days=draw.choice((0, 400)))
            )
            await it.tell(case, joined)
            await it.tell(debt, joined, _proof(f"prf_{number}", "performance_due", due))
            for again in range(draw.randrange(4)):
                on = due + timedelta(days=draw.randrange(1000))
                kind = draw.choice(
                    ("demand_delivered", "promise", "part_payment", "sued", "title_performance_due")
                )
                person = draw.choice((None, None, "prs_2"))
                about = draw.choice((case, debt))
                await it.tell(about, _proof(f"prf_{number}_{again}", kind, on, person=person, case=case))
                if draw.random() < 0.3:
                    await it.tell(about, made(p.ProofRetracted, draw, proof=f"prf_{number}_{again}", on=on))
        for as_of in (date(2026, 3, 1), date(2026, 11, 22), date(2027, 5, 1)):
            found = await it.ask(risks.at_risk, LAW, within_days=180, as_of=as_of)
            every = await it.ask(_all_of, cases, as_of)
            late = {one.cursor for one in every} - {one.cursor for one in found}
            assert {one.cursor for one in found} <= {one.cursor for one in every}
            assert late == set()
            assert found, "nothing expires: the test says nothing"


def _all_of(connection: Any, cases: list[str], as_of: date) -> list[risks.AtRisk]:
    until = as_of + timedelta(days=180)
    return [
        risks.AtRisk(case=case, read=one, owed=None, as_of=as_of, law=LAW.named)
        for case, claims in risks.claims_of(connection, cases).items()
        for one in risks.ending(risks.limitation(claims, LAW.law, as_of=as_of), as_of, until)
    ]


@backends
async def test_costs_are_summed_by_matter_and_by_firm_without_what_was_taken_back(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        assert await it.ask(costs.costs, by="matter", as_of=DAY) == []
        first, second = await _open(it, 1), await _open(it, 2, case=OTHER_CASE)

        def cost(ref: str, minor: int, borne_by: str, firm: str | None, **said: Any) -> Any:
            given = {"cost": ref, "amount": Money(minor, "CNY"), "on": DAY, "borne_by": borne_by, **said}
            return made(m.MatterCostBooked, DRAW, firm=firm, **given)

        await it.tell(first, cost("cst_1", 100, "LENDER", "FIRM-A"), cost("cst_2", 50, "DEBTOR", None))
        await it.tell(
            second, cost("cst_3", 7, "OTHER_SIDE", "FIRM-A"), cost("cst_4", 1, "LENDER", None, on=_later(9))
        )

        async def sums(by: str, day: int = 20, **how: Any) -> list[tuple[str | None, int, int, int, int]]:
            found = await it.ask(costs.costs, by=by, as_of=_later(day), **how)
            return [(one.of, one.total, one.lender, one.debtor, one.other_side) for one in found]

        assert await sums("matter") == [(first, 150, 100, 50, 0), (second, 8, 1, 0, 7)]
        assert await sums("firm") == [(None, 51, 1, 50, 0), ("FIRM-A", 107, 100, 0, 7)]
        assert await sums("firm", after=("", "CNY")) == [("FIRM-A", 107, 100, 0, 7)]
        assert await sums("matter", 5, case=OTHER_CASE) == [(second, 7, 0, 0, 7)]
        await it.tell(first, made(m.MatterCostReversed, DRAW, cost="cst_1", on=_later(10)))
        assert (await sums("matter"))[0] == (first, 50, 0, 50, 0)
        assert (await sums("matter", 9))[0] == (first, 150, 100, 50, 0)
        shown = (await it.ask(costs.costs, by="firm", as_of=_later(20)))[0].as_json("firm")
        assert shown["total"] == {"amount": "0.51", "currency": "CNY"}


async def test_a_timeline_tells_in_both_languages_and_goes_on_behind_a_version(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told("sqlite", tmp_path, request) as it:
        sued = await _sued(it, 1)
        told_ = await it.ask(timeline.entries, sued)
        assert [one.type for one in told_][:3] == [
            "legal.MatterOpened",
            "legal.SuitAssessed",
            "legal.SuitApproved",
        ]
        assert told_[6].as_json("en")["text"] == f"For {_later(60)}, told on {_later(20)}."
        assert told_[6].as_json("zh-CN")["title"] == "排期开庭"
        assert [one.version for one in await it.ask(timeline.entries, sued, after=3, limit=1)] == [4]
        assert await it.ask(timeline.entries, _matter(5)) == []
