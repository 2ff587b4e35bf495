"""Text messages through an HTTP gateway: signed requests, one key a message, and a question what became of a key.

The protocol is docs/how-to/connect-an-sms-gateway.md. What is not certain is Unknown: an answer that was not
understood, a server's fault, a broken connection. Only what never reached the gateway, or what it refused by name, is
NotTaken. Redirects are not followed: a signature is for one address.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httpx

from services.contact.application.channel_port import Found, NotTaken, Outgoing, Receipt, Sent, Taken, Unknown
from services.contact.domain.point_form import phone
from services.contact.domain.sending import retry
from services.contact.domain.sending.sms_text import parts_of
from shared.http import signed_requests
from shared.http.signing_keys import Signs
from shared.kernel.clock import Clock, in_utc

NAME = "sms-gateway"
PARTS_MAX = 255
"""A part's header counts to 255 (3GPP TS 23.040, 9.2.3.24.1); gateways take fewer, and say so."""
ANSWER_BYTES_MAX = 65_536
CONNECT_S = 5.0
WAIT_MAX_S = 86_400.0
REPORTS_MAX = 100
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_WORD = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_PRINTED = re.compile(r"[!-~]+")
_REGION = re.compile(r"[A-Z]{2}")
_CAUSE = re.compile(r"[A-Z][A-Z0-9_]{0,49}")
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_OF_THE_MESSAGE = frozenset({retry.ADDRESS_UNKNOWN, retry.ADDRESS_INVALID, "TEXT_REFUSED", "TOO_LARGE"})
"""What the gateway may say is wrong with one message; any other word of its is a plain REFUSED."""


class GatewayUnusable(ValueError):
    """A setting of the gateway is wrong: which, and why in both languages, never its value."""

    def __init__(self, setting: str, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.setting, self.en, self.zh = setting, en, zh


class _NotUnderstood(Exception):
    """The answer is too large, or no JSON object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """Where the gateway is, with which key requests are signed, and who the sender is.

    `region`: the country whose numbers may come without a country code, as ISO 3166-1 has it.
    """

    url: str
    key: Signs = field(repr=False)
    sender: str
    region: str = "CN"

    def checked(self) -> "SmsSettings":
        """The same. Raises GatewayUnusable."""
        parts = urlsplit(self.url)
        local = parts.scheme == "http" and parts.hostname in _LOCAL
        if not parts.hostname or not (parts.scheme == "https" or local):
            raise GatewayUnusable(
                "QUITTANCE_SMS_URL",
                en="must be an https:// address, or http:// on the loopback",
                zh="必须是 https:// 地址，或本机回环的 http:// 地址",
            )
        if not _PRINTED.fullmatch(
            self.url
        ):  # what is signed is what is sent: nothing is left to be rewritten
            raise GatewayUnusable(
                "QUITTANCE_SMS_URL",
                en="must be written in ASCII without blanks, other characters encoded",
                zh="必须使用 ASCII 字符且不含空白，其他字符须先编码",
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise GatewayUnusable(
                "QUITTANCE_SMS_URL",
                en="must hold neither a password nor a query",
                zh="不得包含密码或查询参数",
            )
        if not _WORD.fullmatch(self.sender):
            raise GatewayUnusable(
                "QUITTANCE_SMS_SENDER",
                en="must be 1 to 100 letters, digits and . _ : -",
                zh="必须是 1 到 100 个字母、数字或 . _ : -",
            )
        if not _REGION.fullmatch(self.region):
            raise GatewayUnusable(
                "QUITTANCE_SMS_REGION",
                en="must be a country code of two letters",
                zh="必须是两个字母的国家代码",
            )
        return self


class SmsGateway:
    """The channel; it keeps connections until it is closed."""

    name = NAME
    channel = "sms"
    keeps_keys = True

    def __init__(
        self, settings: SmsSettings, *, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings, self._clock = settings.checked(), clock
        self._root = settings.url.rstrip("/")
        self._http = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """Hand it over once, under its key."""
        number = phone(message.address, region=self._settings.region)
        if number is None:
            return NotTaken(retry.ADDRESS_INVALID, permanent=True)
        parts = parts_of(message.text)
        if parts.parts > PARTS_MAX:
            return NotTaken("TOO_LARGE", permanent=True)
        said = {
            "key": message.key, "to": number, "from": self._settings.sender, "text": message.text,
            "language": message.language, "encoding": parts.encoding, "parts": parts.parts,
        }  # fmt: skip
        try:
            async with asyncio.timeout(deadline_s):
                answer = await self._ask("POST", "/messages", deadline_s, body=said, key=message.key)
        except _NEVER_LEFT:
            return NotTaken(retry.PROVIDER_DOWN, permanent=False)
        except (TimeoutError, httpx.TimeoutException):
            return Unknown("NO_ANSWER_IN_TIME")
        except httpx.HTTPError:
            return Unknown("CONNECTION_BROKEN")
        except _NotUnderstood:
            return Unknown("NOT_UNDERSTOOD")
        return self._sent(message.key, *answer)

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """What the gateway says of a key; CANNOT_TELL unless it says so in its own words."""
        known = await self._known(key, deadline_s)
        if isinstance(known, str):
            return known
        return Taken(str(known["id"]))

    async def receipts(self, key: str, *, deadline_s: float) -> tuple[Receipt, ...] | None:
        """Everything the gateway has to report of a key, for reports that got lost; None where it cannot be asked."""
        known = await self._known(key, deadline_s)
        if isinstance(known, str):
            return None if known == "CANNOT_TELL" else ()
        listed = known.get("reports")
        if not isinstance(listed, list) or len(listed) > REPORTS_MAX:
            return None
        found = (receipt_of({**one, "key": key}) for one in listed if isinstance(one, Mapping))
        return tuple(one for one in found if one is not None)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def _known(
        self, key: str, deadline_s: float
    ) -> dict[str, Any] | Literal["NEVER_SEEN", "CANNOT_TELL"]:
        assert _WORD.fullmatch(key), "keys are made by us"
        try:
            async with asyncio.timeout(deadline_s):
                status, _, said = await self._ask("GET", f"/messages/{key}", deadline_s)
        except (TimeoutError, httpx.HTTPError, _NotUnderstood):
            return "CANNOT_TELL"
        if status == httpx.codes.OK and said.get("key") == key and _is_word(said.get("id")):
            return said
        if status == httpx.codes.NOT_FOUND and said.get("code") == "NEVER_SEEN":
            return "NEVER_SEEN"
        return "CANNOT_TELL"

    async def _ask(
        self, method: str, path: str, deadline_s: float, *, body: Any = None, key: str | None = None
    ) -> tuple[int, httpx.Headers, dict[str, Any]]:
        """(status, headers, answer); the answer of a refusal may be empty. Raises what httpx does, _NotUnderstood."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"accept": "application/json"}
        signed: tuple[str, ...] = ()
        if key is not None:
            digest = signed_requests.content_digest(content)
            headers |= {"content-type": "application/json", "content-digest": digest, "idempotency-key": key}
            signed = ("content-digest", "content-type", "idempotency-key")
        asked = signed_requests.Outgoing(method, self._root + path, headers)
        headers |= signed_requests.sign(asked, self._settings.key, now=self._clock.now(), headers=signed)
        timeout = httpx.Timeout(deadline_s, connect=min(CONNECT_S, deadline_s))
        async with self._http.stream(
            method, asked.url, content=content or None, headers=headers, timeout=timeout
        ) as answer:
            raw = bytearray()
            async for part in answer.aiter_bytes():
                raw += part
                if len(raw) > ANSWER_BYTES_MAX:
                    raise _NotUnderstood
        return answer.status_code, answer.headers, _object(bytes(raw), strict=answer.is_success)

    def _sent(self, key: str, status: int, headers: httpx.Headers, said: dict[str, Any]) -> Sent:
        if status in (200, 201, 202):
            if said.get("key") == key and _is_word(said.get("id")):
                return Taken(str(said["id"]))
            return Unknown("NOT_UNDERSTOOD")
        if status in (400, 413, 422):
            code = str(said.get("code"))
            return NotTaken(code if code in _OF_THE_MESSAGE else "REFUSED", permanent=True)
        if status in (401, 403):
            return NotTaken(retry.AUTHENTICATION, permanent=False)
        if status in (402, 404, 405, 415):
            return NotTaken(retry.CONFIGURATION, permanent=False)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return NotTaken(retry.RATE_LIMITED, permanent=False, wait_s=self._wait(headers))
        if status == httpx.codes.CONFLICT:  # the same key is being worked on
            return Unknown("IN_PROGRESS")
        return Unknown("REDIRECTED" if 300 <= status < 400 else "PROVIDER_FAILED")

    def _wait(self, headers: httpx.Headers) -> float | None:
        """How long `Retry-After` says to wait (RFC 9110, 10.2.3): seconds, or until an instant."""
        given = headers.get("retry-after", "").strip()
        if given.isascii() and given.isdigit():
            return min(float(given), WAIT_MAX_S)
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max((until - self._clock.now()).total_seconds(), 0.0), WAIT_MAX_S)


def receipt_of(said: Mapping[str, Any]) -> Receipt | None:
    """A report as the gateway writes it, by itself or when asked; None for what cannot be read."""
    kind, report, key, cause = (said.get(name) for name in ("kind", "report", "key", "cause"))
    if kind not in ("DELIVERED", "FAILED", "BOUNCED") or not _is_word(report) or not _is_word(key):
        return None
    try:
        at = in_utc(datetime.fromisoformat(str(said.get("at"))))
    except ValueError:
        return None
    known = isinstance(cause, str) and _CAUSE.fullmatch(cause)
    return Receipt(
        kind=cast(Literal["DELIVERED", "FAILED", "BOUNCED"], kind),
        at=at,
        receipt=str(report),
        key=str(key),
        provider_ref=said["id"] if _is_word(said.get("id")) else None,
        cause=cast(str, cause) if known else None,
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _object(raw: bytes, *, strict: bool) -> dict[str, Any]:
    """The JSON object of an answer; without `strict` an empty one stands for what is none. Raises _NotUnderstood."""
    try:
        found = json.loads(raw.decode())
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    if strict:
        raise _NotUnderstood
    return {}
