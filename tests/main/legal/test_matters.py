"""A matter at the terminal: opened, equipped, closed and reopened; twice, wrong, in both languages, as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command import Command, command_in
from tests.legal.api.asked import case_no, told_of

CASE = case_no(1)[0]
BY = ("--by", "user:lin")


@pytest.fixture(scope="module")
def quittance(tmp_path_factory: pytest.TempPathFactory) -> Command:
    folder = tmp_path_factory.mktemp("matters")
    told_of(folder / "store", cases=4)
    return command_in(folder, QUITTANCE_STORE=f"sqlite:///{folder}/store/")


def opened(quittance: Command, number: int) -> str:
    said = quittance.json("legal", "open", case_no(number)[0], "--reason", "BROKEN_PROMISES", *BY)
    return str(said["matter"])


def test_a_matter_from_its_opening_to_its_end(quittance: Command, tmp_path: Path) -> None:
    matter = opened(quittance, 1)
    again = quittance("legal", "open", CASE, "--reason", "BROKEN_PROMISES", *BY)
    assert again.code == 1
    assert matter in again.err
    mandate = tmp_path / "mandate.pdf"
    mandate.write_bytes(b"%PDF-1.7 a mandate")
    firm = ("--firm", "FIRM-9", "--licence", "31110000E00017891X", "--mandate", mandate)
    assert quittance("legal", "place", matter, *firm, *BY).code == 1
    filed = quittance.json("legal", "file", matter, mandate, "--kind", "MANDATE", *BY)
    assert (filed["recorded"], len(filed["sha256"])) == (True, 64)
    assert quittance.json("legal", "file", matter, mandate, "--kind", "MANDATE", *BY)["recorded"] is False
    assert quittance.json("legal", "place", matter, *firm, *BY)["recorded"] is True
    assert quittance.json("legal", "place", matter, *firm, *BY)["recorded"] is False
    closed = quittance("legal", "close", matter, "--outcome", "PAID", *BY, QUITTANCE_LANG="zh-CN")
    assert (closed.code, closed.out.strip()) == (0, f"已结束：{matter}")
    twice = quittance("legal", "close", matter, "--outcome", "PAID", *BY, QUITTANCE_LANG="zh-CN")
    assert twice.code == 1
    assert "法务事项已结束" in twice.err
    back = quittance("legal", "reopen", matter, "--reason", "PAYMENT_RETURNED", *BY)
    assert (back.code, back.out.strip()) == (0, f"reopened: {matter}")


@pytest.mark.parametrize(
    "wrong",
    [
        ("legal", "open", "case-1", "--reason", "A", *BY),
        ("legal", "open", CASE, "--reason", "because", *BY),
        ("legal", "open", CASE, "--reason", "A", "--by", "lin"),
        ("legal", "close", "matter-1", "--outcome", "GONE", *BY),
        ("legal", "reopen", "matter-1", "--reason", "WANTED", *BY),
        ("legal", "file", "matter-1", "nowhere.pdf", "--kind", "MANDATE", *BY),
        ("legal", "open", CASE, "--reason", "A", *BY, "--on", "yesterday"),
    ],
)
def test_wrong_usage_is_told_and_nothing_done(quittance: Command, wrong: tuple[str, ...]) -> None:
    done = quittance(*wrong)
    assert done.code == 2, done.err
    assert "Traceback" not in done.err


def test_what_is_no_matter_is_said(quittance: Command) -> None:
    for nowhere in ("matter-1", "matter-00000000-0000-8000-8000-000000000000"):
        done = quittance("legal", "close", nowhere, "--outcome", "PAID", *BY)
        assert done.code == 1
        assert "There is no such legal matter" in done.err


def test_without_a_store_it_is_said_how_one_begins(tmp_path: Path) -> None:
    done = command_in(tmp_path)("legal", "open", CASE, "--reason", "A", *BY)
    assert done.code != 0
    assert "Traceback" not in done.err
    assert not (tmp_path / ".quittance").exists()
