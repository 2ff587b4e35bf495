"""The e-mail channel from its settings."""

from collections.abc import Mapping
from pathlib import Path
from ssl import SSLError
from typing import Literal
from urllib.parse import urlsplit

from limits import parse_many

from services.contact.adapters.sending.channels import Opened, SettingWrong
from services.contact.adapters.sending.email_message import BadAddress, one_line, parsed
from services.contact.adapters.sending.email_smtp import MailServer, SmtpEmail
from shared.kernel.clock import Clock

URL, USER, PASSWORD = "QUITTANCE_SMTP_URL", "QUITTANCE_SMTP_USER", "QUITTANCE_SMTP_PASSWORD"
FROM, NAME, BOUNCES = "QUITTANCE_SMTP_FROM", "QUITTANCE_SMTP_NAME", "QUITTANCE_SMTP_BOUNCES"
TAG, TAGS = "QUITTANCE_SMTP_BOUNCE_TAG", ("plus", "none")
AUTHORITY, RATES = "QUITTANCE_SMTP_AUTHORITY", "QUITTANCE_SMTP_RATES"
RATES_DEFAULT = "10/second"
_TLS: dict[str, tuple[Literal["implicit", "starttls", "none"], int]] = {
    "smtps": ("implicit", 465),
    "smtp": ("starttls", 587),
    "smtp+none": ("none", 25),
}
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


def opened(values: Mapping[str, str], clock: Clock) -> Opened | None:
    """The channel; None where no mail server is named. Raises SettingWrong."""
    if URL not in values:
        return None
    tls, host, port = _server(values[URL])
    if FROM not in values:
        raise SettingWrong(FROM, en=f"must be set with {URL}", zh=f"须与 {URL} 一起设置")
    if (USER in values) != (PASSWORD in values):
        missing = PASSWORD if USER in values else USER
        other = USER if USER in values else PASSWORD
        raise SettingWrong(missing, en=f"must be set with {other}", zh=f"须与 {other} 一起设置")
    tag = values.get(TAG, TAGS[0])
    if tag not in TAGS:
        raise SettingWrong(TAG, en="must be plus or none", zh="只能取 plus 或 none")
    server = MailServer(
        host=host, port=port, tls=tls, sender=values[FROM], sender_name=one_line(values.get(NAME, "")),
        user=values.get(USER), password=values.get(PASSWORD), bounces=values.get(BOUNCES), tagged=tag == TAGS[0],
        authority=Path(values[AUTHORITY]) if AUTHORITY in values else None,
    )  # fmt: skip
    try:
        channel = SmtpEmail(server, clock=clock)
    except BadAddress:
        named = FROM if _unreadable(values[FROM]) else BOUNCES
        raise SettingWrong(named, en="must be an e-mail address", zh="必须是电子邮件地址") from None
    except (OSError, SSLError):
        raise SettingWrong(
            AUTHORITY, en="must be a file of certificates (PEM)", zh="必须是证书文件（PEM）"
        ) from None
    return Opened(channel=channel, rates=_rates(values.get(RATES, RATES_DEFAULT)))


def _server(url: str) -> tuple[Literal["implicit", "starttls", "none"], str, int]:
    wrong = SettingWrong(
        URL,
        en="must be smtps://host[:port], or smtp://host[:port] with STARTTLS; the password is a setting of its own; "
        "smtp+none:// only on the loopback",
        zh="必须是 smtps://主机[:端口]，或使用 STARTTLS 的 smtp://主机[:端口]；密码另行设置；smtp+none:// 仅限本机",
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    known = _TLS.get(parts.scheme)
    extra = parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/")
    if known is None or not host or extra or (known[0] == "none" and host not in _LOCAL):
        raise wrong
    return known[0], host, port or known[1]


def _unreadable(address: str) -> bool:
    try:
        parsed(address)
    except BadAddress:
        return True
    return False


def _rates(text: str) -> str:
    try:
        parse_many(text)
    except ValueError:
        raise SettingWrong(
            RATES, en="must be rates such as 10/second;2000/hour", zh="必须是速率，例如 10/second;2000/hour"
        ) from None
    return text
