"""`quittance contact outreach` and its strategies, as their users run them."""

from __future__ import annotations

from pathlib import Path

import pytest

import services.contact.adapters.outreach as shipped
from tests.kit.command import Command, command_in

SHIPPED = Path(shipped.__file__).parent / "cn_retail_outreach_1.toml"
CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    return command_in(tmp_path)


def own(folder: Path, version: str = "mine/1", begins: str = "2199-01-01") -> Path:
    """A strategy of the tenant's own."""
    file = folder / "mine.toml"
    text = SHIPPED.read_text(encoding="utf-8")
    file.write_text(
        text.replace("cn-retail-outreach/1", version).replace("2026-01-01", begins), encoding="utf-8"
    )
    return file


def test_a_strategy_is_checked_proposed_published_and_listed(quittance: Command, tmp_path: Path) -> None:
    file = own(tmp_path)
    assert quittance.json("contact", "strategy-check", file)["steps"] == 10
    first = quittance("contact", "strategy-publish", file, "--by", "user:anna", "--json")
    assert (first.code, first.answer["status"]) == (4, "PROPOSED")
    assert quittance("contact", "strategy-publish", file, "--by", "user:anna").code == 4
    second = quittance("contact", "strategy-publish", file, "--by", "user:ben", "--json")
    assert (second.code, second.answer["status"]) == (0, "PUBLISHED")
    listed = quittance.json("contact", "strategies")
    assert listed["in_force"] == "cn-retail-outreach/1"
    assert [one["status"] for one in listed["items"]] == ["SHIPPED", "PUBLISHED"]
    assert "步骤" in quittance("contact", "strategies", "mine/1", QUITTANCE_LANG="zh-CN").out
    rejected = quittance("contact", "strategy-reject", "mine/1", "--by", "user:ben", "--reason", "TOO_STERN")
    assert rejected.code == 1
    assert "Nothing of that reference" in rejected.err


def test_what_is_wrong_is_said_in_one_line_with_its_place(quittance: Command, tmp_path: Path) -> None:
    file = own(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace('"sms"', '"fax"', 1), encoding="utf-8")
    refused = quittance("contact", "strategy-check", file)
    assert refused.code == 1
    assert "stages[0].steps[0].channel: NOT_ONE_OF" in refused.err
    assert "Traceback" not in refused.err
    early = quittance("contact", "strategy-publish", own(tmp_path, begins="2006-01-01"), "--by", "user:anna")
    assert early.code == 1
    assert quittance("contact", "strategy-publish", own(tmp_path), "--by", "anna").code == 2
    assert quittance("contact", "strategies", "nobody/9").code == 1


def test_outreach_of_nobody_is_an_empty_list_and_no_case(quittance: Command, tmp_path: Path) -> None:
    assert quittance("contact", "outreach").code == 1, "there is no store yet"
    quittance("contact", "strategy-publish", own(tmp_path), "--by", "user:anna")
    assert quittance.json("contact", "outreach") == []
    assert quittance("contact", "outreach", "--state", "ASLEEP").code == 2
    assert quittance("contact", "outreach", "nonsense").code == 2
    unheard = quittance("contact", "outreach", CASE, QUITTANCE_LANG="zh-CN")
    assert unheard.code == 1
    assert "联系服务没有该案件的记录" in unheard.err
