"""The counter of the demo: requests to a server of its own, shown as the curl lines they are, and what each led to."""

import json
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.main.demo.steps import Steps
from services.main.session import Session
from services.main.tokens import development_token
from services.main.usage import Stopped

START_DEADLINE_S = 60
STOP_DEADLINE_S = 20
COLLECTOR, SUPERVISOR, DIALER = "collector-7", "supervisor-2", "dialer"
"""Who acts in the stories. A supervisor decides on what a collector proposed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    said: dict[str, Any]
    repeated: bool

    @property
    def id(self) -> str:
        """The id of what was made."""
        return str(self.said["id"])

    @property
    def events(self) -> list[str]:
        """The types of the events that were appended."""
        return list(self.said.get("events", ()))


@dataclass(slots=True)
class Counter:
    """Takes requests to the server, and says what came of them. `address` is the server's."""

    session: Session
    steps: Steps
    address: str
    http: httpx.Client
    sent: list[str] = field(default_factory=list)

    def post(
        self, path: str, body: dict[str, Any], *, key: str, by: str = COLLECTOR, seen: str | None = None
    ) -> Answer:
        """Send a command under an idempotency key, as `by`; `seen`: the ETag it was decided on.

        The key is the same in every run of the demo on one store, so a second run is answered as the first was.
        Raises Stopped for an answer that is neither a success nor a refusal.
        """
        text = json.dumps(body, separators=(",", ":"))
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        if seen:
            headers["If-Match"] = seen
        self._show(path, text, key=key, by=by, seen=seen)
        language = {"Accept-Language": self.session.settings.language}
        found = self.http.post(path, content=text, headers=headers | language | self.token(by))
        if found.status_code >= 500 or found.status_code in (400, 401, 403, 404):
            raise Stopped(
                en=f"the server answered {found.status_code}: this is a bug, please report it",
                zh=f"服务器返回 {found.status_code}：这是一个缺陷，请报告",
            )
        answer = Answer(found.status_code, found.json(), "Idempotent-Replayed" in found.headers)
        self._tell(answer)
        return answer

    def seen(self, case_id: str) -> str:
        """The ETag of a case: its version now."""
        return self.http.get(f"/v1/cases/{case_id}", headers=self.token(COLLECTOR)).headers["ETag"]

    def token(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {development_token(self.session.settings, person=by)}"}

    def _show(self, path: str, text: str, *, key: str, by: str, seen: str | None) -> None:
        whose = {COLLECTOR: "TOKEN", SUPERVISOR: "SUPERVISOR", DIALER: "DIALER"}[by]
        named = [f'-H "Authorization: Bearer ${whose}"', f'-H "Idempotency-Key: {key}"']
        if seen:
            named.append(f"-H 'If-Match: {seen}'")
        self.sent.append(path)
        self.steps.console.say(f"$ curl -s {self.address}{path} {' '.join(named)} --json '{text}'")

    def _tell(self, answer: Answer) -> None:
        console = self.steps.console
        if answer.status >= 400:
            console.say(f"  {answer.status}  {answer.said['code']}: {answer.said['title']}")
        elif answer.repeated:
            console.tell(
                f"  {answer.status}  sent before, answered as then; nothing is appended twice",
                f"  {answer.status}  该请求此前已发送，按当时结果应答；不会重复追加事件",
            )
        else:
            console.say(f"  {answer.status}  + {', '.join(answer.events) or '–'}")


@contextmanager
def opened(session: Session, steps: Steps) -> Iterator[Counter]:
    """A server on a free port while the stories are told. Raises Stopped if it does not start."""
    with steps.start("serve", "all", "--port", "0", "--json", quiet=True) as server:
        try:
            said = _first_line(server)
            with httpx.Client(base_url=said["address"], timeout=30) as http:
                yield Counter(session, steps, said["address"], http)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(STOP_DEADLINE_S)
            except subprocess.TimeoutExpired:
                server.kill()


def _first_line(server: "subprocess.Popen[bytes]") -> dict[str, Any]:
    assert server.stdout is not None, "it was started quietly"
    ready, _, _ = select.select([server.stdout], [], [], START_DEADLINE_S)
    line = server.stdout.readline() if ready else b""
    if not line:
        raise Stopped(en="the server of the demo did not start", zh="演示所用的服务未能启动")
    found: dict[str, Any] = json.loads(line)
    return found
