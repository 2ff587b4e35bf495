"""Law 10 through the real desk: one mode, one open case, one running plan, one live placement, on any day."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.case.application.handle import Handled
from services.case.domain import case_commands as c
from services.case.domain import mode, plan
from services.case.domain import money_commands as m
from services.case.domain.commands import LifeCommand
from services.case.domain.state import OpenCase
from shared.kernel.refusal import Refused
from tests.kit.importing import row, take_in, write
from tests.kit.life import ACCOUNT, DAY, cny
from tests.laws.office import LawOffice, law_office

quick = settings(
    max_examples=12,
    phases=(Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
KINDS = [
    "place",
    "place",
    "recall",
    "refer",
    "end",
    "quote",
    "offer",
    "offer",
    "agree",
    "agree",
    "terminate",
    "pay",
    "bounce",
]
moves = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 25)), min_size=10, max_size=30
)
"""What to do, to the n-th thing of its kind, and how many days back it is dated."""


def command(kind: str, thing: int, number: int, day: Any) -> LifeCommand:
    """A command as somebody might send it who has not looked at the case."""
    match kind:
        case "place":
            return c.PlaceWithAgency(
                ref=f"plc_{number}", agency="agency-1", on=day, until=day + timedelta(days=30),
                evaluated_on=day,
            )  # fmt: skip
        case "recall":
            return c.RecallPlacement(placement=f"plc_{thing}", on=day, reason="R")
        case "refer":
            return c.ReferToLegal(ref=f"ref_{number}", on=day, reason="R", by="user:a")
        case "end":
            return c.EndLegalReferral(referral=f"ref_{thing}", on=day, outcome="RETURNED")
        case "quote":
            return m.QuotePlan(ref=f"quo_{number}", on=day, total=cny(1_000), count=2, first_due=day)
        case "offer":
            return m.OfferPlan(ref=f"pln_{number}", quote=f"quo_{thing}", on=day, affordability="aff:1")
        case "agree":
            return m.AgreePlan(plan=f"pln_{thing}", on=day, supplement="doc:1")
        case "terminate":
            return m.TerminatePlan(plan=f"pln_{thing}", on=day, reason="R")
        case "pay":
            return m.RecordPayment(
                ref=f"pay_{number}", account=ACCOUNT, on=day, amount=cny(1_000), channel="BANK"
            )
        case _:
            return m.RecordPaymentReturn(
                ref=f"ret_{number}", payment=f"pay_{thing}", on=day, amount=None, reason="R"
            )


def in_a_folder(folders: pytest.TempPathFactory) -> Path:
    return folders.mktemp("ledger")


@quick
@given(moves)
def test_whatever_is_asked_one_of_each_on_every_day(
    tmp_path_factory: pytest.TempPathFactory, some: list[tuple[str, int, int]]
) -> None:
    """Back-dated or not, refused or not: on every day one mode, at most one running plan and one live placement."""

    async def run() -> None:
        async with law_office(in_a_folder(tmp_path_factory)) as office:
            case_id = await office.open()
            numbers = dict.fromkeys(KINDS, 0)
            for step, (kind, thing, back) in enumerate(some):
                today = DAY + timedelta(days=2 * step)
                day = max(DAY, today - timedelta(days=back))
                try:
                    asked = command(kind, thing, numbers[kind], day)
                    await office.do(case_id, f"{step}", asked, today=today)
                    numbers[kind] += 1
                except Refused:
                    continue
            for day in range(0, 2 * len(some) + 40, 3):
                picture = (await office.ask(case_id, DAY + timedelta(days=day))).picture
                placed = [one for one in picture.placements.values() if one.status == mode.LIVE]
                referred = [one for one in picture.referrals.values() if one.status == mode.LIVE]
                running = [one for one in picture.plans.values() if one.status in plan.RUNNING]
                assert len(placed) <= 1
                assert len(placed) + len(referred) <= 1
                assert len(running) <= 1
                wanted = mode.LEGAL if referred else mode.AGENCY if placed else mode.INTERNAL
                assert picture.mode == wanted

    asyncio.run(run())


async def open_cases(office: LawOffice, debtor: str) -> int:
    """How many of the debtor's cases are open, by reading each stream."""
    found = 0
    for episode in (1, 2, 3):
        if await office.ledger.whole_stream(office.desk.case_id(debtor, episode)):
            loaded = await office.desk.load(office.desk.case_id(debtor, episode))
            found += isinstance(loaded.state, OpenCase)
    return found


@pytest.mark.parametrize("who_first", [0, 1])
async def test_reopening_one_case_while_the_next_one_opens_leaves_one_open(
    who_first: int, tmp_path: Path
) -> None:
    """Two requests at once, decided on what each of them saw: one of them is refused, or neither case is doubled."""
    async with law_office(tmp_path) as office:
        for number in range(8):
            debtor = f"D-{number}"
            first = await office.open(debtor, minor=5_000)
            paid = m.RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(5_000), channel="BANK")
            await office.do(first, "pay", paid, today=DAY)
            assert await open_cases(office, debtor) == 0
            back = m.RecordPaymentReturn(ref="ret_1", payment="pay_1", on=DAY, amount=None, reason="R")
            opening = m.OpenCase(
                debtor_ref=debtor, episode=2, debts=(ACCOUNT,), on=DAY, arrears=cny(5_000), days_past_due=40
            )
            asked = [
                office.do(first, "back", back, today=DAY),
                office.do(office.desk.case_id(debtor, 2), "open", opening, today=DAY),
            ]
            answers = await asyncio.gather(*asked[:: -1 if who_first else 1], return_exceptions=True)
            assert any(isinstance(answer, Handled) for answer in answers), answers
            assert await open_cases(office, debtor) == 1


async def test_the_next_episode_is_refused_while_the_last_one_is_open(tmp_path: Path) -> None:
    """A case opened under a number that is not its turn would be a second open case of the debtor."""
    async with law_office(tmp_path) as office:
        await office.open("D-1")
        with pytest.raises(Refused):
            await office.open("D-1", 2)
        assert await open_cases(office, "D-1") == 1


async def test_a_statement_that_opens_the_next_case_and_a_bounce_that_reopens_the_last(
    tmp_path: Path,
) -> None:
    """The import and the desk at once: whoever comes second sees what the first one did."""
    behind, level = (
        row("A-1", "2026-01-31", 1, "50", "0", "CNY"),
        row("A-1", "2026-02-28", 0, "0", "0", "CNY"),
    )
    again = row("A-1", "2026-03-31", 2, "70", "0", "CNY")
    today = date(2026, 4, 1)
    async with law_office(tmp_path) as office:
        first = office.desk.case_id("A-1", 1)
        await take_in(office.ledger, write(tmp_path / "1.csv", [behind]), tmp_path / "rejects.csv")
        paid = m.RecordPayment(
            ref="pay_1", account=None, on=date(2026, 2, 10), amount=cny(5_000), channel="BANK"
        )
        await office.do(first, "pay", paid, today=date(2026, 2, 10))
        await take_in(office.ledger, write(tmp_path / "2.csv", [level]), tmp_path / "rejects.csv")
        assert await open_cases(office, "A-1") == 0
        back = m.RecordPaymentReturn(ref="ret_1", payment="pay_1", on=today, amount=None, reason="R")
        await asyncio.gather(
            take_in(office.ledger, write(tmp_path / "3.csv", [again]), tmp_path / "rejects.csv"),
            office.do(first, "back", back, today=today),
        )
        assert await open_cases(office, "A-1") == 1
