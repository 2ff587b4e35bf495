"""Bodies of requests: one JSON object of bounded size, read strictly, and the field types that requests are made of.

The framework's own reading takes the last of two equal keys, NaN, half a surrogate pair and numbers where money is
meant; each of them has been somebody's wrong amount. Here the body is read once, strictly, before the framework does.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from starlette.requests import Request

from shared.http.problems import Problem
from shared.kernel import clock, money
from shared.kernel.money import Money

BODY_BYTES_MAX = 65_536
MEDIA_TYPE = "application/json"
YEARS = range(1970, 2201)


class Sent(BaseModel):
    """What a request says: exactly these fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _day(value: Any) -> Any:
    if not isinstance(value, str) or len(value) != len("2005-09-30"):
        raise ValueError("a day is YYYY-MM-DD")
    day = date.fromisoformat(value)
    if day.isoformat() != value or day.year not in YEARS:
        raise ValueError("a day is of our times")
    return day


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or len(value) < len("2005-09-30T00:00Z"):
        raise ValueError("a time is RFC 3339")
    at = datetime.fromisoformat(value)
    if at.tzinfo is None or at.year not in YEARS:
        raise ValueError("a time carries its offset and is of our times")
    return clock.in_utc(at)


Day = Annotated[date, BeforeValidator(_day), Field(examples=["2005-10-10"])]
"""A civil day, `YYYY-MM-DD`."""
Moment = Annotated[datetime, BeforeValidator(_moment), Field(examples=["2005-10-10T09:30:00+08:00"])]
"""An instant, RFC 3339 with its offset; in UTC once read."""
Whole = Annotated[int, Strict()]
"""A JSON number without a fraction: `true` is not one, and `"12"` is text."""
Truth = Annotated[bool, Strict()]
"""`true` or `false`; not `1`, `"yes"` or `"off"`."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A line of text."""
Ref = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._:/@+#-]+$")]
"""Another system's reference."""


class AmountSent(Sent):
    """Money as it is sent: a decimal string with at most the currency's places. A JSON number is refused."""

    amount: str = Field(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,4})?$", examples=["1234.50"])
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["TWD"])

    def money(self) -> Money:
        """The amount. Raises MalformedAmount, UnknownCurrency."""
        return money.parse(self.amount, self.currency)


def canonical(document: Any) -> bytes:
    """One spelling for equal documents: sorted keys, no blanks, UTF-8. Raises ValueError for what JSON cannot say."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def fingerprint(method: str, path: str, document: Any) -> bytes:
    """What a request asks for, as 32 bytes: the same key with another fingerprint is another request."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), canonical(document)))).digest()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def parsed(raw: bytes) -> Any:
    """The document in a body. Raises Problem `malformed-json`."""
    try:
        document = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
        canonical(document)
    except (ValueError, RecursionError):
        raise Problem("malformed-json") from None
    return document


async def read(request: Request, *, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """The body, of the right media type and size. Raises Problem 413 or 415."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() != MEDIA_TYPE or charset not in ("", "charset=utf-8"):
        raise Problem("unsupported-media-type", context={"allowed": [MEDIA_TYPE]})
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > bytes_max:
        raise Problem("body-too-large", context={"bytes_max": bytes_max})
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise Problem("body-too-large", context={"bytes_max": bytes_max})
    return bytes(body)
