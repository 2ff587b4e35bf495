"""The long-running processes: an HTTP server and workers in one event loop, and an orderly end.

Order at the end: the signal sets `closing`, so long polls answer at once; the server stops taking connections and
waits for those under way; the workers finish their page and give their leases back; the store closes.
"""

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import uvicorn

from services.case.api.app import make_app
from services.case.api.desk import Office
from services.case.wiring import CaseService, open_case
from services.main import YOUNG_OBJECTS
from services.main.clocks import warning
from services.main.commands.version import number
from services.main.session import Session
from services.main.sweeping import sweeping
from services.main.tokens import access, development_token
from services.main.usage import Stopped
from shared.http.access import Access
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics

HOST = "127.0.0.1"
NAMES = frozenset({HOST, "localhost"})
GRACE_S = 5
BACKLOG = 512


class _Server(uvicorn.Server):
    """A server whose signals are handled by us, so that long polls hear of the end before it waits for them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def _listening(port: int) -> socket.socket:
    """A socket on the loopback. Raises Stopped if the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as problem:
        listener.close()
        raise Stopped(
            en=f"port {port} is in use or not allowed; choose another: --port {port + 1 if port < 65535 else 0}",
            zh=f"端口 {port} 已被占用或无权使用；请换一个：--port {port + 1 if port < 65535 else 0}",
        ) from problem
    listener.listen(BACKLOG)
    return listener


@asynccontextmanager
async def _working(case: CaseService) -> AsyncIterator[None]:
    """The workers of the case service, running; they give their leases back at the end."""
    log = logs.logger("projection")
    follower = case.projections.follower(lambda lane, error: log.warning("fault", lane=lane, error=error))
    task = asyncio.create_task(follower.run())
    try:
        yield
    finally:
        follower.stop()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _importing(case: CaseService) -> AsyncIterator[None]:
    """Imports asked for over HTTP are taken in; whoever comes next goes on with one that is under way at the end."""
    log = logs.logger("imports")
    task = asyncio.create_task(
        case.importing.run(lambda job, error: log.warning("fault", job=job, error=error))
    )
    try:
        yield
    finally:
        case.importing.end()
        await asyncio.wait({task}, timeout=GRACE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _on_signals(act: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, act.set)


def _warned(session: Session) -> None:
    """Say on standard error, with --json as well, that the time is not the real one."""
    if said := warning(session.settings, session.clock):
        session.console.note(*said)


def on_server_loop(work: Coroutine[object, object, None]) -> None:
    """Run to the end on the event loop the server prefers: uvloop's where it can be had, Python's own elsewhere.

    Python's own search for cycles would walk over every remembered case after some hundred commands, 0.1 s each time.
    """
    gc.freeze()  # what is loaded stays
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        runner.run(work)


def serve(session: Session, *, with_workers: bool, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises Stopped if the port is taken."""
    logs.configure(level=session.settings.log_level)
    listener = _listening(port)
    try:
        on_server_loop(_serve(session, listener, with_workers=with_workers))
    finally:
        listener.close()


async def _serve(session: Session, listener: socket.socket, *, with_workers: bool) -> None:
    """The service is opened first: what keeps it from opening is said as by every other command."""
    office = Office()
    _on_signals(office.closing)
    _warned(session)
    async with AsyncExitStack() as opened:
        office.desk = case = await opened.enter_async_context(
            open_case(session.case_settings, clock=session.clock, provision=True)
        )
        if with_workers:
            await opened.enter_async_context(_working(case))
            await opened.enter_async_context(sweeping(case))
        await opened.enter_async_context(_importing(case))
        await _answering(session, office, access(session.settings), listener)


async def _answering(session: Session, office: Office, admits: Access, listener: socket.socket) -> None:
    """Take requests until a signal, then end those under way."""
    app = make_app(office, metrics=Metrics(), version=number(), access=admits, hosts=NAMES)
    server = _Server(
        uvicorn.Config(
            app, access_log=False, log_config=None, server_header=False, timeout_graceful_shutdown=GRACE_S
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _announced(session, server, running, port=listener.getsockname()[1])
        ends = asyncio.create_task(office.closing.wait())
        await asyncio.wait({running, ends}, return_when=asyncio.FIRST_COMPLETED)
        ends.cancel()
    finally:
        server.should_exit = True
        await running
    if not office.closing.is_set():
        raise Stopped(
            en="the server could not start; the log above says why", zh="服务未能启动；原因见上方日志"
        )


async def _announced(
    session: Session, server: uvicorn.Server, running: "asyncio.Task[None]", *, port: int
) -> None:
    """Say where it is served, once requests are taken; and a token, where the development issuer makes them."""
    while not server.started and not running.done():  # noqa: ASYNC110 (uvicorn tells it by a flag alone)
        await asyncio.sleep(0.02)
    if not server.started:
        return
    console, address = session.console, f"http://{HOST}:{port}"
    token = None if session.settings.issuer else development_token(session.settings)
    if console.as_json:
        console.answer({"address": address} | ({"token": token} if token else {}))
    console.tell(f"serving on {address} until Ctrl-C", f"服务已启动：{address}，按 Ctrl-C 结束")
    if token:
        console.tell(
            "No issuer is configured: tokens of the development issuer count, such as this one, for 12 hours:",
            "未配置令牌签发方，使用开发用签发方。以下令牌 12 小时内有效：",
        )
        console.say(f"  TOKEN={token}")
    console.tell("Try, with a token in TOKEN:", "将令牌放入 TOKEN 后可尝试：")
    console.say(f'  curl -s -H "Authorization: Bearer $TOKEN" "{address}/v1/cases?limit=1"')


def work(session: Session) -> None:
    """Keep the views current, and sweep each day that ends, until SIGINT or SIGTERM."""
    logs.configure(level=session.settings.log_level)
    asyncio.run(_work(session))


async def _work(session: Session) -> None:
    ends = asyncio.Event()
    _on_signals(ends)
    _warned(session)
    opened = open_case(session.case_settings, clock=session.clock, provision=True)
    async with opened as case, _working(case), sweeping(case):
        session.console.tell(
            "working on the views of case, and sweeping its days, until Ctrl-C",
            "正在维护 case 的视图并逐日处理到期事项，按 Ctrl-C 结束",
        )
        await ends.wait()
