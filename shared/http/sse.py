"""Server-sent events: the same content as a JSON page, as a stream, for readers that ask for `text/event-stream`."""

import json
from collections.abc import Mapping
from typing import Any

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_S = 15.0
"""A stream that is silent for longer is taken for dead by what stands between."""
RETRY_MS = 1_000


def asked_for(accept: str | None) -> bool:
    """Does the reader name the stream's media type? (`*/*` is answered with JSON.)"""
    listed = (accept or "").split(",")
    return any(item.partition(";")[0].strip().lower() == MEDIA_TYPE for item in listed)


def event(data: Mapping[str, Any], *, name: str, id_: str) -> bytes:
    """One event; `id_` is what the reader sends back as `Last-Event-ID` to go on behind it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {id_}\nevent: {name}\ndata: {text}\n\n".encode()


def heartbeat(*, id_: str | None = None) -> bytes:
    """A sign of life; with `id_` it also moves where the reader goes on."""
    moved = f"id: {id_}\n" if id_ is not None else ""
    return f": still here\n{moved}\n".encode()


def retry() -> bytes:
    """How soon a reader whose stream breaks may come back."""
    return f"retry: {RETRY_MS}\n\n".encode()


def bye() -> bytes:
    """The server ends the stream in order; the reader may come back."""
    return f"event: bye\nretry: {RETRY_MS}\ndata: {{}}\n\n".encode()
