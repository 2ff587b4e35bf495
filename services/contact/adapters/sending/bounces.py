"""What mail servers report of mail that was taken: delivery status notifications (RFC 3464), read from their bytes.

Which message it is about is told by what we gave it: the envelope id (RFC 3461), the tag of the bounce address, or the
Message-ID of the mail that comes back. All three hold the message's key, which nobody can guess who never had the mail,
so that a forged report finds no message.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Literal, cast

from services.contact.adapters.sending.email_smtp import NO_MAILBOX
from services.contact.application.channel_port import Receipt
from services.contact.domain.sending.retry import ADDRESS_UNKNOWN
from shared.kernel.clock import in_utc

BYTES_MAX = 1 << 20
RECIPIENTS_MAX = 20
_KEY = re.compile(r"cat_[0-9a-f]{48}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
MAILBOX_FULL, NOT_DELIVERED = "MAILBOX_FULL", "NOT_DELIVERED"


class NoNotification(Exception):
    """It is no delivery status notification, or of no message of ours: an answer, an absence notice, a plain mail."""


def receipts_of(raw: bytes, *, now: datetime) -> tuple[Receipt, ...]:
    """What a mail reports of a message of ours; none where it only tells of a delay. `now`: for one without a date.

    Raises NoNotification.
    """
    if len(raw) > BYTES_MAX:
        raise NoNotification
    mail = message_from_bytes(raw, policy=default)
    if mail.get_content_type() != "multipart/report" or _parameter(mail) != "delivery-status":
        raise NoNotification
    status = next(
        (part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None
    )
    blocks: object = status.get_payload() if status is not None else None
    if not isinstance(blocks, list) or len(blocks) < 2:
        raise NoNotification
    key = _key(mail, blocks[0])
    if key is None:
        raise NoNotification
    told = _instant(mail.get("Date"), now, default=now)
    return tuple(_receipts(key, blocks[1 : 1 + RECIPIENTS_MAX], told, str(mail.get("Date", ""))))


def _parameter(mail: Message) -> str:
    return str(mail.get_param("report-type", "")).lower()


def _key(mail: Message, about: Message) -> str | None:
    """The key of the message that is reported on."""
    tagged = (str(mail.get(name, "")) for name in ("To", "Delivered-To", "X-Original-To"))
    for text in (str(about.get("Original-Envelope-Id", "")), *tagged, *_returned(mail)):
        found = _KEY.search(text)
        if found:
            return found[0]
    return None


def _returned(mail: Message) -> Iterator[str]:
    """The Message-ID of the mail that came back, whole or its headers alone."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in cast("list[Message]", part.get_payload()):
                yield str(inner.get("Message-ID", ""))
        elif part.get_content_type() == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                yield str(message_from_bytes(raw, policy=default).get("Message-ID", ""))


def _receipts(key: str, recipients: list[Message], told: datetime, dated: str) -> Iterator[Receipt]:
    """One for each recipient; its id follows from what stands in the mail: read again it is the same."""
    for one in recipients:
        action = str(one.get("Action", "")).strip().lower()
        found = _STATUS.search(str(one.get("Status", "")))
        status = found[0] if found else ""
        at = _instant(one.get("Last-Attempt-Date"), told, default=told)
        kind: Literal["DELIVERED", "FAILED", "BOUNCED"]
        if action == "delivered":
            kind, cause = "DELIVERED", None
        elif action == "failed":
            kind = "BOUNCED" if status in NO_MAILBOX else "FAILED"
            full = status.endswith(".2.2")
            cause = ADDRESS_UNKNOWN if kind == "BOUNCED" else MAILBOX_FULL if full else NOT_DELIVERED
        else:  # delayed, relayed, expanded: nothing is certain yet
            continue
        made = f"{key}|{action}|{status}|{one.get('Last-Attempt-Date', '') or dated}"
        receipt = "dsn_" + sha256(made.encode()).hexdigest()[:32]
        yield Receipt(kind=kind, at=at, receipt=receipt, key=key, cause=cause)


def _instant(text: object, latest: datetime, *, default: datetime) -> datetime:
    """A date of the report, never later than `latest`: some servers' clocks are wrong."""
    try:
        at = parsedate_to_datetime(str(text)) if text else default
        return min(in_utc(at), latest) if at.tzinfo else default
    except (ValueError, TypeError, OverflowError):
        return default
