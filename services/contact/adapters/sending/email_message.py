"""An e-mail as it goes over the wire, and the addresses it goes between.

Headers cannot be forged by what a template is filled with: addresses are checked, the subject line is one line, and
the body travels as base64. RFC 5322 (form), 3834 (automatic mail), 6531/6532 (addresses beyond ASCII), 5891 (IDN).
"""

import re
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

import idna

from services.contact.application.channel_port import Outgoing

_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]{1,64}")
ADDRESS_CHARS_MAX = 254
SUBJECT_CHARS_MAX = 400


class BadAddress(Exception):
    """It cannot be an e-mail address. Says nothing of what it was."""


def parsed(address: str) -> Address:
    """The address with its domain as DNS knows it (A-labels). Raises BadAddress.

    Quoted local parts, comments and lists are refused: no debtor's address needs them, and injections do.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or len(address) > ADDRESS_CHARS_MAX or not _LOCAL.fullmatch(local):
        raise BadAddress
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise BadAddress
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BadAddress from None
    if "." not in ascii_domain and ascii_domain != "localhost":
        raise BadAddress
    return Address(username=unicodedata.normalize("NFC", local), domain=ascii_domain)


def needs_utf8(address: Address) -> bool:
    """Can it only be sent by a server that offers SMTPUTF8?"""
    return not address.username.isascii()


def one_line(text: str) -> str:
    """The text on one line: every run of white space and control characters is one space.

    What looks like an encoded word (RFC 2047) is broken up: readers would decode it, line breaks and all.
    """
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(visible.replace("=?", "= ?").split())[:SUBJECT_CHARS_MAX]


def composed(message: Outgoing, *, to: Address, sender: Address, at: datetime, message_id: str) -> bytes:
    """The bytes to hand over. `message_id` stays the same however often it is sent."""
    mail = EmailMessage(policy=SMTPUTF8 if needs_utf8(to) or needs_utf8(sender) else SMTP)
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = one_line(message.subject_line or "")
    mail["Date"] = at
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail.set_content(message.text, charset="utf-8", cte="base64")
    mail["Content-Language"] = (
        message.language
    )  # after the content, which brings Content-* headers of its own
    for name, media, content in message.attachments:
        kind, _, form = media.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=form or "octet-stream", filename=one_line(name))
    # Put in front as it is: folded like other long headers it would be read differently by some servers.
    return f"Message-ID: {message_id}\r\n".encode("ascii") + mail.as_bytes()
