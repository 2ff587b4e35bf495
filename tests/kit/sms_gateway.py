"""An SMS gateway on the loopback, a process of its own, that tests tell how to behave and ask what it took.

with sms_gateway() as gateway:
    gateway.behave("HANG_AFTER")            # what it does with the next request; gateway_desk.Does has all words
    …                                       # let the product send to gateway.address, signed with gateway.secret
    assert [one["to"] for one in gateway.messages()] == ["+8613912345678"]
    gateway.settings(callback=address)          # of the contact service
    gateway.report(key, "DELIVERED")        # or FAILED, BOUNCED; lost=True: only whoever asks hears of it
    gateway.tell(times=2, reverse=True)     # everything that waits, twice, the last first
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from services.main.demo.gateway_desk import Does, On

SECRET = "whsec_" + b64encode(b"a secret of the tests, 32 bytes.").decode()
STARTED_S = 30.0
CALL_S = 20.0


class RunningGateway:
    """A gateway in a process of its own; `address` and `secret` go into QUITTANCE_SMS_URL and _SECRET."""

    def __init__(self, address: str, secret: str, http: httpx.Client) -> None:
        self.address, self.secret, self._http = address, secret, http

    def behave(self, do: Does, *, on: On = "send", times: int = 1, retry_after: int = 1) -> None:
        """Do this with the next `times` requests of the kind; afterwards every message is taken again."""
        self._do("behave", {"do": do, "on": on, "times": times, "retry_after": retry_after})

    def settings(self, **said: Any) -> None:
        """`callback`: the contact service's address. `at_once`: report each message delivered by itself.

        `keeps_keys`: False for a provider that takes a message again under the same key.
        """
        self._do("settings", said)

    def messages(self) -> list[dict[str, Any]]:
        """Every message it took, oldest first: key, id, to, from, text, language, state, reports."""
        return list(self._do("messages"))

    def posts(self) -> list[str]:
        """The key of every request to send, whatever came of it."""
        return list(self._do("posts"))

    def report(
        self, key: str, kind: str = "DELIVERED", *, cause: str | None = None, lost: bool = False
    ) -> str:
        """Say what became of a message: the report's id. It is told by `tell`."""
        return str(self._do("report", {"key": key, "kind": kind, "cause": cause, "lost": lost}))

    def answer(self, sender: str, text: str) -> str:
        """Somebody writes to us from this number; told by `tell`."""
        return str(self._do("answer", {"sender": sender, "text": text}))

    def tell(self, *, times: int = 1, reverse: bool = False, lose: int = 0) -> list[int]:
        """Tell the callback everything that waits: the statuses it answered."""
        return list(self._do("tell", {"times": times, "reverse": reverse, "lose": lose}))

    def _do(self, what: str, said: Mapping[str, Any] | None = None) -> Any:
        answer = self._http.post(f"/_test/{what}", json=said or {})
        assert answer.is_success, answer.text
        return answer.json()


@contextmanager
def sms_gateway(*, secret: str = SECRET, clock: Path | None = None) -> Iterator[RunningGateway]:
    """A gateway on a port of its own; `clock`: the file of the test clock it goes by. Ended at the end."""
    command = [sys.executable, "-m", "services.main.demo.sms_gateway"]
    command += ["--clock", str(clock)] if clock else []
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"signs": secret, "checks": secret}) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], STARTED_S)
        line = process.stdout.readline() if ready else ""
        assert line, "the gateway did not start"
        address = json.loads(line)["address"]
        with httpx.Client(base_url=address, timeout=CALL_S, trust_env=False) as http:
            yield RunningGateway(address, secret, http)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=CALL_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
