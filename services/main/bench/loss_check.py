"""Does the store hold what was acknowledged, and did the follower see what the store holds?"""

from dataclasses import dataclass, field

from services.main.bench.loss_journal import Tail, Told
from shared.eventstore.ledger import Ledger

PAGE = 5_000


@dataclass(slots=True)
class LossReport:
    """Counts over the whole run; `lost` to `gaps` must be 0. `faults` says in words what was found, at most a few.

    `resolved`: commands sent again after a crash that the store already had.
    """

    rounds: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    events: int = 0
    acknowledged: int = 0
    resolved: int = 0
    lost: int = 0
    doubled: int = 0
    missed: int = 0
    repeated: int = 0
    gaps: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing acknowledged was lost or stored twice; nothing missed, repeated or out of order; no gap."""
        return not (self.lost or self.doubled or self.missed or self.repeated or self.gaps)

    def fault(self, text: str) -> None:
        """Note one, while there is room."""
        if len(self.faults) < 20:
            self.faults.append(text)


class Log:
    """What the store says, read once from the start to the head and kept as ids: position n is at index n - 1."""

    def __init__(self, ledger: Ledger, report: LossReport) -> None:
        self._ledger, self._report = ledger, report
        self.commands: list[bytes] = []
        self.events: list[bytes] = []
        self.count: dict[bytes, int] = {}

    async def read_on(self) -> None:
        """To the present head. A position that is not the next one is a gap."""
        lane = (await self._ledger.lanes())[0].lane
        while rows := await self._ledger.read_lane(lane, after=len(self.events), limit=PAGE):
            for row in rows:
                if row.position != len(self.events) + 1:
                    self._report.gaps += 1
                    self._report.fault(f"position {row.position} follows {len(self.events)}")
                self.commands.append(row.command_id)
                self.events.append(row.event_id)
                self.count[row.command_id] = self.count.get(row.command_id, 0) + 1
        self._report.events = len(self.events)


class WriterCheck:
    """One writer process's journal against the log."""

    def __init__(self, ledger: Ledger, tail: Tail, report: LossReport) -> None:
        self._ledger, self._tail, self._report = ledger, tail, report
        self._told, self._checked = Told(), 0

    def read_on(self) -> int:
        """Take in what was written since; the number of commands acknowledged so far."""
        for line in self._tail.more():
            self._told.add(line)
        return len(self._told.acknowledged)

    def check(self, log: Log) -> None:
        """Each new acknowledgement: its command stands where it was said to, with all its events, once.

        Each refusal: nothing of it stands anywhere.
        """
        fresh = list(self._told.acknowledged.items())[self._checked :]
        for key, position in fresh:
            wanted = self._ledger.command_id("loss", "append", key).bytes
            if position > len(log.commands) or log.commands[position - 1] != wanted:
                self._report.lost += 1
                self._report.fault(f"{key}: acknowledged at {position}, not there")
            elif log.count[wanted] != self._told.intents[key].events:
                self._report.doubled += 1
                self._report.fault(f"{key}: {log.count[wanted]} events, not {self._told.intents[key].events}")
        self._checked += len(fresh)
        self._report.acknowledged += len(fresh)

    def check_refusals(self, log: Log) -> None:
        """At the end: nothing of a refused command stands anywhere; a stream of one process alone never refused."""
        self._report.resolved += self._told.replayed
        for key in self._told.refused:
            if self._ledger.command_id("loss", "append", key).bytes in log.count:
                self._report.doubled += 1
                self._report.fault(f"{key}: refused, yet stored")
            if self._told.intents[key].ref.count("-") > 1:
                self._report.lost += 1
                self._report.fault(f"{key}: refused on a stream that nobody else writes")


class FollowerCheck:
    """The follower's journal against the log."""

    def __init__(self, tail: Tail, report: LossReport) -> None:
        self._tail, self._report = tail, report
        self._seen: list[tuple[int, str]] = []
        self._checked = 0

    def read_on(self) -> int:
        """Take in what was written since; the last position."""
        for line in self._tail.more():
            position, event_id = line.split()
            self._seen.append((int(position), event_id))
        return self._seen[-1][0] if self._seen else 0

    def check(self, log: Log) -> None:
        """Each position once, in order, none left out, and the very event that stands there."""
        while self._checked < len(self._seen) and self._seen[self._checked][0] <= len(log.events):
            position, event_id = self._seen[self._checked]
            before = self._seen[self._checked - 1][0] if self._checked else 0
            if position <= before:
                self._report.repeated += 1
                self._report.fault(f"followed {position} after {before}")
            elif position > before + 1 or log.events[position - 1].hex() != event_id:
                self._report.missed += 1
                self._report.fault(f"followed {position} after {before}, or another event than stands there")
            self._checked += 1
