"""What a request asks for beside its body: versions, positions and preferences in headers of ours and of HTTP."""

import re
from collections.abc import Mapping, Sequence

from starlette.requests import Request

from shared.http.problems import Problem

KEY_CHARS_MAX = 255
WAIT_DEFAULT_S, WAIT_MAX_S = 2, 10
_KEY = re.compile(r"[!-~]{1,255}")
_TAG = re.compile(r'"v([1-9][0-9]{0,8})"')
_POSITION = re.compile(r"\d{1,18}(\.\d{1,18}){0,255}")


def etag(version: int) -> str:
    """The tag of a stream's version."""
    return f'"v{version}"'


def idempotency_key(request: Request) -> str:
    """The caller's key. Raises Problem `idempotency-key-missing`, `malformed-request`."""
    sent = request.headers.getlist("idempotency-key")
    if not sent or not sent[0]:
        raise Problem("idempotency-key-missing")
    if len(sent) > 1 or not _KEY.fullmatch(sent[0]):
        raise Problem("malformed-request", errors=[("Idempotency-Key", "NOT_A_KEY")])
    return sent[0]


def expected_version(request: Request, *, required: bool) -> int | None:
    """The version in `If-Match`, None without one. Raises Problem `precondition-required`, `malformed-request`."""
    sent = request.headers.getlist("if-match")
    if not sent:
        if required:
            raise Problem("precondition-required")
        return None
    found = _TAG.fullmatch(sent[0].strip())
    if found is None or len(sent) > 1:
        raise Problem("malformed-request", errors=[("If-Match", "NOT_AN_ETAG")])
    return int(found[1])


def preferences(request: Request) -> dict[str, str]:
    """The preferences of `Prefer` (RFC 7240) by name; those without a value have an empty one."""
    found: dict[str, str] = {}
    for item in ",".join(request.headers.getlist("prefer"))[:500].split(","):
        name, _, value = item.strip().partition(";")[0].partition("=")
        if name:
            found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def wait_s(request: Request) -> int:
    """How long the caller lets us wait, in seconds: `Prefer: wait=2`."""
    text = preferences(request).get("wait", "")
    return min(int(text), WAIT_MAX_S) if text.isdigit() and len(text) < 6 else WAIT_DEFAULT_S


def position_text(lanes: Sequence[int], at: Mapping[int, int]) -> str:
    """A position in every lane, in order, joined by dots; 0 for a lane that says nothing."""
    return ".".join(str(at.get(lane, 0)) for lane in lanes)


def min_position(request: Request, lanes: Sequence[int]) -> dict[int, int]:
    """lane -> the position a view must have reached, from `Min-Position`; empty without it.

    Raises Problem `malformed-request`.
    """
    sent = request.headers.getlist("min-position")
    if not sent:
        return {}
    numbers = sent[0].split(".") if len(sent) == 1 and _POSITION.fullmatch(sent[0]) else []
    if len(numbers) != len(lanes):
        raise Problem("malformed-request", errors=[("Min-Position", "NOT_A_POSITION")])
    return dict(zip(lanes, map(int, numbers), strict=True))
