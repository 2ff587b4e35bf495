"""What people write back by e-mail: who, when, and their own words without what they quote.

Whether it says "no more" is decided where all answers are (domain/sending/stop_words.py). That the sender is who they
say is for the mail server to check (DMARC) before it delivers a mail into the folder that is read.
"""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from services.contact.adapters.sending.bounces import BYTES_MAX
from services.contact.adapters.sending.email_message import one_line
from services.contact.adapters.sending.email_smtp import NAME
from services.contact.application.sending.inbound import Reply
from services.contact.domain.point_form import normal
from services.contact.domain.sending.replies import TEXT_CHARS_MAX
from shared.kernel.clock import in_utc

_QUOTE = re.compile(
    r"^\s*(>|on\b.{0,200}\bwrote:|在.{0,200}写道[:：]|-{2,}\s*(original|原始邮件|forwarded)|_{5,}|from:|发件人[:：])",
    re.IGNORECASE,
)
_ANSWERING = re.compile(r"^\s*((re|aw|回复|答复|fw|fwd|转发)\s*[:：]\s*)+", re.IGNORECASE)


def answer_of(raw: bytes, *, now: datetime) -> Reply | None:
    """What a person wrote; None for what no person wrote, or has no sender, or no words."""
    if len(raw) > BYTES_MAX:
        return None
    mail = message_from_bytes(raw, policy=default)
    automatic = str(mail.get("Auto-Submitted", "no")).strip().lower() != "no"
    if (
        automatic
        or "List-Id" in mail
        or "Precedence" in mail
        or mail.get_content_type() == "multipart/report"
    ):
        return None
    senders = getaddresses([str(mail.get("From", ""))])
    words = _own_words(mail)
    if len(senders) != 1 or not words:
        return None
    address = normal("email", senders[0][1])
    if address is None:
        return None
    named = str(mail.get("Message-ID", "")).encode() or raw
    ref = "mail_" + sha256(named).hexdigest()[:32]
    return Reply(provider=NAME, channel="email", ref=ref, address=address, text=words, at=_written(mail, now))


def _own_words(mail: EmailMessage) -> str:
    """The body up to what is quoted; the subject where nothing stands there."""
    try:
        body = mail.get_body(preferencelist=("plain",))
        text = str(body.get_content()) if body is not None else ""
    except (LookupError, UnicodeError, ValueError):
        text = ""
    kept = []
    for line in text.splitlines():
        if _QUOTE.match(line):
            break
        kept.append(line)
    own = "\n".join(kept).strip() or _ANSWERING.sub("", one_line(str(mail.get("Subject", ""))))
    return own[:TEXT_CHARS_MAX]


def _written(mail: EmailMessage, now: datetime) -> datetime:
    try:
        at = parsedate_to_datetime(str(mail.get("Date", "")))
        return min(in_utc(at), now)
    except (ValueError, TypeError, OverflowError):
        return now
