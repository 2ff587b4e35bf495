"""What an SMS gateway for demos and tests holds: messages it took, reports still to be told, and how it misbehaves."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

Does: TypeAlias = Literal[
    "TAKE", "REFUSE_ADDRESS", "REFUSE_REQUEST", "REFUSE_KEY", "UNPAID", "NOT_HERE", "IN_PROGRESS", "TOO_LARGE",
    "THROTTLE", "FAIL_BEFORE", "FAIL_AFTER", "HANG_BEFORE", "HANG_AFTER", "BREAK_BEFORE", "BREAK_AFTER",
    "GARBAGE", "HUGE", "DRIP", "REDIRECT",
]  # fmt: skip
"""What the gateway does with a request. What ends in AFTER, and GARBAGE, HUGE and DRIP, take the message first."""
DOES: tuple[Does, ...] = get_args(Does)
TAKES: frozenset[str] = frozenset(
    {"TAKE", "FAIL_AFTER", "HANG_AFTER", "BREAK_AFTER", "GARBAGE", "HUGE", "DRIP"}
)
On: TypeAlias = Literal["send", "find"]
STATES = {"DELIVERED": "DELIVERED", "FAILED": "FAILED", "BOUNCED": "FAILED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What is done with the next `times` requests of a kind. `retry_after`: what THROTTLE says to wait, in seconds."""

    on: On
    do: Does
    times: int = 1
    retry_after: int = 1


@dataclass(slots=True, kw_only=True)
class Held:
    """A message the gateway took, and what it says became of it."""

    key: str
    id: str
    to: str = field(repr=False)
    sender: str
    text: str = field(repr=False)
    language: str
    taken_at: datetime
    reports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def state(self) -> str:
        """ACCEPTED until something was reported."""
        return STATES[self.reports[-1]["kind"]] if self.reports else "ACCEPTED"

    def told(self) -> dict[str, Any]:
        """As the gateway's interface tells it."""
        return {"id": self.id, "key": self.key, "state": self.state, "reports": list(self.reports)}

    def shown(self) -> dict[str, Any]:
        """As a test looks at it."""
        said = {"to": self.to, "from": self.sender, "text": self.text, "language": self.language}
        return self.told() | said | {"taken_at": self.taken_at.isoformat()}


@dataclass(slots=True)
class GatewayDesk:
    """The gateway's memory. `keeps_keys` False: one that takes a message again under the same key."""

    keeps_keys: bool = True
    posts: list[str] = field(default_factory=list)
    finds: list[str] = field(default_factory=list)
    messages: list[Held] = field(default_factory=list)
    waiting: deque[dict[str, Any]] = field(default_factory=deque)
    """Callbacks that nobody was told yet."""
    _planned: dict[On, deque[Behaviour]] = field(default_factory=lambda: {"send": deque(), "find": deque()})
    _usual: dict[On, Does] = field(default_factory=lambda: {"send": "TAKE", "find": "TAKE"})
    _numbers: int = 0

    def behave_always(self, do: Does, *, on: On = "send") -> None:
        """Do this with every request from now on for which nothing else is planned."""
        self._usual[on] = do

    def behave(self, *planned: Behaviour) -> None:
        """Do this with the requests that come next, one plan after the other; afterwards what is usual again.

        Raises ValueError for a word that is none.
        """
        for one in planned:
            if one.do not in DOES or one.on not in self._planned:
                raise ValueError("no such behaviour")
            self._planned[one.on].extend([one] * one.times)

    def next_on(self, on: On) -> Behaviour:
        """What to do with the request that has just come."""
        queue = self._planned[on]
        return queue.popleft() if queue else Behaviour(on=on, do=self._usual[on])

    def take(self, said: dict[str, Any], *, at: datetime) -> tuple[Held, bool]:
        """(message, newly taken): the same key is the same message, where keys are kept."""
        known = self.of(said["key"]) if self.keeps_keys else None
        if known is not None:
            return known, False
        held = Held(
            key=said["key"],
            id=f"gw_{self._number()}",
            to=said["to"],
            sender=said["from"],
            text=said["text"],
            language=said["language"],
            taken_at=at,
        )
        self.messages.append(held)
        return held, True

    def of(self, key: str) -> Held | None:
        """The first message with this key."""
        return next((one for one in self.messages if one.key == key), None)

    def report(
        self, key: str, kind: str, *, at: datetime, cause: str | None = None, lost: bool = False
    ) -> str:
        """Say of a message what became of it: the report's id. `lost`: known to whoever asks, never told by itself.

        Raises KeyError for a key that was never taken.
        """
        held = self.of(key)
        if held is None:
            raise KeyError(key)
        one: dict[str, Any] = {"report": f"rcp_{self._number()}", "kind": kind, "at": at.isoformat()}
        if cause:
            one["cause"] = cause
        held.reports.append(one)
        if not lost:
            data = one | {"id": held.id, "key": held.key}
            self.waiting.append({"type": "message.reported", "data": data})
        return str(one["report"])

    def answer(self, sender: str, text: str, *, at: datetime) -> str:
        """Somebody writes to us: the id of their message."""
        number = f"in_{self._number()}"
        data = {"message": number, "from": sender, "text": text, "at": at.isoformat()}
        self.waiting.append({"type": "message.received", "data": data})
        return number

    def to_tell(self, *, times: int = 1, reverse: bool = False, lose: int = 0) -> Sequence[dict[str, Any]]:
        """The waiting callbacks, each `times` over, the first `lose` of them dropped; none waits afterwards."""
        found = list(self.waiting)[lose:]
        self.waiting.clear()
        ordered = reversed(found) if reverse else found
        return [one for one in ordered for _ in range(times)]

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers
