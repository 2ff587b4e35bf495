"""`quittance legal letter`: drafted, read, approved, signed, posted and answered at a terminal; wrong, twice, empty."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from tests.kit.command import Command, command_in
from tests.legal.application.letters.office import NOON, SEAL, VALUES, firm_in

TYPED = [part for name, value in VALUES.items() for part in ("--value", f"{name}={value}")]


@pytest.fixture
def placed(tmp_path: Path) -> tuple[Command, str]:
    """A store with a matter that a firm has; the command on it, and the matter."""

    async def made() -> str:
        async with firm_in(tmp_path) as firm:
            await firm.it.case.projections.catch_up()
            return firm.matter

    matter = asyncio.run(made())
    quittance = command_in(
        tmp_path,
        QUITTANCE_STORE=f"sqlite:///{tmp_path}/",
        QUITTANCE_DEPLOYMENT="quittance.test",
        QUITTANCE_TEST_CLOCK=str(tmp_path / "clock"),
        QUITTANCE_LETTER_SPOOL=str(tmp_path / "spool"),
    )
    done = quittance("clock", "set", NOON.isoformat())
    assert done.code == 0, done.err
    return quittance, matter


def test_a_letter_at_a_terminal(placed: tuple[Command, str], tmp_path: Path) -> None:
    quittance, matter = placed
    by = ("--by", "user:lin")
    letter = quittance.json("legal", "letter", "request", matter, "--template", "demand", *by)["letter"]
    wrong = quittance("legal", "letter", "draft", letter, *TYPED[2:], *by)
    assert (wrong.code, "firm_name: MISSING" in wrong.err) == (1, True), wrong.err
    drafted = quittance.json("legal", "letter", "draft", letter, *TYPED, *by)
    assert (drafted["did"], drafted["limitation"], drafted["pages"]) == ("LetterDrafted", "RUNNING", 1)
    out = tmp_path / "letter.pdf"
    shown = quittance.json("legal", "letter", "pdf", letter, "--out", out)
    assert sha256(out.read_bytes()).hexdigest() == shown["sha256"] == drafted["sha256"]
    assert quittance("legal", "letter", "pdf", letter, "--out", out).code == 2
    agreed = ("--sha256", drafted["sha256"])
    assert quittance("legal", "letter", "approve", letter, *agreed, *by).code == 1
    assert quittance("legal", "letter", "dispatch", letter, *by).code == 1
    assert quittance("legal", "letter", "approve", letter, *agreed, "--by", "user:zhao").code == 0
    signature = ("--seal", SEAL, "--firm", "FIRM-9", "--lawyer", "lawyer:chen")
    assert quittance("legal", "letter", "sign", letter, *agreed, *signature, *by).code == 0
    posted = quittance.json("legal", "letter", "dispatch", letter, *by)
    assert posted["message"].startswith("cat_")
    again = quittance("legal", "letter", "dispatch", letter, *by)
    assert (again.code, "step-out-of-order" in again.err or "cannot follow" in again.err) == (1, True), (
        again.err
    )
    said = quittance(
        "legal", "letter", "answered", letter, "--answer", "ASKS_FOR_TIME", *by, LANG="zh_CN.UTF-8"
    )
    assert said.code == 0, said.err


def test_what_is_no_letter_or_no_store_is_said(tmp_path: Path, placed: tuple[Command, str]) -> None:
    quittance, _ = placed
    assert quittance("legal", "letter", "pdf", "cas_1", "--out", "x.pdf").code in (1, 2)
    assert quittance("legal", "letter", "approve", "ltr_1", "--sha256", "1", "--by", "user:lin").code == 2
    assert quittance("legal", "letter", "dispatch", "ltr_" + "0" * 48, "--by", "user:lin").code == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    nobody = command_in(empty)
    refused = nobody("legal", "letter", "dispatch", "ltr_" + "0" * 48, "--by", "user:lin")
    assert refused.code != 0
    assert "Traceback" not in refused.err
