"""The long-running processes: an HTTP server and workers in one event loop, and an orderly end.

Order at the end: the signal sets `closing`, so long polls answer at once; the server stops taking connections and
waits for those under way; the workers finish their page and give their leases back; the store closes.
"""

import asyncio
import gc
import signal
import socket
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager

import uvicorn
from fastapi import FastAPI

from services.main import YOUNG_OBJECTS
from services.main.clocks import warning
from services.main.platform import ALL, GRACE_S, HOST, application, importing, opening, working
from services.main.session import Session
from services.main.tokens import access, development_token
from services.main.usage import Stopped
from shared.telemetry import logs

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


def serve(session: Session, name: str, *, port: int) -> None:
    """Serve a service, or `all` of them with their workers, until SIGINT or SIGTERM.

    Raises Stopped if the port is taken.
    """
    logs.configure(level=session.settings.log_level)
    listener = _listening(port)
    try:
        on_server_loop(_serve(session, name, listener))
    finally:
        listener.close()


async def _serve(session: Session, name: str, listener: socket.socket) -> None:
    """The services are opened first: what keeps one from opening is said as by every other command."""
    ends = asyncio.Event()
    _on_signals(ends)
    _warned(session)
    async with AsyncExitStack() as opened:
        running = await opening(opened, session, name)
        if name == ALL:
            await working(opened, session, running)
        if running.case is not None:
            await opened.enter_async_context(importing(running.case))
        await _answering(session, application(running, access(session.settings), ends), listener, ends)


async def _answering(session: Session, app: FastAPI, listener: socket.socket, ends: asyncio.Event) -> None:
    """Take requests until a signal, then end those under way."""
    server = _Server(
        uvicorn.Config(
            app, access_log=False, log_config=None, server_header=False, timeout_graceful_shutdown=GRACE_S
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _announced(session, server, running, port=listener.getsockname()[1])
        told = asyncio.create_task(ends.wait())
        await asyncio.wait({running, told}, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
    finally:
        server.should_exit = True
        await running
    if not ends.is_set():
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


def work(session: Session, name: str) -> None:
    """Keep the views current, sweep each day that ends, and hear the other services, until SIGINT or SIGTERM."""
    logs.configure(level=session.settings.log_level)
    asyncio.run(_work(session, name))


async def _work(session: Session, name: str) -> None:
    ends = asyncio.Event()
    _on_signals(ends)
    _warned(session)
    async with AsyncExitStack() as opened:
        running = await opening(opened, session, name)
        deaf = await working(opened, session, running)
        for who, publisher, variable in deaf:
            session.console.note(
                f"{who} hears of nothing the {publisher} service says: set {variable} to where that is served",
                f"{who} 未连接 {publisher} 服务的信息流：请将 {variable} 设为其地址",
            )
        if running.case is not None:
            session.console.tell(
                "working on the views of case, and sweeping its days, until Ctrl-C",
                "正在维护 case 的视图并逐日处理到期事项，按 Ctrl-C 结束",
            )
        if running.contact is not None:
            session.console.tell(
                "working on contact: its views, messages and outreach, until Ctrl-C",
                "正在维护 contact 的视图、消息发送与触达，按 Ctrl-C 结束",
            )
        if running.legal is not None:
            session.console.tell(
                "working on legal: its views, deadlines and limitation, until Ctrl-C",
                "正在维护 legal 的视图、期限与时效，按 Ctrl-C 结束",
            )
        await ends.wait()
