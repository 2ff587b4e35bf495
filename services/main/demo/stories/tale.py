"""How a story is told: a title, requests and days, the events that were appended, and how the queue changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from services.main.demo.counter import COLLECTOR, Answer, Counter
from services.main.demo.steps import Steps
from services.main.offset_clock import OffsetClock
from services.main.session import Session
from services.main.usage import Stopped
from shared.kernel import clock

if TYPE_CHECKING:
    from services.case.wiring import CaseService

ZONE = "Asia/Shanghai"
HOUR = "T09:00:00+08:00"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: its version, and its queue and rank (None: in no queue)."""

    version: int
    queue: str | None
    rank: int | None


@dataclass(slots=True)
class Tale:
    """Tells stories. `cases`: the newest case of each account of a story, with its debts."""

    session: Session
    steps: Steps
    counter: Counter
    cases: dict[str, str] = field(default_factory=dict)
    _case: str = ""
    _name: str = ""
    _sent: int = 0
    _version: int = 0

    @property
    def case_id(self) -> str:
        """The case of the story that is being told."""
        return self._case

    @property
    def today(self) -> date:
        """The tenant's day by the test clock."""
        return clock.day_in(self.session.clock.now(), ZONE)

    @contextmanager
    def story(self, name: str, account: str, en: str, zh: str) -> Iterator[None]:
        """Tell a story about the case of an account; at its end, how the case's place in the queues changed."""
        self.steps.title(f"{en} ({account})", f"{zh}（{account}）")
        self._name, self._case, self._sent = name, self.cases[account], 0
        before = self._place()
        self._version = before.version
        yield
        after = self._place()
        if (before.queue, before.rank) == (after.queue, after.rank):
            self.steps.console.tell(
                f"  queue: stays, {_where(after, en=True)}", f"  队列：不变，{_where(after, en=False)}"
            )
        else:
            self.steps.console.tell(
                f"  queue: {_where(before, en=True)} → {_where(after, en=True)}",
                f"  队列：{_where(before, en=False)} → {_where(after, en=False)}",
            )

    def ask(
        self,
        path: str,
        body: dict[str, Any],
        *,
        by: str = COLLECTOR,
        deciding: bool = False,
        fails: bool = False,
    ) -> Answer:
        """Send a command; `deciding`: on the version of the case as it is now; `fails`: it must be refused.

        Raises Stopped where the server does not do what the story says.
        """
        self._sent += 1
        seen = self.counter.seen(self._case) if deciding else None
        answer = self.counter.post(path, body, key=f"demo-{self._name}-{self._sent}", by=by, seen=seen)
        if (answer.status >= 400) is not fails:
            raise Stopped(
                en="the server did not do what the story says: this is a bug, please report it",
                zh="服务的应答与情节不符：这是一个缺陷，请报告",
            )
        self._version = answer.said.get("version", self._version)
        return answer

    def about(self, what: str, body: dict[str, Any], **how: Any) -> Answer:
        """Send a command about the case of the story: `promises`, `disputes` …"""
        return self.ask(f"/v1/cases/{self._case}/{what}", body, **how)

    def go_to(self, day: date) -> None:
        """Let the clock go on to the morning of a day, as `quittance clock set` does, and judge the days that ended.

        The server's worker may be first to judge them; what they led to is told in either case.
        """
        if self.today < day:
            clock_of_tests = self.session.clock
            assert isinstance(clock_of_tests, OffsetClock), "the stories go by a clock of their own"
            clock_of_tests.set(datetime.fromisoformat(f"{day}{HOUR}"))
        self.steps.console.tell(
            f"  … {self.today}: the days up to yesterday are judged", f"  … {self.today}：截至昨日逐日判定"
        )
        named = self.session.with_case(self._judged)
        if named:
            self.steps.console.say(f"       + {', '.join(named)}")

    async def _judged(self, case: "CaseService") -> list[str]:
        """The events of the case of the story since its last request, once every day that is over was swept."""
        async for swept in case.days.sweep_missed():
            if swept.failed:
                raise Stopped(
                    en="a case could not be judged: this is a bug, please report it",
                    zh="有案件无法判定：这是一个缺陷，请报告",
                )
        history = (await case.acts.load(self._case)).history
        new = [seen.row.type.rpartition(".")[2] for seen in history if seen.row.version > self._version]
        self._version = history[-1].row.version
        return new

    def _place(self) -> Place:
        import sqlalchemy as sa

        from services.case.projections import work_queue

        where = sa.select(work_queue.QUEUE).where(work_queue.QUEUE.c.case_id == self._case)

        async def work(case: "CaseService") -> Place:
            found = await case.projections.ask(
                lambda connection: connection.execute(where).mappings().first(), work_queue.VIEW
            )
            version = (await case.acts.load(self._case)).version
            if found is None or found["queue"] == work_queue.ASIDE:
                return Place(version, None, None)
            return Place(version, found["queue"], found["rank"])

        return self.session.with_case(work)


def _where(place: Place, *, en: bool) -> str:
    if place.queue is None:
        return "in none" if en else "不在队列中"
    return f"{place.queue}, rank {place.rank:,}" if en else f"{place.queue}，排序分 {place.rank:,}"


def twd(amount: str) -> dict[str, str]:
    """An amount in the sample's currency, as requests have it."""
    return {"amount": amount, "currency": "TWD"}


def cases_of(session: Session, accounts: tuple[str, ...]) -> dict[str, str]:
    """The newest case of each account. Raises Stopped where one has none: the store holds another book."""
    from services.case.projections import case_list

    async def work(case: "CaseService") -> dict[str, str]:
        await case.projections.catch_up(case_list.VIEW)
        found: dict[str, str] = {}
        for account in accounts:
            rows = await case.ask(
                lambda connection, ref=account: case_list.page(connection, debtor_ref=ref)  # type: ignore[misc]
            )
            if not rows:
                raise Stopped(
                    en="the store holds another book than the sample; start with an empty folder: --store sqlite:///DIR/",
                    zh="该账本中不是示例数据；请使用空目录：--store sqlite:///目录/",
                )
            found[account] = rows[-1].case_id
        return found

    return session.with_case(work)
