"""Delivery status notifications: whose message they are about, what they say, and what is none."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from services.contact.adapters.sending.bounces import BYTES_MAX, NoNotification, receipts_of
from services.contact.application.channel_port import Receipt

KEY = "cat_" + "0a" * 24
NOW = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)

DSN = """\
From: MAILER-DAEMON@mx.example
To: {to}
Date: Wed, 4 Mar 2026 11:00:00 +0800
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

This is the mail system. zhang.wei@example.com could not be reached.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{envelope}Arrival-Date: Wed, 4 Mar 2026 10:59:00 +0800

Final-Recipient: rfc822; zhang.wei@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} whatever they say
Last-Attempt-Date: Wed, 4 Mar 2026 10:59:30 +0800

--b
Content-Type: {returned}

Message-ID: <{message_id}@lender.example>
Subject: =?utf-8?b?5o+Q6YaS?=

--b--
"""


def dsn(**changes: str) -> bytes:
    given = {
        "to": "reminders@lender.example", "envelope": "", "action": "failed", "status": "5.1.1",
        "returned": "text/rfc822-headers", "message_id": "other",
    }  # fmt: skip
    return DSN.format(**(given | changes)).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"envelope": f"Original-Envelope-Id: {KEY}\n"},
        {"to": f"reminders+{KEY}@lender.example"},
        {"message_id": KEY},
        {"message_id": KEY, "returned": "message/rfc822"},
    ],
    ids=["envelope", "tag", "headers", "mail"],
)
def test_the_message_is_found_by_what_we_gave_it(changes: dict[str, str]) -> None:
    [receipt] = receipts_of(dsn(**changes), now=NOW)
    at = datetime(2026, 3, 4, 2, 59, 30, tzinfo=UTC)
    assert receipt == Receipt(
        kind="BOUNCED", at=at, receipt=receipt.receipt, key=KEY, cause="ADDRESS_UNKNOWN"
    )
    assert receipts_of(dsn(**changes), now=NOW) == (receipt,)


@pytest.mark.parametrize(
    ("action", "status", "kind", "cause"),
    [
        ("failed", "5.1.1", "BOUNCED", "ADDRESS_UNKNOWN"),
        ("failed", "5.2.1", "BOUNCED", "ADDRESS_UNKNOWN"),
        ("failed", "5.2.2", "FAILED", "MAILBOX_FULL"),
        ("failed", "4.4.7", "FAILED", "NOT_DELIVERED"),
        ("failed", "5.7.1", "FAILED", "NOT_DELIVERED"),
        ("failed", "nonsense", "FAILED", "NOT_DELIVERED"),
        ("Delivered", "2.0.0", "DELIVERED", None),
    ],
)
def test_what_is_reported(action: str, status: str, kind: str, cause: str | None) -> None:
    [receipt] = receipts_of(dsn(action=action, status=status, message_id=KEY), now=NOW)
    assert (receipt.kind, receipt.cause) == (kind, cause)


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded", ""])
def test_what_settles_nothing_is_no_receipt(action: str) -> None:
    assert receipts_of(dsn(action=action, status="4.4.1", message_id=KEY), now=NOW) == ()


def test_a_report_dated_in_the_future_counts_as_of_now() -> None:
    early = datetime(2026, 3, 1, tzinfo=UTC)
    [receipt] = receipts_of(dsn(message_id=KEY), now=early)
    assert receipt.at == early


def _absence() -> bytes:
    mail = EmailMessage()
    mail["To"], mail["Auto-Submitted"] = f"reminders+{KEY}@lender.example", "auto-replied"
    mail.set_content("I am away until Monday.")
    return mail.as_bytes()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\x00\xff\xfe", b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x--",
        dsn(), dsn(message_id=KEY).replace(b"delivery-status;", b"feedback-report;"), _absence(),
        dsn(message_id=KEY) + b"x" * BYTES_MAX, dsn(message_id=KEY)[:700], b"To: " + b"a" * 100_000,
    ],
    ids=["empty", "bytes", "no-parts", "of-no-message", "complaint", "absence", "large", "cut", "long-line"],
)  # fmt: skip
def test_what_is_no_notification_says_so(raw: bytes) -> None:
    with pytest.raises(NoNotification):
        receipts_of(raw, now=NOW)
