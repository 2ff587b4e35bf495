"""Contact sheets over HTTP: `GET /v1/contact-sheets` of the case service, with a token, a deadline and a bound."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx

from shared.messaging.feed import text_of
from shared.messaging.over_http import CONNECT_S, Token
from shared.messaging.reader import HearAgain
from shared.messaging.told import Cursor

PATH = "/v1/contact-sheets"
DEADLINE_S = 10.0
BYTES_MAX = 4 << 20


class SheetsOverHttp:
    """The case service at an address. Every fault is one of the moment: it is asked again."""

    def __init__(
        self, address: str, *, token: Token, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._token = token
        self._http = httpx.AsyncClient(
            base_url=address,
            timeout=httpx.Timeout(None, connect=CONNECT_S),
            transport=transport,
            trust_env=False,
        )

    async def about(
        self, *, behind: Cursor, case: str | None = None, party: str | None = None, account: str | None = None
    ) -> Sequence[Any]:
        """See SheetSource. Raises HearAgain."""
        named = {"case": case, "party": party, "account": account}
        try:
            async with asyncio.timeout(DEADLINE_S):
                status, body = await self._get(
                    {name: value for name, value in named.items() if value is not None}, behind
                )
            said: Any = json.loads(body) if status == httpx.codes.OK else None
        except (TimeoutError, httpx.HTTPError, ValueError) as problem:
            raise HearAgain(type(problem).__name__) from None
        if not isinstance(said, dict) or not isinstance(said.get("items"), list):
            raise HearAgain(f"answered {status}")
        items: list[Any] = said["items"]
        return items

    async def _get(self, named: dict[str, str], behind: Cursor) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self._token()}", "Min-Position": text_of(behind)}
        async with self._http.stream("GET", PATH, params=named, headers=headers) as answer:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > BYTES_MAX:
                    raise HearAgain("more than sheets may hold")
            return answer.status_code, bytes(body)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()
