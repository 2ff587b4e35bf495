"""Dispatchers that are killed: a process that forks one for each line it reads, and tells how each ended.

A line is JSON: {"step", "nth", "delay_ms"}. The dispatcher kills itself with SIGKILL when it comes to the step for the
nth time, or after the delay, whatever it is doing. Without a step it works until it is told to stop by SIGTERM.
The product knows nothing of this: the steps are places around its ports.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from services.contact.adapters.pack_files import shipped
from services.contact.adapters.sending.email_smtp import MailServer, SmtpEmail
from services.contact.adapters.sending.sms_gateway import SmsGateway, SmsSettings
from services.contact.application.channel_port import Channel, Found, Outgoing, Sent
from services.contact.application.handle import ContactDesk, Handled, Meta
from services.contact.application.sending.guarded import Guards
from services.contact.application.sending.trying import Pace
from services.contact.domain.sending.commands import BeginSending
from shared.http.signing_keys import signing_key
from shared.kernel.clock import SystemClock
from tests.contact.application.sending.room import RunningClock, room
from tests.contact.channels.mail_server import PASSWORD, USER

PACE = Pace(
    deadline_s=1.0, lease_s=2.0, look_s=0.01, at_once=4, find_again_s=0.05, resolve_for_s=60, unready_s=0.05
)
STEPS = (
    "before the intent", "after the intent", "before the provider", "after the provider", "before the answer is stored",
    "after the answer is stored", "before asking", "after asking",
)  # fmt: skip
ASKING = STEPS[-2:]


class Killer:
    """Counts down to the end."""

    def __init__(self, step: str | None, nth: int) -> None:
        self._step, self._left = step, nth

    def at(self, step: str) -> None:
        """We have come to this step."""
        if step == self._step:
            self._left -= 1
            if self._left <= 0:
                print(step, file=sys.stderr, flush=True)
                os.kill(os.getpid(), signal.SIGKILL)


KILLER = Killer(None, 0)


class Desk(ContactDesk):
    """The desk, with steps before and after what the dispatcher stores."""

    async def handle(self, subject_id: str, command: Any, meta: Meta) -> Handled:
        """Do it, if we live so long."""
        begins = isinstance(command, BeginSending)
        KILLER.at("before the intent" if begins else "before the answer is stored")
        done = await super().handle(subject_id, command, meta)
        KILLER.at("after the intent" if begins else "after the answer is stored")
        return done


class Killed:
    """A channel, with steps before and after the provider is spoken to."""

    def __init__(self, inner: Channel) -> None:
        self._inner = inner
        self.name, self.channel, self.keeps_keys = inner.name, inner.channel, inner.keeps_keys

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """Send, if we live so long."""
        KILLER.at("before the provider")
        answer = await self._inner.send(message, deadline_s=deadline_s)
        KILLER.at("after the provider")
        return answer

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """Ask, if we live so long."""
        KILLER.at("before asking")
        found = await self._inner.find(key, deadline_s=deadline_s)
        KILLER.at("after asking")
        return found

    async def close(self) -> None:
        """Let go."""
        await self._inner.close()


async def work(given: dict[str, Any]) -> None:
    """A dispatcher over the store of the test, until SIGTERM."""
    clock = RunningClock(since=datetime.fromisoformat(given["since"]))
    mail = SmtpEmail(
        MailServer(
            host="127.0.0.1", port=given["smtp"], tls="starttls", sender="reminders@lender.example", user=USER,
            password=PASSWORD, authority=Path(given["authority"]),
        ),
        clock=clock,
    )  # fmt: skip
    text = SmsGateway(
        SmsSettings(url=given["sms"], key=signing_key(given["secret"]), sender="10690001"),
        clock=SystemClock(),
    )
    channels = Killed(mail), Killed(text)
    guards = Guards(rates="1000/second", failures=1_000)
    async with room(
        Path(given["folder"]), *channels, clock=clock, pace=PACE, guards=guards, desk_of=Desk
    ) as here:
        dispatcher = here.dispatcher()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, dispatcher.stop)
        await dispatcher.run()
        for fault in here.faults:
            print("fault", fault[1], file=sys.stderr, flush=True)


def child(given: dict[str, Any], ask: dict[str, Any]) -> None:
    """Become a dispatcher."""
    global KILLER
    KILLER = Killer(ask.get("step"), ask.get("nth", 1))
    if delay_ms := ask.get("delay_ms"):
        timer = threading.Timer(delay_ms / 1000, os.kill, (os.getpid(), signal.SIGKILL))
        timer.daemon = True
        timer.start()
    asyncio.run(work(given))


def main() -> None:
    """Fork a dispatcher for each line; say its end: {"killed": true} by SIGKILL."""
    given = json.loads(sys.argv[1])
    shipped(house=True)  # read and proved once, not by every child
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                child(given, ask)
            except BaseException as problem:
                print("child", type(problem).__name__, problem, file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        if not ask.get("step") and not ask.get("delay_ms"):
            print(json.dumps({"pid": pid}), flush=True)
        _, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"killed": killed, "status": status}), flush=True)


if __name__ == "__main__":
    main()
