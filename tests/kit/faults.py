"""Breaking what a ledger stands on: a network that cuts at the worst moment, a disk that fills and is emptied again."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from shared.eventstore.port import Batch, OutcomeUnknown, Store, StoreUnavailable, Verdict

When = Literal["before", "within", "after"]
"""Where in a request the connection ends: nothing of it forwarded; half of it; all of it, and the answer swallowed."""

_CHUNK = 64 << 10


class CuttingProxy:
    """A TCP proxy on the loopback in front of one server. `url` is the server's URL through it.

    `cut(when)` breaks the connection that next sends at least `above` bytes at once. `refuse()` ends every
    connection and takes no new ones until `allow()`.
    """

    def __init__(self, dsn: str) -> None:
        parts = urlsplit(dsn)
        self._target = (str(parts.hostname), int(parts.port or 5432))
        self._dsn = parts
        self._port = 0
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.StreamWriter] = set()
        self._armed: tuple[When, int] | None = None
        self.cuts = 0

    @property
    def url(self) -> str:
        """The server's URL with the proxy's port."""
        account = self._dsn.netloc.rpartition("@")[0]
        return urlunsplit(self._dsn._replace(netloc=f"{account}@127.0.0.1:{self._port}"))

    def cut(self, when: When, *, above: int = 1000) -> None:
        """Break the next request of at least `above` bytes, once."""
        self._armed = (when, above)

    async def refuse(self) -> None:
        """The server is gone: connections end, new ones are refused."""
        if self._server:
            self._server.close()
            self._server = None
        self._end_all()

    async def allow(self) -> None:
        """Serve on the port that was served before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    def _end_all(self) -> None:
        for link in list(self._links):
            link.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection(*self._target)
        swallow = asyncio.Event()
        self._links |= {client, server}
        try:
            await asyncio.gather(self._up(reader, server, swallow), self._down(answers, client, swallow))
        except (ConnectionError, _Cut):
            pass
        finally:
            self._links -= {client, server}
            for link in (client, server):
                link.transport.abort()

    async def _up(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, swallow: asyncio.Event
    ) -> None:
        while data := await reader.read(_CHUNK):
            armed = self._armed
            if armed and len(data) >= armed[1]:
                self._armed = None
                self.cuts += 1
                if armed[0] == "after":
                    swallow.set()
                else:
                    server.write(data[: len(data) // 2] if armed[0] == "within" else b"")
                    await server.drain()
                    raise _Cut
            server.write(data)
            await server.drain()
        raise _Cut

    async def _down(
        self, answers: asyncio.StreamReader, client: asyncio.StreamWriter, swallow: asyncio.Event
    ) -> None:
        while data := await answers.read(_CHUNK):
            if swallow.is_set():
                raise _Cut
            client.write(data)
            await client.drain()
        raise _Cut


class _Cut(Exception):
    """Ends both directions."""


@asynccontextmanager
async def cutting_proxy(dsn: str) -> AsyncIterator[CuttingProxy]:
    """A proxy in front of the server of this URL, gone at the end."""
    proxy = CuttingProxy(dsn)
    await proxy.allow()
    try:
        yield proxy
    finally:
        await proxy.refuse()
        await asyncio.sleep(0)


@contextmanager
def ballast(folder: Path, *, leave_bytes: int = 0) -> Iterator[Path]:
    """A file that takes all room of a small file system but `leave_bytes`; deleted at the end, or by the test."""
    file = folder / "ballast"
    block = b"\0" * 4096
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as sink:
        free = os.statvfs(folder)
        size = free.f_bavail * free.f_frsize - leave_bytes
        os.posix_fallocate(sink.fileno(), 0, max(size, len(block)))
    try:
        if not leave_bytes:
            _to_the_brim(file, block)
        yield file
    finally:
        file.unlink(missing_ok=True)


def _to_the_brim(file: Path, block: bytes) -> None:
    try:
        with file.open("ab", buffering=0) as sink:
            while True:
                sink.write(block)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise


def cut_commit(store: Store, when: Literal["before", "after"], *, nth: int = 1) -> Callable[[], None]:
    """The `nth` commit from now on fails once: before anything is written, or after, its answer being lost.

    What is given back takes the fault out again, if it has not struck.
    """
    commit, left = store.commit, [nth]

    async def failing(batch: Batch) -> list[Verdict]:
        left[0] -= 1
        if left[0]:
            return await commit(batch)
        mend()
        if when == "before":
            raise StoreUnavailable("cut by the test")
        await commit(batch)
        raise OutcomeUnknown("cut by the test")

    def mend() -> None:
        store.commit = commit  # type: ignore[method-assign]

    store.commit = failing  # type: ignore[method-assign]
    return mend
