"""Where a case stands while things happen to it: what waits is not handed to a collector, and comes back by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from tests.case.projections.working import floor
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, DAY, cny

LATER = DAY + timedelta(days=10)
HOLDS: dict[str, tuple[str, Any]] = {
    "a dispute of the whole debt": (
        "DISPUTE",
        c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY),
    ),
    "hardship": ("HARDSHIP", c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY)),
    "a complaint": ("COMPLAINT", c.LogComplaint(ref="cmp_1", kind="CONDUCT", on=DAY, attempts=())),
    "a death": ("DECEASED", c.ReportDeath(ref="rep_1", on=DAY, confirmed=False)),
    "incapacity": ("INCAPABLE", c.RecordIncapacity(ref="rep_1", on=DAY)),
    "a moratorium": (
        "MORATORIUM",
        c.PlaceHold(ref="hld_1", kind="MORATORIUM", on=DAY, until=None, reason="COURT", stops_interest=True),
    ),
}


def attempt(ref: str, outcome: str) -> c.RecordAttempt:
    """A call."""
    return c.RecordAttempt(
        attempt_ref=ref, at=datetime(2026, 3, 2, 2, tzinfo=UTC), on=DAY, channel="VOICE", outcome=outcome,
        actor_kind="COLLECTOR", permit=None,
    )  # fmt: skip


def revised(ref: str, revision: int, outcome: str, *, retracted: bool = False) -> c.ReviseAttempt:
    """The call by what is known later."""
    return c.ReviseAttempt(
        attempt_ref=ref, revision=revision, at=datetime(2026, 3, 2, 2, tzinfo=UTC), on=DAY, outcome=outcome,
        permit=None, rules=(), retracted=retracted,
    )  # fmt: skip


def promise(ref: str = "prm_1", minor: int = 30_000) -> m.TakePromise:
    """Given today, due in ten days."""
    return m.TakePromise(ref=ref, on=DAY, amount=cny(minor), due=LATER, given_by="DEBTOR")


@pytest.mark.parametrize("why", HOLDS)
async def test_a_case_on_hold_is_handed_to_nobody_and_says_what_it_waits_for(
    why: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kind, command = HOLDS[why]
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        assert await it.queue(case) == "M1"
        await it.do(case, command)
        row = await it.row(case)
        assert row is not None
        assert row.queue == "on-hold"
        assert [(one.kind, one.code) for one in row.waits_for()] == [("HOLD", kind)]
        assert row.why("en").startswith("waits for ")
        assert row.why("zh-CN").startswith("等待：")
        assert await it.take("mei") is None


async def test_a_relief_granted_says_how_long_the_case_waits(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=DAY))
        await it.do(
            case,
            c.GrantRelief(
                relief="rlf_1", on=DAY, until=LATER, measures=("GRACE",), ageing="FREEZE", by="user:b"
            ),
        )
        row = await it.row(case)
        assert row is not None
        assert [one.until for one in row.waits_for()] == [LATER]


async def test_what_was_written_off_is_no_arrears_of_a_case_opened_again(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        await it.pass_days(1, case)
        propose = m.ProposeWriteOff(ref="wof_1", on=it.today, reason="UNCOLLECTABLE", by="user:a")
        await it.do(case, propose)
        await it.do(case, m.ApproveWriteOff(write_off="wof_1", on=it.today, by="user:b"))
        await it.pass_days(1, case)
        await it.do(case, c.ReopenCase(on=it.today, reason="MONEY_CAME"))
        row = await it.row(case)
        assert row is not None
        assert row.arrears_minor == 0


async def test_a_dispute_of_a_part_leaves_the_rest_to_be_collected(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, c.RaiseDispute(ref="dsp_1", scope="PART", amount=cny(500), on=DAY))
        row = await it.row(case)
        assert row is not None
        assert (row.queue, row.waits_for()) == ("M1", [])


@backends
async def test_a_promise_waits_for_its_day_and_comes_back_broken_further_up(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case, other = await it.open("D-1"), await it.open("D-2", 900_000)
        assert await it.take("mei") == other
        await it.do(case, promise())
        row = await it.row(case)
        assert row is not None
        assert (row.queue, [(w.kind, w.until) for w in row.waits_for()]) == ("promised", [("WORD", LATER)])
        assert await it.take("tom") is None
        await it.pass_days(9, case)
        assert await it.queue(case) == "promised"
        await it.pass_days(5, case)
        row = await it.row(case)
        assert row is not None
        assert (row.queue, row.waits_for(), row.rank_promises) == ("M1", [], 400)
        assert "broken promises: 400" in row.why("en")
        assert await it.take("ann") == case


async def test_a_kept_promise_and_what_it_paid_are_in_the_figures(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1", 100_000)
        await it.do(case, promise(minor=30_000))
        await it.do(
            case, m.RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(30_000), channel="BANK")
        )
        row = await it.row(case)
        assert row is not None
        assert (row.queue, row.arrears_minor, row.rank_promises) == ("M1", 70_000, 0)
        await it.do(
            case,
            m.RecordPaymentReturn(
                ref="ret_1", payment="pay_1", on=DAY, amount=cny(30_000), reason="NO_FUNDS"
            ),
        )
        row = await it.row(case)
        assert row is not None
        assert (row.queue, row.arrears_minor) == ("promised", 100_000)
        assert [one.until for one in row.waits_for()] == [LATER]


async def test_a_plan_holds_until_it_is_broken_off(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        quoted = await it.do(
            case, m.QuotePlan(ref="quo_1", on=DAY, total=cny(60_000), count=3, first_due=LATER)
        )
        assert quoted.events
        offered = await it.do(case, m.OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="aff-1"))
        assert offered.events
        assert await it.queue(case) == "M1"
        await it.do(case, m.AgreePlan(plan="pln_1", on=DAY, supplement="doc-1"))
        assert await it.queue(case) == "on-hold"
        await it.do(case, m.TerminatePlan(plan="pln_1", on=DAY, reason="BY_DEBTOR"))
        assert await it.queue(case) == "M1"


@backends
async def test_who_may_collect_names_the_queue(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case = await it.open("D-1", days=200)
        placed = c.PlaceWithAgency(
            ref="plc_1", agency="AG-1", on=DAY, until=DAY + timedelta(days=3), evaluated_on=DAY
        )
        await it.do(case, placed)
        row = await it.row(case)
        assert row is not None
        assert (row.queue, [w.code for w in row.waits_for()]) == ("agency", ["AGENCY"])
        await it.pass_days(3, case)
        assert await it.queue(case) == "M4+"
        await it.do(case, c.ReferToLegal(ref="ref_1", on=it.today, reason="NO_OTHER_WAY", by="user:chen"))
        assert await it.queue(case) == "legal"
        await it.do(case, c.EndLegalReferral(referral="ref_1", on=it.today, outcome="NO_CLAIM"))
        assert await it.queue(case) == "M4+"


async def test_a_settlement_agreed_on_waits_and_one_to_be_approved_does_not(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        offer = m.ProposeSettlement(ref="stl_1", on=DAY, amount=cny(10_000), pay_by=LATER, by="user:chen")
        await it.do(case, offer)
        assert await it.queue(case) == "M1"
        await it.do(case, m.ApproveSettlement(settlement="stl_1", on=DAY, by="user:wang"))
        assert await it.queue(case) == "promised"
        await it.pass_days(11, case)
        assert await it.queue(case) == "M1"


async def test_who_was_tried_and_never_reached_comes_before_who_was(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, attempt("att-1", "NO_ANSWER"))
        row = await it.row(case)
        assert row is not None
        assert (row.rank_contact, row.rank) == (200, sum(row[4:7]) + 200)
        assert "从未联系到本人：200 分" in row.why("zh")
        await it.do(case, attempt("att-2", "RIGHT_PARTY"))
        row = await it.row(case)
        assert row is not None
        assert row.rank_contact == 0


@backends
async def test_an_outcome_corrected_and_corrected_back_moves_the_case(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor(backend, tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, revised("att-0", 2, "NO_ANSWER"))
        row = await it.row(case)
        assert row is not None
        assert row.rank_contact == 0, "nobody told of the attempt itself"
        await it.do(case, attempt("att-1", "NO_ANSWER"))
        ranks = []
        for number, outcome in ((3, "RIGHT_PARTY"), (2, "NO_ANSWER"), (4, "NO_ANSWER")):
            await it.do(case, revised("att-1", number, outcome))
            row = await it.row(case)
            assert row is not None
            ranks.append(row.rank_contact)
        assert ranks == [0, 0, 200]
        await it.do(case, revised("att-1", 5, "NO_ANSWER", retracted=True))
        row = await it.row(case)
        assert row is not None
        assert row.rank_contact == 0, "nobody was tried"


async def test_a_closed_case_leaves_and_one_opened_again_stands_where_its_life_puts_it(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        await it.do(case, c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=DAY))
        await it.do(case, c.ResolveDispute(
            dispute="dsp_1", on=DAY, outcome="REJECTED", adjustment=None, account=None, first=None, by="user:chen"
        ))  # fmt: skip
        await it.do(
            case, m.RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(100_000), channel="BANK")
        )
        assert await it.queue(case) is None
        assert await it.take("mei") is None
        await it.do(case, m.RecordPaymentReturn(
            ref="ret_1", payment="pay_1", on=DAY, amount=cny(100_000), reason="NO_FUNDS"
        ))  # fmt: skip
        row = await it.row(case)
        assert row is not None
        assert (row.queue, row.arrears_minor) == ("M1", 100_000)


async def test_a_hold_with_an_end_ends_on_its_day(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with floor("sqlite", tmp_path, request) as it:
        case = await it.open("D-1")
        until = DAY + timedelta(days=5)
        await it.do(case, c.PlaceHold(
            ref="hld_1", kind="CEASE", on=DAY, until=until, reason="DEBTOR_ASKED", stops_interest=False
        ))  # fmt: skip
        await it.pass_days(4, case)
        row = await it.row(case)
        assert row is not None
        assert (row.queue, [w.until for w in row.waits_for()]) == ("on-hold", [until])
        await it.pass_days(1, case)
        assert await it.queue(case) == "M1"
