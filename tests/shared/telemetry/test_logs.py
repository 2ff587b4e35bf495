"""The log lets through only keys that cannot hold personal data."""

import json

import pytest

from shared.telemetry import logs


def test_an_unknown_key_is_withheld_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.logger("test").info("answered", status=200, debtor="TWC-4711", phone="138")
    said = json.loads(capsys.readouterr().err)
    assert said["withheld"] == ["debtor", "phone"]
    assert (said["event"], said["log"], said["status"]) == ("answered", "test", 200)
    assert "4711" not in str(said)


def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="warning")
    logs.logger("test").info("quiet")
    logs.logger("test").warning("loud")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["loud"]
