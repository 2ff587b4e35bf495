"""Answers that nobody here wrote (domain.md 7): what other systems got wrong, and when it should have happened."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.case.application.asked_as_of import CaseClocks
from services.case.application.handle import CaseDesk, Meta
from services.case.application.sweep import sweep
from services.case.domain.case_commands import PlaceHold
from services.case.domain.commands import LifeCommand
from services.case.domain.delinquency import Bucket, BucketScheme
from services.case.domain.events import StageEntered
from services.case.domain.hold import HoldOverlaps
from services.case.domain.money_commands import BookInstalment, OpenCase, RecordPayment
from services.case.domain.policy import CN_RETAIL_1
from services.case.domain.queue import QueueOrder
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel.clock import FixedClock, day_in
from shared.kernel.parts import Parts
from shared.kernel.policy import PolicyBook
from tests.kit.ledgers import opened
from tests.kit.life import ACCOUNT, DAY, Life, cny, names

OVERDUE = BucketScheme(
    "overdue/1",
    (
        Bucket("CLEAR", 0, 5),
        Bucket("WARNING", 5, 7),
        Bucket("BLOCKED", 7, 11),
        Bucket("CANCELLATION", 11, None),
    ),
)
NO_WEIGHTS = QueueOrder(stage_weight={}, per_day=1, days_max=900, per_thousand=1, thousands_max=10)


def items(life: Life, *days: date) -> None:
    for number, day in enumerate(days):
        life.do(
            BookInstalment(ref=f"ins_{number}", account=ACCOUNT, on=day, amounts=Parts(0, 0, 0, 1_000, "CNY"))
        )


@pytest.mark.parametrize("late", [False, True])
def test_kill_bill_2297_stages_follow_the_oldest_unpaid_item_and_none_is_skipped(late: bool) -> None:
    policy = replace(CN_RETAIL_1, scheme=OVERDUE, queue=NO_WEIGHTS)
    life = Life(policy=policy, today=date(2026, 5, 31)).open(0, days_past_due=1)
    items(life, date(2026, 5, 31), date(2026, 5, 31), date(2026, 6, 2))
    life.do(
        RecordPayment(ref="pay_1", account=ACCOUNT, on=date(2026, 6, 2), amount=cny(2_000), channel="BANK")
    )
    if late:
        life.sweep(date(2026, 6, 14))
    else:
        life.sweep_until(date(2026, 6, 14))
    assert [(event.stage, event.as_of) for event in life.events if isinstance(event, StageEntered)] == [
        ("WARNING", date(2026, 6, 7)),
        ("BLOCKED", date(2026, 6, 9)),
        ("CANCELLATION", date(2026, 6, 13)),
    ]
    stages = [life.picture(date(2026, 6, day)).stage for day in (6, 7, 8, 9, 12, 13)]
    assert stages == ["CLEAR", "WARNING", "WARNING", "BLOCKED", "BLOCKED", "CANCELLATION"]


@pytest.mark.parametrize("late", [False, True])
async def test_kill_bill_2297_on_the_live_desk(late: bool, tmp_path: Path) -> None:
    policies = PolicyBook({"default": (replace(CN_RETAIL_1, scheme=OVERDUE, queue=NO_WEIGHTS),)})
    clock = FixedClock(datetime(2026, 5, 31, 1, tzinfo=UTC))
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path, clock=clock) as ledger:
        desk = CaseDesk(ledger=ledger, tenant="default", policies=policies)
        case_id = desk.case_id("D-1", 1)

        async def do(key: str, command: LifeCommand) -> None:
            today = day_in(clock.now(), "Asia/Shanghai")
            await desk.handle(
                case_id,
                command,
                Meta(actor="system:bank", client="bank", key=key, fingerprint=b"", today=today),
            )

        opening = OpenCase(
            debtor_ref="D-1",
            episode=1,
            debts=(ACCOUNT,),
            on=date(2026, 5, 31),
            arrears=cny(0),
            days_past_due=1,
        )
        await do("open", opening)
        for number, day in enumerate((date(2026, 5, 31), date(2026, 5, 31), date(2026, 6, 2))):
            amounts = Parts(0, 0, 0, 1_000, "CNY")
            await do(
                str(number), BookInstalment(ref=f"ins_{number}", account=ACCOUNT, on=day, amounts=amounts)
            )
        clock.set(datetime(2026, 6, 2, 1, tzinfo=UTC))
        paid = RecordPayment(
            ref="pay_1", account=ACCOUNT, on=date(2026, 6, 2), amount=cny(2_000), channel="BANK"
        )
        await do("paid", paid)
        for day in range(14 if late else 3, 15):
            clock.set(datetime(2026, 6, day, 12, tzinfo=UTC))
            await sweep([case_id], desk=desk, tenant="default", policies=policies, as_of=date(2026, 6, day))
        stored = [seen.event for seen in await ledger.whole_stream(case_id)]
        assert [(event.stage, event.as_of) for event in stored if isinstance(event, StageEntered)] == [
            ("WARNING", date(2026, 6, 7)),
            ("BLOCKED", date(2026, 6, 9)),
            ("CANCELLATION", date(2026, 6, 13)),
        ]
        clocks = CaseClocks(desk=desk, tenant="default", policies=policies)
        for day, stage in ((6, "CLEAR"), (7, "WARNING"), (9, "BLOCKED"), (13, "CANCELLATION")):
            asked = await clocks.case(case_id, as_of=date(2026, 6, day))
            assert asked.picture.stage == stage


def test_erpnext_58220_a_claim_stays_open_for_its_remainder() -> None:
    life = Life().open(0)
    life.do(BookInstalment(ref="ins_1", account=ACCOUNT, on=DAY, amounts=Parts(1_000, 41, 0, 10_000, "CNY")))
    life.do(RecordPayment(ref="pay_1", account=ACCOUNT, on=DAY, amount=cny(10_000), channel="BANK"))
    life.sweep_until(DAY + timedelta(days=5))
    picture = life.picture()
    assert picture.owed == Parts(0, 0, 0, 1_041, "CNY")
    assert str(picture.owed.total) == "10.41 CNY"
    assert (picture.ended, picture.days_past_due, picture.oldest_due) == (None, 5, DAY)
    assert "CaseClosed" not in names(life.events)
    life.do(RecordPayment(ref="pay_2", account=ACCOUNT, on=life.today, amount=cny(1_041), channel="BANK"))
    assert names(life.events)[-2:] == ["CaseCured", "CaseClosed"]


@pytest.mark.parametrize(
    ("first", "until"),
    [(0, 30), (5, 10), (-5, 40), (-5, 1), (29, 60), (0, None), (0, 10), (20, 30), (0, 45), (-5, 30)],
    ids=[
        "the same", "inside", "around", "into the start", "over the end", "without an end",
        "inside, sharing the start", "inside, sharing the end", "around, sharing the start",
        "around, sharing the end",
    ],
)  # fmt: skip
def test_fineract_enclosing_and_overlapping_pauses_are_refused(first: int, until: int | None) -> None:
    life = Life().open()

    def pause(ref: str, from_: int, to: int | None, kind: str = "MORATORIUM") -> PlaceHold:
        end = None if to is None else DAY + timedelta(days=to)
        return PlaceHold(
            ref=ref, kind=kind, on=DAY + timedelta(days=from_), until=end, reason="LAW", stops_interest=True
        )

    life.do(pause("hld_1", 0, 30))
    with pytest.raises(HoldOverlaps):
        life.do(pause("hld_2", first, until))
    assert names(life.events).count("HoldPlaced") == 1
    life.do(pause("hld_0", -9, -5))
    life.do(pause("hld_3", 30, 40))
    life.do(pause("hld_4", first, until, kind="ATTORNEY"))
