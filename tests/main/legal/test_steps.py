"""Steps at the terminal: reported, twice, wrong, in both languages, as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command import Command, command_in
from tests.legal.api.asked import case_no, told_of

LIN, CHEN = ("--by", "user:lin"), ("--by", "user:chen")
DAY = ("--on", "2026-02-02")
SUIT = ("suit-assessed", "procedure=ORDINARY", "court=SH-PD", "cause=LOAN", "amount=1234.50CNY")


@pytest.fixture(scope="module")
def quittance(tmp_path_factory: pytest.TempPathFactory) -> Command:
    folder = tmp_path_factory.mktemp("steps")
    told_of(folder / "store", cases=4)
    return command_in(folder, QUITTANCE_STORE=f"sqlite:///{folder}/store/")


def opened(quittance: Command, number: int) -> str:
    said = quittance.json("legal", "open", case_no(number)[0], "--reason", "BROKEN_PROMISES", *LIN)
    return str(said["matter"])


def test_a_suit_is_reported_and_listed(quittance: Command) -> None:
    matter = opened(quittance, 1)
    assert quittance.json("legal", "steps", matter) == []
    begun = quittance.json("legal", "step", matter, *SUIT, *DAY, *LIN)
    track = begun["track"]
    assert (begun["status"], begun["recorded"]) == ("ASSESSED", True)
    own = quittance("legal", "step", matter, "suit-approved", "--track", track, *DAY, *LIN)
    assert (own.code, "cannot decide it" in own.err) == (1, True)
    assert quittance("legal", "step", matter, "suit-approved", "--track", track, *DAY, *CHEN).code == 0
    filed = quittance(
        "legal", "step", matter, "SUIT_FILED", "amount=1234.50CNY", "--track", track, *DAY, *LIN,
        QUITTANCE_LANG="zh-CN",
    )  # fmt: skip
    assert filed.code == 0, filed.err
    assert "后续：" in filed.out
    assert "到期" in filed.out
    listed = quittance.json("legal", "steps", matter)
    assert [one["step"] for one in listed] == ["SUIT_ASSESSED", "SUIT_APPROVED", "SUIT_FILED"]
    said = quittance("legal", "steps", matter, QUITTANCE_LANG="zh-CN").out
    assert "起诉" in said
    assert track in said


def test_the_same_step_is_recorded_once(quittance: Command) -> None:
    matter = opened(quittance, 2)
    first = quittance.json("legal", "step", matter, *SUIT, *DAY, *LIN)
    again = quittance.json("legal", "step", matter, *SUIT, *DAY, *LIN)
    assert (first["recorded"], again["recorded"]) == (True, False)
    assert first["step"] == again["step"]
    assert len(quittance.json("legal", "steps", matter)) == 1
    early = quittance(
        "legal", "step", matter, "suit-filed", "amount=1CNY", "--track", first["track"], *DAY, *LIN
    )
    assert early.code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("suit-won",), ("served-by-notice",), ("suit-assessed",), (*SUIT, "canary=4111"), (*SUIT[:-1], "amount=12"),
        (*SUIT[:-1], "amount=-1.00CNY"), (*SUIT, "court=浦东"), (*SUIT, "--on", "yesterday"),
        (*SUIT, "--track", "trk_1"), (*SUIT, "procedure=QUICK"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_wrong_is_said_without_repeating_it(
    quittance: Command, words: tuple[str, ...], language: str
) -> None:
    done = quittance("legal", "step", "matter-1", *words, *LIN, QUITTANCE_LANG=language)
    assert (done.code, done.out) == (2, ""), done.err
    assert "4111" not in done.err
    assert "浦东" not in done.err


def test_no_such_matter_and_no_store(quittance: Command, tmp_path: Path) -> None:
    nowhere = "matter-00000000-0000-8000-8000-000000000000"
    for words in (("steps", nowhere), ("step", nowhere, *SUIT, *LIN), ("steps", "matter-1")):
        done = quittance("legal", *words)
        assert done.code == 1, done.err
    assert command_in(tmp_path)("legal", "steps", nowhere).code == 1
