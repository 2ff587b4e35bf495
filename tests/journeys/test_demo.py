"""The demo walks through to its end, twice on one store, and in Chinese."""

import shlex
from dataclasses import replace

import pytest

from tests.kit.command import Command
from tests.kit.served import served

STEPS = (
    "killed; the ledger holds",
    "equal to an import that was left alone: 4,280 events",
    "INVENTED: no person or account of this book exists",
    "4,447 on record already, 0 rejected",
    "SHANGHAI_A",
    "$ quittance report buckets --as-of 2005-09-30",
    "$ quittance report roll-rates --from 2005-08-31 --to 2005-09-30",
    "$ quittance queue list M2 --limit 5",
    "$ quittance case show TWC-000059",
    "+ PaymentReceived, PaymentAllocated, PromiseKept,",
    "+ PaymentReturned, AllocationReversed, PromiseReopened, CaseReopened",
    "+ PromiseBroken",
    "+ PlanAgreed, HoldPlaced",
    "PlanInstalmentPaid, PlanCompleted",
    "+ PlanInstalmentMissed, PlanBreached",
    "+ PlanDefaulted",
    "409  maker-is-checker",
    "+ PaymentReceived, PaymentAllocated, Settled, CaseClosed",
    "+ DisputeUpheld, BalanceAdjusted, HoldLifted",
    "+ ReliefEnded, HoldLifted",
    "+ LegalReferred, HandlingModeChanged",
    "+ DebtWrittenOff",
    "queue: M4+, rank 2,134 → legal",
    "owed 160432.00 TWD",
    "owed 60432.00 TWD",
    "nothing was recorded; leave --dry-run out to do it",
    "cases are with their collectors",
    "2500.00 TWD came in: 1 payments matched",
    "0 imported, 1 on record already",
    "2500.00 TWD went back: 1 returns matched",
    "+ PaymentReturned, AllocationReversed, PromiseReopened\n",
    "-1.000000",
    "the provider reports: DELIVERED",
    "the provider reports: BOUNCED",
    "HOUSE-MEDIA: ",
    "CN-GBT45251-HOURS: ",
    "CN-GBT45251-CALLS: 3 ",
    "the late call itself: NO-PERMIT",
    "found late, a call under a permit: CN-GBT45251-CALLS",
    "outreach: SOFTENED",
    "CN-CC-A70-PLAN: ",
    "One story is yours",
    "VALID",
    "NOT VALID  case lane 1 position",
    "exit code 5",
)


@pytest.mark.timeout(1000)  # months go by in it, twice
def test_the_demo_shows_every_step_and_can_be_shown_again(quittance: Command) -> None:
    quittance = replace(quittance, deadline_s=450)
    first = quittance("demo", "--no-serve")
    assert first.code == 0, first.err
    for step in STEPS:
        assert step in first.out
    assert not (quittance.folder / ".quittance/altered-copy").exists()
    six = first.out[first.out.index("What happened, in six words") :].splitlines()[2:8]
    assert [line.split() for line in six] == [
        ["CaseOpened", "184"],
        ["ContactAttempted", "1"],
        ["PromiseToPay", "3"],
        ["PlanAgreed", "2"],
        ["LegalReferred", "1"],
        ["Settled", "1"],
    ]
    again = quittance("demo", "--no-serve", "--json", QUITTANCE_LANG="zh-CN")
    assert again.code == 0, again.err
    said = again.answer
    assert [step["exit"] for step in said["steps"]] == [1] + [0] * (len(said["steps"]) - 2) + [5]
    assert "导入 0，已有 2,999，拒收 1" in again.err
    assert said["requests"] > 60
    month = first.out[first.out.index("what was done all the same") :].splitlines()
    assert [line.split()[-1] for line in month if line.startswith("cpm_")] == [
        "CN-CC-A70-PLAN", "CN-GBT45251-CALLS", "CN-GBT45251-HOURS", "HOUSE-MEDIA",
    ]  # fmt: skip
    assert [line.split()[-1] for line in month if line.startswith("cat_")] == [
        "CN-GBT45251-CALLS", "NO-PERMIT",
    ]  # fmt: skip
    _the_story_left_to_the_reader_works(quittance, first.out)


def _the_story_left_to_the_reader_works(quittance: Command, told: str) -> None:
    """The line that the demo prints, sent as it stands to what the demo serves."""
    clock = str(quittance.folder / ".quittance/clock.json")
    line = next(line for line in told.splitlines() if "mine-1" in line).strip()
    url, *rest = shlex.split(line)[2:]
    headers = dict(one.split(": ", 1) for one in rest if ": " in one and not one.startswith("{"))
    apart = replace(quittance, environment={**quittance.environment, "QUITTANCE_TEST_CLOCK": clock})
    with served(apart) as here:
        path = url.removeprefix("http://127.0.0.1:8700")
        answer = here.http.post(
            path,
            content=rest[-1],
            headers={"Idempotency-Key": headers["Idempotency-Key"], "Content-Type": "application/json"},
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["events"] == ["PromiseToPay"]


def test_the_demo_wants_a_folder(quittance: Command) -> None:
    done = quittance("demo", "--no-serve", "--store", "postgresql://h/db")
    assert done.code == 2
