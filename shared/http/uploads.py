"""A file that is sent as it is: read as it comes, of a bounded size, checked against its digest where one is sent."""

import base64
import binascii
import re
from collections.abc import AsyncIterator

from starlette.requests import Request

from shared.http import bodies, preconditions
from shared.http.commands import Envelope
from shared.http.operations import MEDIA_TYPES_OF_FILES, caller_of
from shared.http.problems import Problem

_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]{44}):")


async def arriving(request: Request, *, bytes_max: int) -> AsyncIterator[bytes]:
    """The body, piece by piece. Raises Problem 413 or 415, before anything is read where the headers tell."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in MEDIA_TYPES_OF_FILES:
        raise Problem("unsupported-media-type", context={"allowed": list(MEDIA_TYPES_OF_FILES)})
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > bytes_max:
        raise Problem("body-too-large", context={"bytes_max": bytes_max})
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > bytes_max:
            raise Problem("body-too-large", context={"bytes_max": bytes_max})
        yield part


def announced(request: Request) -> str | None:
    """The SHA-256, in hex, that `Content-Digest` (RFC 9530) says. Raises Problem `malformed-request`."""
    sent = request.headers.getlist("content-digest")
    if not sent:
        return None
    found = _DIGEST.search(",".join(sent)[:1000])
    try:
        return base64.b64decode(found[1], validate=True).hex() if found else None
    except binascii.Error:
        raise Problem("malformed-request", errors=[("Content-Digest", "NOT_A_DIGEST")]) from None


def envelope(request: Request, *, operation: str, sha256: str) -> Envelope:
    """The command that a file's arrival is: the same key with another file is another request.

    Raises Problem `idempotency-key-missing`, `malformed-request`.
    """
    return Envelope(
        caller=caller_of(request),
        operation=operation,
        key=preconditions.idempotency_key(request),
        fingerprint=bodies.fingerprint(request.method, request.url.path, {"sha256": sha256}),
        expected=None,
        dry_run=False,
    )
