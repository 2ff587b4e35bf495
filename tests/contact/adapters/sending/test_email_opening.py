"""The e-mail channel from settings: what is wrong is named in both languages; the password is never shown."""

import pytest

from services.contact.adapters.sending.channels import SettingWrong, open_channels
from services.contact.adapters.sending.email_smtp import SmtpEmail
from shared.kernel.clock import SystemClock

PASSWORD = "hunter2 hunter2"
MAIL = {
    "QUITTANCE_SMTP_URL": "smtp://mail.lender.example",
    "QUITTANCE_SMTP_USER": "collections",
    "QUITTANCE_SMTP_PASSWORD": PASSWORD,
    "QUITTANCE_SMTP_FROM": "reminders@lender.example",
    "QUITTANCE_SMTP_NAME": "示例银行",
}


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("smtp://mail.lender.example", "starttls", 587),
        ("smtp://mail.lender.example:2525", "starttls", 2525),
        ("smtps://mail.lender.example/", "implicit", 465),
        ("smtp+none://127.0.0.1:2525", "none", 2525),
    ],
)
async def test_a_mail_server_is_named_by_its_address(url: str, tls: str, port: int) -> None:
    made = open_channels(MAIL | {"QUITTANCE_SMTP_URL": url}, clock=SystemClock())
    channel = made.by_channel["email"].inner
    assert isinstance(channel, SmtpEmail)
    assert (channel.server.tls, channel.server.port) == (tls, port)
    assert PASSWORD not in repr(made)
    assert PASSWORD not in repr(channel.server)
    await made.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUITTANCE_SMTP_URL", "mail.lender.example"),
        ("QUITTANCE_SMTP_URL", "smtp://"),
        ("QUITTANCE_SMTP_URL", "smtp://mail:port"),
        ("QUITTANCE_SMTP_URL", f"smtp://collections:{PASSWORD}@mail.lender.example"),
        ("QUITTANCE_SMTP_URL", "smtp+none://mail.lender.example"),
        ("QUITTANCE_SMTP_URL", "smtp://mail.lender.example/?x=1"),
        ("QUITTANCE_SMTP_FROM", ""),
        ("QUITTANCE_SMTP_FROM", "nobody at all"),
        ("QUITTANCE_SMTP_BOUNCES", "a@b@c"),
        ("QUITTANCE_SMTP_USER", ""),
        ("QUITTANCE_SMTP_PASSWORD", ""),
        ("QUITTANCE_SMTP_AUTHORITY", "/no/such/file.pem"),
        ("QUITTANCE_SMTP_BOUNCE_TAG", "minus sign"),
        ("QUITTANCE_SMTP_RATES", "as fast as it goes"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(name: str, value: str) -> None:
    given = {key: one for key, one in (MAIL | {name: value}).items() if one}
    with pytest.raises(SettingWrong) as wrong:
        open_channels(given, clock=SystemClock())
    assert wrong.value.name == name
    assert len(value) < 8 or value not in wrong.value.en + wrong.value.zh
    assert PASSWORD not in wrong.value.en + wrong.value.zh


async def test_bounces_may_go_to_a_plain_address() -> None:
    made = open_channels(MAIL | {"QUITTANCE_SMTP_BOUNCE_TAG": "none"}, clock=SystemClock())
    channel = made.by_channel["email"].inner
    assert isinstance(channel, SmtpEmail)
    assert not channel.server.tagged
    await made.close()


def test_without_a_mail_server_there_is_no_e_mail() -> None:
    given = {name: value for name, value in MAIL.items() if name != "QUITTANCE_SMTP_URL"}
    assert open_channels(given, clock=SystemClock()).by_channel == {}
