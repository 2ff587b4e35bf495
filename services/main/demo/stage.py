"""A stage for stories: a store and a clock of its own, a gateway that sends nothing to anybody, and a server.

The sample's months are of 2005, and the rules of contact and of court are of today: these stories are played in 2026,
with invented debtors only.
"""

import json
import select
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from services.main.clocks import TEST_CLOCK
from services.main.demo.counter import COLLECTOR, DIALER, Answer, Counter, opened
from services.main.demo.steps import Steps
from services.main.offset_clock import OffsetClock
from services.main.session import Session
from services.main.stores import SqliteFolder
from services.main.usage import Stopped

START_DEADLINE_S = 60
WAIT_S = 45
LOOK_S = 0.1
SECRET = "whsec_" + b64encode(b"of the demo, and of nobody else.").decode()
"""What the demo's server and its gateway share; there is nothing behind it."""
INSTITUTION, HOTLINE = "虚构银行", "4008889999"


class Gateway:
    """The demo's SMS gateway, as seen from outside: what it took, and what it is told to report."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=address, timeout=20)

    def close(self) -> None:
        """Let go."""
        self._http.close()

    def calls_back(self, address: str) -> None:
        """Reports and answers go to the contact service there."""
        self._do("settings", {"callback": address})

    def text_of(self, key: str) -> str | None:
        """What it was given to send under a key; None for what an earlier run of the demo sent."""
        found = [one["text"] for one in self._do("messages", {}) if one["key"] == key]
        return found[0] if found else None

    def reports(self, key: str, kind: str, cause: str | None = None) -> None:
        """Say what became of a message, and tell it."""
        self._do("report", {"key": key, "kind": kind, "cause": cause})
        self._do("tell", {})

    def answers(self, sender: str, text: str) -> None:
        """Somebody writes back."""
        self._do("answer", {"sender": sender, "text": text})
        self._do("tell", {})

    def _do(self, what: str, said: dict[str, Any]) -> Any:
        return self._http.post(f"/_test/{what}", json=said).raise_for_status().json()


@dataclass(frozen=True, slots=True)
class Debtor:
    """An invented debtor with one case: its id, the subject's, and the one number."""

    ref: str
    case: str
    subject: str
    phone: str
    point: str


@dataclass(slots=True)
class Stage:
    """What the stories act on."""

    steps: Steps
    counter: Counter
    gateway: Gateway
    clock: OffsetClock
    name: str
    _sent: int = field(default=0)
    _again: bool = field(default=False)
    """The month was lived through before: every request is answered as it was then."""

    def say(self, en: str, zh: str) -> None:
        """A line of the story."""
        self.steps.console.tell(f"  {en}", f"  {zh}")

    def go_to(self, moment: str) -> None:
        """Let the clock go on to `MM-DD HH:MM` of 2026, unless it is later already."""
        at = datetime.fromisoformat(f"2026-{moment.replace(' ', 'T')}:00+08:00")
        if self.clock.now() < at:
            self.clock.set(at)
        self.say(f"… {moment}", f"… {moment}")

    def post(
        self, path: str, body: dict[str, Any], *, by: str = COLLECTOR, deciding: Debtor | None = None
    ) -> Answer:
        """Send a command under a key that is the same in every run of the demo.

        `deciding`: on the version of that debtor's case as it is now. Raises Stopped where it is refused.
        """
        self._sent += 1
        seen = self.counter.seen(deciding.case) if deciding is not None else None
        answer = self.counter.post(path, body, key=f"{self.name}-{self._sent}", by=by, seen=seen)
        self._again = answer.repeated
        if answer.status >= 400:
            raise Stopped(
                en="the server did not do what the story says: this is a bug, please report it",
                zh="服务的应答与情节不符：这是一个缺陷，请报告",
            )
        return answer

    @property
    def again(self) -> bool:
        """Was the last request answered as in an earlier run of the demo?"""
        return self._again

    def refused(self, path: str, body: dict[str, Any]) -> None:
        """Send a command that is refused, and say why. Raises Stopped where it is not."""
        self._sent += 1
        answer = self.counter.post(path, body, key=f"{self.name}-{self._sent}")
        if answer.status < 400:
            raise Stopped(
                en="the server did what the story says it refuses: this is a bug, please report it",
                zh="服务执行了情节中应被拒绝的操作：这是一个缺陷，请报告",
            )
        self.steps.console.say(f"    {answer.said.get('detail') or answer.said['title']}")

    def get(self, path: str) -> dict[str, Any]:
        """Read."""
        headers = {"Accept-Language": self.counter.session.settings.language}
        found = self.counter.http.get(path, headers=headers | self.counter.token(COLLECTOR))
        return found.json() if found.is_success else {}

    def until(self, path: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What is read once it holds. Raises Stopped where it does not come to that."""
        ends = time.monotonic() + WAIT_S
        while time.monotonic() < ends:
            found = self.get(path)
            if found and holds(found):
                return found
            time.sleep(LOOK_S)
        raise Stopped(
            en=f"{path} did not become what the story says: this is a bug, please report it",
            zh=f"{path} 未达到情节所述状态：这是一个缺陷，请报告",
        )

    def open_case(self, number: int, *, days_past_due: int, on: str = "2026-11-02") -> Debtor:
        """An invented debtor falls behind; contact hears of the case, and is told the number."""
        ref, phone = f"INV1{number:04d}", f"+861381234{number:04d}"
        owed = {"amount": "1200.00", "currency": "CNY"}
        case = self.post(
            "/v1/cases",
            {
                "debtor_ref": ref,
                "account_ref": ref,
                "days_past_due": days_past_due,
                "arrears": owed,
                "on": on,
            },
        ).id
        outreach = f"/v1/outreach/outreach-{case.removeprefix('case-')}"
        subject = str(self.until(outreach, lambda said: bool(said.get("subject")))["subject"])
        self.post(
            f"/v1/subjects/{subject}/descriptions",
            {"debtor_ref": ref, "jurisdictions": ["CN"], "zones": ["Asia/Shanghai"]},
        )
        point = self.post(
            f"/v1/subjects/{subject}/contact-points",
            {"address": {"medium": "phone", "value": phone}, "source": "CRM"},
        ).id
        return Debtor(ref, case, subject, phone, point)

    def outreach_of(self, one: Debtor, state: str) -> dict[str, Any]:
        """The outreach about the debtor's case, once it is in a state; in a later run of the demo as it is."""
        path = f"/v1/outreach/outreach-{one.case.removeprefix('case-')}"
        found = self.until(path, lambda said: self._again or said.get("state") == state)
        self.say(f"outreach: {found['state']}", f"外联：{found['state']}")
        return found

    def may(self, one: Debtor, channel: str = "voice", **more: Any) -> dict[str, Any]:
        """Ask whether the debtor may be contacted now, and tell the answer; its rules in words."""
        asked = {"case": one.case, "channel": channel, "contact_point": one.point, **more}
        said = self.post("/v1/contact-permits", asked | {"content": ["identifies_institution"]}).said
        self.say(f"→ {said['outcome']}", f"→ {said['outcome']}")
        for reason in said["reasons"]:
            self.steps.console.say(f"    {reason['rule']}: {reason['message']}")
        if said["outcome"] == "defer":
            self.steps.console.say(f"    ↷ {said['reasons'][0]['cure'].get('until') or said.get('until')}")
        return said

    def called(self, one: Debtor, number: str, at: str, outcome: str, **more: Any) -> Answer:
        """The dialer reports a call of `MM-DD HH:MM`."""
        return self.post(
            "/v1/contact-attempts",
            {
                "case": one.case,
                "channel": "voice",
                "contact_point": one.point,
                "source": "DIALER",
                "source_ref": number,
                "at": f"2026-{at.replace(' ', 'T')}:00+08:00",
                "outcome": {"outcome": outcome},
                **more,
            },
            by=DIALER,
        )


@contextmanager
def set_up(session: Session, steps: Steps, folder: Path, *, name: str, begins: str) -> Iterator[Stage]:
    """The stage `name`, in a folder of that name, with server and gateway running; its clock starts at `begins`.

    Raises Stopped where one does not start.
    """
    at = folder / name
    clock_file = at / "clock.json"
    at.mkdir(parents=True, exist_ok=True)
    settings = replace(
        session.settings, store=SqliteFolder(at), key_file=at / "keys.json", test_clock=clock_file
    )
    clock = OffsetClock(clock_file)
    if not clock.is_set:
        clock.set(datetime.fromisoformat(begins))
    with _gateway(clock_file) as gateway:
        own = Steps(steps.console, environment={
            **steps.environment,
            "QUITTANCE_STORE": f"sqlite:///{at}/",
            "QUITTANCE_KEYS": str(settings.key_file),
            TEST_CLOCK: str(clock_file),
            "QUITTANCE_SMS_URL": gateway.address,
            "QUITTANCE_SMS_SECRET": SECRET,
            "QUITTANCE_SMS_SENDER": "QUITTANCE",
            "QUITTANCE_INSTITUTION": INSTITUTION,
            "QUITTANCE_HOTLINE": HOTLINE,
        }, ran=steps.ran)  # fmt: skip
        with opened(replace(session, settings=settings, clock=clock), own) as counter:
            gateway.calls_back(counter.address)
            yield Stage(own, counter, gateway, clock, name)


@contextmanager
def _gateway(clock: Path) -> Iterator[Gateway]:
    process = subprocess.Popen(
        [sys.executable, "-m", "services.main.demo.sms_gateway", "--clock", str(clock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None, "it is a pipe"
    assert process.stdout is not None, "it is a pipe"
    try:
        process.stdin.write(json.dumps({"signs": SECRET, "checks": SECRET}).encode() + b"\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], START_DEADLINE_S)
        line = process.stdout.readline() if ready else b""
        if not line:
            raise Stopped(en="the gateway of the demo did not start", zh="演示所用的短信网关未能启动")
        gateway = Gateway(json.loads(line)["address"])
        try:
            yield gateway
        finally:
            gateway.close()
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(START_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
