"""A winter of collections on the sample: the stories one after the other, on a clock of the demo's own."""

from collections import Counter as Tally
from dataclasses import replace
from typing import TYPE_CHECKING

from services.main.clocks import TEST_CLOCK
from services.main.demo.counter import opened
from services.main.demo.steps import Steps
from services.main.demo.stories import agreements, bank, care, correction, endings, promises
from services.main.demo.stories.tale import HOUR, Tale, cases_of
from services.main.offset_clock import OffsetClock
from services.main.session import Session
from services.main.stores import SqliteFolder

if TYPE_CHECKING:
    from services.case.wiring import CaseService

CLOCK_FILE = "clock.json"
BEGINS = f"2005-10-10{HOUR}"
LEFT_TO_YOU = "TWC-000001"
ACCOUNTS = (
    promises.KEPT, promises.BROKEN, agreements.COMPLETED, agreements.BREACHED, agreements.SETTLED, care.DISPUTED,
    care.RELIEVED, endings.REFERRED, endings.WRITTEN_OFF, correction.CORRECTED, bank.PROMISED,
    LEFT_TO_YOU,
)  # fmt: skip
SIX = ("CaseOpened", "ContactAttempted", "PromiseToPay", "PlanAgreed", "LegalReferred", "Settled")
"""The events that every case system of the field knows by these names."""


def on_its_clock(session: Session, steps: Steps, store: SqliteFolder) -> Session | None:
    """The session by the demo's clock, which is set to the autumn of the sample if it is new.

    None where the store was made by another clock: its past cannot be lived through again.
    """
    file, is_new = store.folder / CLOCK_FILE, not store.file_of("case").is_file()
    if not is_new and not file.is_file():
        return None
    steps.environment = {**steps.environment, TEST_CLOCK: str(file)}
    if not file.is_file():
        steps.title(
            "The sample ends in September 2005: a clock for this store goes on from there",
            "示例数据截至 2005 年 9 月：本账本的时钟由此继续",
        )
        steps.run("clock", "set", BEGINS)
    return replace(session, settings=replace(session.settings, test_clock=file), clock=OffsetClock(file))


def tell(session: Session, steps: Steps, store: SqliteFolder) -> list[str]:
    """Every story; the paths that were called. Raises Stopped where one does not go as told."""
    steps.title(
        "Now work on it: requests to a server, and the days that pass",
        "接下来开始作业：向服务发送请求，时间逐日推进",
    )
    with opened(session, steps) as counter:
        tale = Tale(session, steps, counter, cases_of(session, ACCOUNTS))
        for stories in (promises, agreements, care, endings):
            stories.tell(tale)
        correction.tell(tale, store.folder)
        bank.tell(tale, store.folder)
    _six(session, steps)
    return counter.sent


def left_to_you(session: Session, address: str) -> list[str]:
    """The story that is left to the reader, as two lines to type."""
    case_id = cases_of(session, (LEFT_TO_YOU,))[LEFT_TO_YOU]
    body = '{"amount":{"amount":"1500.00","currency":"TWD"},"due_on":"2006-02-24"}'
    return [
        f'curl -s {address}/v1/cases/{case_id}/promises -H "Authorization: Bearer $TOKEN" '
        f"-H \"Idempotency-Key: mine-1\" --json '{body}'",
        f'curl -s "{address}/v1/cases/{case_id}/timeline" -H "Authorization: Bearer $TOKEN"',
    ]


def _six(session: Session, steps: Steps) -> None:
    """How often each of the six happened."""

    async def work(case: "CaseService") -> Tally[str]:
        found: Tally[str] = Tally()
        for lane in await case.ledger.lanes(case.tenant):
            after = 0
            while rows := await case.ledger.store.read_lane(lane.lane, after=after, limit=1_000):
                found.update(row.type.rpartition(".")[2] for row in rows)
                after = rows[-1].position
        return found

    found = session.with_case(work, views=False)
    steps.title("What happened, in six words", "六个关键事件")
    steps.console.table(
        steps.console.pick("event times", "事件 次数").split(),
        [(name, f"{found[name]:,}") for name in SIX],
        right=(1,),
    )
