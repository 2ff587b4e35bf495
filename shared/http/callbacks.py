"""Operations that another system calls by itself, signed (signed_callbacks.py) instead of with a token of ours.

    @found.post("/delivery-receipts/{provider}", **callback("takeReceipt", "…", of=ReportSent, type_=REPORTED, …))
    async def take_receipt(provider: str, request: Request) -> Response:
        taken = await verified(request, keys=keys_of(provider), now=now, of=ReportSent, type_=REPORTED)

Nothing of the body is looked at before the signature is found right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from shared.http import bodies, signed_callbacks
from shared.http.operations import open_to_all
from shared.http.problems import Problem
from shared.http.signing_keys import Checks

OF_CALLBACKS = (
    "signature-refused", "malformed-json", "body-too-large", "unsupported-media-type", "temporary-reduced-capacity",
)  # fmt: skip
CHALLENGE = 'Signature realm="callbacks"'
"""What a 401 must say (RFC 9110, 11.6.1); Standard Webhooks has registered no scheme of its own."""
Said = TypeVar("Said", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Callback(Generic[Said]):
    """A callback that was signed by whom it says; `id` is the same whenever it is told again."""

    id: str
    data: Said


def callback(
    operation_id: str,
    summary: str,
    *,
    type_: str,
    of: type[BaseModel],
    sent: Mapping[str, Any],
    gives: Any,
    problems: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The declaration of a callback: `of` is what its `data` holds, `sent` an example of it, `gives` of the answer."""
    told = open_to_all(operation_id, summary, problems=(*OF_CALLBACKS, *problems), example=gives)
    schema = {
        "type": "object",
        "required": ["type", "data"],
        "properties": {
            "type": {"const": type_},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": of.model_json_schema(),
        },
        "additionalProperties": False,
    }
    example = {"type": type_, "timestamp": "2026-11-22T04:00:00Z", "data": dict(sent)}
    told["openapi_extra"] |= {
        "parameters": _headers(),
        "requestBody": {
            "required": True,
            "content": {bodies.MEDIA_TYPE: {"schema": schema, "example": example}},
        },
    }
    return told


async def verified(
    request: Request, *, keys: Sequence[Checks], now: datetime, type_: str, of: type[Said]
) -> Callback[Said]:
    """The callback. Raises Problem: 413 and 415, then 401 `signature-refused`, then 400 and 422 for what it says."""
    body = await bodies.read(request)
    refused = signed_callbacks.refused_because(request.headers, body, keys, now=now)
    if refused is not None:
        raise Problem("signature-refused", errors=[refused], headers={"WWW-Authenticate": CHALLENGE})
    document = bodies.parsed(body)
    if not isinstance(document, dict) or set(document) - {"type", "timestamp", "data"}:
        raise Problem("invalid", errors=[("", "NOT_A_CALLBACK")])
    if document.get("type") != type_:
        raise Problem("invalid", errors=[("/type", "OTHER_TYPE")], context={"allowed": [type_]})
    try:
        data = of.model_validate(document.get("data"))
    except ValidationError as wrong:
        raise Problem("invalid", errors=sorted({_place(one) for one in wrong.errors()})) from None
    return Callback(request.headers[signed_callbacks.ID], data)


def _place(error: Any) -> tuple[str, str]:
    """Where, by names of our own alone, and what is wrong there."""
    inside = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return "".join(f"/{part}" for part in ("data", *inside)), str(error["type"]).upper()


def _headers() -> list[dict[str, Any]]:
    def header(name: str, means: str, pattern: str) -> dict[str, Any]:
        schema = {"type": "string", "pattern": pattern}
        return {"name": name, "in": "header", "required": True, "description": means, "schema": schema}

    return [
        header(signed_callbacks.ID, "The same whenever the callback is repeated.", signed_callbacks.ID_PATTERN),
        header(signed_callbacks.TIMESTAMP, "Seconds since the epoch, of this try.", "^[1-9][0-9]{0,11}$"),
        header(
            signed_callbacks.SIGNATURE,
            "`v1,<base64>` (HMAC-SHA-256) or `v1a,<base64>` (Ed25519) over `<id>.<timestamp>.<body>`; "
            "several, separated by blanks, while a key is replaced (Standard Webhooks 1.0).",
            "^v1a?,",
        ),
    ]  # fmt: skip
