"""A load generator that keeps a pace, whatever the answers take: request i is due at i / rate seconds.

`paced PORT`, with a JSON object on standard input: `connections`, `rate`, `token`, and `requests`, each
`[label, path, key, body]`, or `[label, path]` for a GET. Prints label -> {count, p50_ms, p99_ms}: how long an answer
took from the instant its request was due, so that a server that stalls is charged for all that waits behind it.
"""

import asyncio
import json
import sys
from collections import defaultdict
from statistics import median, quantiles
from typing import Any

import uvloop

from services.main.bench.load import DEADLINE_S, HOST, Unexpected, length_of, request

_END = b"\r\n\r\n"


class _Line(asyncio.Protocol):
    """One kept-alive connection: one request at a time; the answer's arrival is the future's result."""

    def __init__(self) -> None:
        self._came, self._answered = b"", asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Keep the way to write."""
        self._transport = transport

    def ask(self, raw: bytes) -> "asyncio.Future[float]":
        """Send; the instant at which the answer is whole."""
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return self._answered

    def close(self) -> None:
        """Let go."""
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._came += data
        end = self._came.find(_END)
        if end < 0 or len(self._came) < end + len(_END) + length_of(self._came[:end]):
            return
        answer, self._came = self._came, b""
        if answer.startswith(b"HTTP/1.1 20"):
            self._answered.set_result(asyncio.get_running_loop().time())
        else:
            self._answered.set_exception(Unexpected(answer[-1000:].decode(errors="replace")))

    def connection_lost(self, problem: Exception | None) -> None:
        """The server went away."""
        if not self._answered.done():
            self._answered.set_exception(problem or Unexpected("the server closed the connection"))


async def _paced(port: int, asked: dict[str, Any]) -> dict[str, dict[str, float]]:
    loop = asyncio.get_running_loop()
    idle: asyncio.Queue[_Line] = asyncio.Queue()
    for _ in range(asked["connections"]):
        _, line = await loop.create_connection(_Line, HOST, port)
        idle.put_nowait(line)
    took: defaultdict[str, list[float]] = defaultdict(list)

    async def one(line: _Line, due: float, label: str, raw: bytes) -> None:
        took[label].append(await line.ask(raw) - due)
        idle.put_nowait(line)

    prepared = [(label, request(asked["token"], *rest)) for label, *rest in asked["requests"]]
    begins = loop.time() + 0.1
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        for number, (label, raw) in enumerate(prepared):
            due = begins + number / asked["rate"]
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(await idle.get(), due, label, raw))
    while not idle.empty():
        idle.get_nowait().close()
    return {label: _figures(times) for label, times in took.items()}


def _figures(times: list[float]) -> dict[str, float]:
    p99 = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return {"count": len(times), "p50_ms": median(times) * 1000, "p99_ms": p99 * 1000}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_paced(int(sys.argv[1]), json.load(sys.stdin)))))
