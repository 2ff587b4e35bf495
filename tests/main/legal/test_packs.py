"""`quittance legal evidence-pack` and `check-pack`, as a clerk uses them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

import services.main
from tests.kit.command import Command, command_in

SAMPLE = Path(services.main.__file__).parent / "sample"


@pytest.fixture(scope="module")
def quittance(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A store with a little history."""
    found = command_in(tmp_path_factory.mktemp("packs"))
    done = found("import", "history", SAMPLE / "history", "--mapping", SAMPLE / "history.toml")
    assert done.code == 0, done.err
    return found


def test_a_pack_is_made_and_checked(quittance: Command) -> None:
    out = quittance.folder / "pack.zip"
    run = ("legal", "evidence-pack", "INVENTED-1", "--out", out, "--reason", "SUIT", "--by", "user:lin")
    said = json.loads(quittance(*run, "--json").out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert said["gaps"] == ["limitation:case-unheard"]
    checked = quittance("legal", "check-pack", out, "--manifest", said["manifest"])
    assert (checked.code, checked.err) == (0, "")
    assert list((quittance.folder / ".quittance" / "packs" / "default").iterdir()) == []
    again = quittance(*run)
    assert again.code == 2, "it overwrites nothing"
    assert quittance("audit", "verify").code == 0


def test_what_is_wrong_is_said(quittance: Command) -> None:
    torn = quittance.folder / "torn.zip"
    torn.write_bytes(b"PK")
    found = quittance("legal", "check-pack", torn, "--json")
    assert (found.code, json.loads(found.out)["ok"]) == (5, False)
    assert quittance("legal", "check-pack", quittance.folder / "none.zip").code == 1
    nobody = ("legal", "evidence-pack", "NOBODY", "--out", quittance.folder / "n.zip", "--reason", "SUIT")
    assert quittance(*nobody, "--by", "user:lin").code == 1
    assert quittance(*nobody, "--by", "Lin").code == 2
    assert quittance(*nobody, "--by", "user:lin", "--language", "fr").code == 2
    assert not (quittance.folder / "n.zip").exists()
