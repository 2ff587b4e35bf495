"""The case service and the contact service at their addresses: with a token, a deadline and a bound on every answer."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import httpx

from services.legal.adapters.elsewhere.sheet_read import sheet_of
from services.legal.application.elsewhere import (
    LEGAL_NOTICE,
    PDF_NAME,
    CaseSheet,
    CaseUnknownElsewhere,
    LetterNotPosted,
    NotAnswered,
    Post,
    Posted,
)
from shared.messaging.over_http import CONNECT_S, Token

SHEETS, CASES = "/v1/legal-sheets", "/v1/cases"
ATTEMPTS, MESSAGES, PERMITS = "/v1/contact-attempts", "/v1/messages", "/v1/contact-permits"
DEADLINE_S = 10.0
"""For each request; a list takes as many as it has pages."""
BYTES_MAX = 4 << 20
PAGE = 200
ROWS_MAX = 100_000
REFUSALS = (httpx.codes.NOT_FOUND, httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY)
PASSING = ("subject-busy", "subject-unknown")
"""Problems that pass: contact is busy, or has not heard of the case yet."""
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class _Asked:
    """A service at an address."""

    service: str

    def __init__(
        self, address: str, *, token: Token, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._token = token
        self._http = httpx.AsyncClient(
            base_url=address,
            timeout=httpx.Timeout(None, connect=CONNECT_S),
            transport=transport,
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, httpx.Headers]:
        """Status, document and headers. Raises NotAnswered for whatever is no answer of ours."""
        said = {"Authorization": f"Bearer {self._token()}", **(headers or {})}
        try:
            async with asyncio.timeout(DEADLINE_S):
                asked = self._http.stream(method, path, params=params, json=body, headers=said)
                async with asked as answer:
                    held = bytearray()
                    async for chunk in answer.aiter_bytes():
                        held += chunk
                        if len(held) > BYTES_MAX:
                            raise NotAnswered(service=self.service)
            return answer.status_code, json.loads(held), answer.headers
        except (TimeoutError, httpx.HTTPError, ValueError):
            raise NotAnswered(service=self.service) from None

    async def _rows(self, path: str, *, language: str, **named: str) -> AsyncIterator[Any]:
        """Every row of a list, in its order. Raises NotAnswered, also for one longer than ROWS_MAX; KeyError: 404."""
        cursor: str | None = None
        for _ in range(ROWS_MAX // PAGE):
            params: dict[str, str | int] = {**named, "limit": PAGE}
            if cursor is not None:
                params["cursor"] = cursor
            status, said, _headers = await self._ask(
                "GET", path, params=params, headers={"Accept-Language": language}
            )
            if status == httpx.codes.NOT_FOUND:
                raise KeyError(path)
            try:
                rows, cursor = said["items"], said["page"]["next"]
            except (KeyError, TypeError):
                raise NotAnswered(service=self.service) from None
            for row in rows:
                yield row
            if cursor is None:
                return
        raise NotAnswered(service=self.service)


class CaseOverHttp(_Asked):
    """`CaseFile`: the case service at an address. Its token carries `legal:address` and `case:read`."""

    service = "case"

    async def sheet(self, case: str, *, as_of: date) -> CaseSheet:
        """See CaseFile."""
        params = {"case": case, "as_of": as_of.isoformat()}
        status, said, headers = await self._ask("GET", SHEETS, params=params)
        if status == httpx.codes.NOT_FOUND:
            raise CaseUnknownElsewhere
        try:
            [told] = said["items"]
            return sheet_of(told, position=headers["Projection-Position"])
        except (KeyError, TypeError, ValueError):
            raise NotAnswered(service=self.service) from None

    async def timeline(self, case: str, *, language: str) -> Sequence[Any]:
        """See CaseFile."""
        try:
            return [row async for row in self._rows(f"{CASES}/{case}/timeline", language=language)]
        except KeyError:
            raise CaseUnknownElsewhere from None


class ContactOverHttp(_Asked):
    """`ContactFile`: the contact service at an address. Its token carries `contact:decide`."""

    service = "contact"

    async def contacts(self, case: str, *, language: str) -> Sequence[Any]:
        """See ContactFile."""
        try:
            found = [row async for row in self._rows(ATTEMPTS, language=language, case=case)]
        except KeyError:
            raise NotAnswered(service=self.service) from None
        return found[::-1]

    async def post(self, letter: Post) -> Posted:
        """See ContactFile; `Idempotency-Key` is the letter's."""
        body = {
            "subject": letter.subject, "case": letter.case, "person": letter.person, "role": letter.role,
            "channel": letter.channel, "language": letter.language, "template": letter.template,
            "debts": list(letter.debts), "purpose": LEGAL_NOTICE, "values": dict(letter.values),
            "content": list(letter.content),
            "document": {
                "name": PDF_NAME, "media_type": "application/pdf", "sha256": letter.sha256,
                "content": base64.b64encode(letter.pdf).decode("ascii"),
            },
        }  # fmt: skip
        status, said, _headers = await self._ask(
            "POST", MESSAGES, body=body, headers={"Idempotency-Key": letter.key}
        )
        if status in REFUSALS and (code := _code(said)) is not None:
            raise LetterNotPosted(code=code)
        if status not in (httpx.codes.OK, httpx.codes.CREATED):
            raise NotAnswered(service=self.service)
        try:
            message, permit, standing = said["id"], said["permit"], said["status"]
        except (KeyError, TypeError):
            raise NotAnswered(service=self.service) from None
        if standing != "REFUSED":
            return Posted(message=message, permit=permit, rules=(), until=None)
        return await self._refused(permit)

    async def _refused(self, permit: str) -> Posted:
        """Why, as the decision on record says."""
        status, said, _headers = await self._ask("GET", f"{PERMITS}/{permit}")
        try:
            if status != httpx.codes.OK:
                raise ValueError(status)
            rules = tuple(dict.fromkeys(str(one["rule"]) for one in said["reasons"]))
            cure = said.get("cure") or {}
            until = cure.get("until")
            when = None if until is None else datetime.fromisoformat(until).astimezone(UTC)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NotAnswered(service=self.service) from None
        return Posted(message=None, permit=permit, rules=rules, until=when)


def _code(said: Any) -> str | None:
    """The problem's code, unless it is one that passes; only what is written as a code is passed on."""
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) and code not in PASSING else None
