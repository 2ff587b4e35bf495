"""Channels from settings: what is configured is there behind its guards, what is wrong is named and never shown."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode

import pytest

from services.contact.adapters.sending.channels import KINDS, SETTINGS, SettingWrong, given, open_channels
from shared.http.signing_keys import PrivateKey, signing_key
from shared.kernel.clock import SystemClock

SECRET = "whsec_" + b64encode(b"a secret of the tests, 32 bytes.").decode()
PRIVATE = "whsk_" + b64encode(bytes(range(32))).decode()
SMS = {
    "QUITTANCE_SMS_URL": "https://gateway.example/v2",
    "QUITTANCE_SMS_SECRET": SECRET,
    "QUITTANCE_SMS_SENDER": "10690001",
}


def _public() -> str:
    pair = signing_key(PRIVATE)
    assert isinstance(pair, PrivateKey)
    return "whpk_" + b64encode(pair.public.raw).decode()


def test_without_settings_there_are_no_channels() -> None:
    made = open_channels({}, clock=SystemClock())
    assert (made.by_channel, made.providers) == ({}, {})


async def test_a_configured_channel_stands_behind_its_guards_and_nothing_shows_its_secret() -> None:
    made = open_channels(SMS, clock=SystemClock())
    channel = made.by_channel["sms"]
    assert (channel.name, channel.channel, channel.keeps_keys) == ("sms-gateway", "sms", True)
    assert await channel.room_s() == 0
    assert [key.algorithm for key in made.providers["sms-gateway"].keys] == ["hmac-sha256"]
    assert SECRET[6:] not in repr(made)
    assert "a secret of the tests" not in repr(made)
    await made.close()


def test_callbacks_count_by_keys_of_their_own_several_while_one_is_replaced() -> None:
    both = SMS | {"QUITTANCE_SMS_SECRET": PRIVATE, "QUITTANCE_SMS_CALLBACK_KEYS": f"{_public()} {SECRET}"}
    made = open_channels(both, clock=SystemClock())
    assert [key.algorithm for key in made.providers["sms-gateway"].keys] == ["ed25519", "hmac-sha256"]
    alone = open_channels(SMS | {"QUITTANCE_SMS_SECRET": PRIVATE}, clock=SystemClock())
    assert alone.providers == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUITTANCE_SMS_URL", "http://gateway.example"),
        ("QUITTANCE_SMS_URL", "https://user:pass@gateway.example"),
        ("QUITTANCE_SMS_SECRET", ""),
        ("QUITTANCE_SMS_SECRET", "hunter2"),
        ("QUITTANCE_SMS_SECRET", _public()),
        ("QUITTANCE_SMS_CALLBACK_KEYS", "hunter2"),
        ("QUITTANCE_SMS_CALLBACK_KEYS", f"{SECRET} hunter2"),
        ("QUITTANCE_SMS_CALLBACK_KEYS", " ".join([SECRET] * 5)),
        ("QUITTANCE_SMS_SENDER", ""),
        ("QUITTANCE_SMS_SENDER", "two\nlines"),
        ("QUITTANCE_SMS_REGION", "China"),
        ("QUITTANCE_SMS_RATES", "fast"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(name: str, value: str) -> None:
    with pytest.raises(SettingWrong) as wrong:
        open_channels(given(SMS | {name: value}), clock=SystemClock())
    assert wrong.value.name == name
    assert wrong.value.en.startswith(name)
    assert wrong.value.zh.startswith(name)
    assert len(value) < 3 or value not in wrong.value.en + wrong.value.zh


def test_every_setting_is_of_one_channel_and_explained() -> None:
    assert len({one.name for one in SETTINGS}) == len(SETTINGS)
    assert len({kind.channel for kind in KINDS}) == len(KINDS)
    assert all(one.name.startswith("QUITTANCE_") and one.means.endswith((".", ").")) for one in SETTINGS)


def test_the_list_of_settings_can_be_read_without_the_libraries_of_the_channels() -> None:
    """Every command reads its settings; most of them send nothing."""
    said = "import sys, services.contact.adapters.sending.channels\n"
    said += "print(*{'httpx', 'limits', 'purgatory'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == ""
