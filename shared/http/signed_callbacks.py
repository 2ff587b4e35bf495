"""Callbacks that another system signs (Standard Webhooks 1.0), instead of a token of ours.

Three headers: `webhook-id`, the same whenever the callback is repeated; `webhook-timestamp`, seconds since the epoch;
`webhook-signature`, one or more of `v1,<base64>` (HMAC-SHA-256) and `v1a,<base64>` (Ed25519) over
`<id>.<timestamp>.<body>`. A replay inside the window of time is answered from the ledger: whoever takes a callback
derives its command's id from `webhook-id`.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.http.signing_keys import ED25519, HMAC, Checks, Signs

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
WINDOW_S = 300
"""How old, or ahead of our clock, a callback may be: the tolerance of the specification's own libraries."""
SIGNATURES_MAX = 8
ID_PATTERN = r"^[A-Za-z0-9_-]{1,100}$"
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SECONDS = re.compile(r"[1-9][0-9]{0,11}")
_VERSION = {HMAC: "v1", ED25519: "v1a"}


def signed(callback_id: str, body: bytes, key: Signs, *, now: datetime) -> dict[str, str]:
    """The three headers of a callback."""
    seconds = str(int(now.timestamp()))
    made = b64encode(key.sign(_content(callback_id, seconds, body))).decode()
    return {ID: callback_id, TIMESTAMP: seconds, SIGNATURE: f"{_VERSION[key.algorithm]},{made}"}


def refused_because(
    headers: Mapping[str, str], body: bytes, keys: Sequence[Checks], *, now: datetime
) -> tuple[str, str] | None:
    """(header, code) of what is wrong with a callback; None: one of the keys signed it, lately.

    Order: what is malformed, then the signature, then the time, so that only who holds a key learns of the clock.
    """
    callback_id, seconds = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _ID.fullmatch(callback_id):
        return (ID, "MALFORMED")
    if not _SECONDS.fullmatch(seconds):
        return (TIMESTAMP, "MALFORMED")
    content = _content(callback_id, seconds, body)
    given = headers.get(SIGNATURE, "").split(" ")[:SIGNATURES_MAX]
    if not any(_matches(one, content, key) for one in given for key in keys):
        return (SIGNATURE, "WRONG")
    if abs(now.timestamp() - int(seconds)) > WINDOW_S:
        return (TIMESTAMP, "OUTSIDE_THE_WINDOW")
    return None


def _content(callback_id: str, seconds: str, body: bytes) -> bytes:
    return b".".join((callback_id.encode(), seconds.encode(), body))


def _matches(given: str, content: bytes, key: Checks) -> bool:
    version, _, made = given.partition(",")
    if version != _VERSION[key.algorithm]:
        return False
    try:
        return key.verified(content, b64decode(made, validate=True))
    except (binascii.Error, ValueError):
        return False
