"""The letter channel is opened from settings; a wrong one is named and never shown."""

from pathlib import Path

import pytest

from services.contact.adapters.letters.opening import opened
from services.contact.adapters.sending.channels import SettingWrong, open_channels
from shared.kernel.clock import SystemClock


def test_without_a_spool_there_is_no_letter_channel() -> None:
    assert opened({}, SystemClock()) is None
    assert "letter" not in open_channels({}, clock=SystemClock()).by_channel


def test_with_a_spool_there_is_one(tmp_path: Path) -> None:
    channels = open_channels({"QUITTANCE_LETTER_SPOOL": str(tmp_path / "spool")}, clock=SystemClock())
    assert "letter" in channels.by_channel


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUITTANCE_LETTER_POSTAL_CLASS", "PIGEON"),
        ("QUITTANCE_LETTERHEAD", "/no/such/file.toml"),
        ("QUITTANCE_LETTER_ZONE", "Mars/Base"),
    ],
)
def test_a_wrong_setting_is_named_in_both_languages_and_not_shown(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingWrong) as wrong:
        opened({"QUITTANCE_LETTER_SPOOL": str(tmp_path), name: value}, SystemClock())
    assert wrong.value.name == name
    assert name in wrong.value.en
    assert name in wrong.value.zh
    assert value not in str(wrong.value)
