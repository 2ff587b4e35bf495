"""`quittance contact may`, `explain` and the registers, on a store a server wrote: empty, wrong, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.main.cli import app
from tests.contact.api.asked import Asked
from tests.kit.command import Command, command_in
from tests.kit.served import served


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Command, Asked]:
    """A store with one debtor who was called and refused; the server has ended."""
    quittance = command_in(tmp_path_factory.mktemp("lived"), QUITTANCE_LOG="error")
    with served(quittance, "contact") as running:
        one = Asked(running.http, ref="TW-0004711").described().lived()
    return quittance, one


def test_may_says_when_and_why_and_stores_nothing(lived: tuple[Command, Asked]) -> None:
    quittance, one = lived
    night = ("--channel", "voice", "--at", "2026-11-23T23:00:00+08:00")
    [said] = quittance.json("contact", "may", one.ref, *night)
    assert (said["outcome"], said["until"]) == ("defer", "2026-11-24T00:00:00.000000Z")
    assert [why["rule"] for why in said["reasons"]] == ["CN-GBT45251-HOURS"]
    again = quittance.json("contact", "may", one.subject, *night)
    assert again == [said]
    assert "defer" in quittance("contact", "may", one.ref, *night).out
    assert "稍后" in quittance("contact", "may", one.ref, *night, QUITTANCE_LANG="zh-CN").out
    assert {entry["channel"] for entry in quittance.json("contact", "may", one.ref)} >= {
        "voice",
        "sms",
        "letter",
    }


def test_explain_takes_the_decision_again(lived: tuple[Command, Asked]) -> None:
    quittance, one = lived
    said = quittance("contact", "explain", one.made["permit"])
    assert said.code == 0
    assert "IDENTICAL" in said.out
    assert "一致" in quittance("contact", "explain", one.made["permit"], QUITTANCE_LANG="zh-CN").out
    assert quittance.json("contact", "explain", one.made["permit"])["again"]["identical"] is True
    assert quittance("contact", "explain", "cpm_1").code == 1


def test_the_registers_list_what_was_done_refused_and_broken(lived: tuple[Command, Asked]) -> None:
    quittance, one = lived
    attempts = quittance.json("contact", "attempts", "--of", one.ref)
    assert [row["breach"] for row in attempts] == [["NO-PERMIT", "CN-GBT45251-HOURS"], ["NO-PERMIT"]]
    assert one.made["attempt"] in quittance("contact", "attempts", "--breached").out
    assert quittance.json("contact", "attempts", "--until", "2026-03-02") == []
    assert len(quittance.json("contact", "attempts", "--from", "2026-03-02", "--until", "2026-03-03")) == 2
    [refusal] = [row for row in quittance.json("contact", "refusals") if row["id"] == one.made["permit"]]
    assert "CN-CBA2026-IDENT" in refusal["rules"]  # and the hours, where it is night in China
    assert quittance.json("contact", "refusals", "--count")
    assert len(quittance.json("contact", "breaches")) == 2
    assert quittance.json("contact", "breaches", "--known-at", "2026-01-01") == []
    assert [row["rules"] for row in quittance.json("contact", "breaches", "--rule", "CN-GBT45251-HOURS")]
    assert quittance.json("contact", "health") == {"providers": [], "hours": []}
    for listed in ("attempts", "refusals", "breaches", "health"):
        said = quittance("contact", listed)
        assert (said.code, said.err) == (0, "")
        assert one.ref not in said.out
        assert "13800138000" not in json.dumps(quittance.json("contact", listed))


def test_the_audit_trail_of_contact_is_found_by_debtor_and_type(lived: tuple[Command, Asked]) -> None:
    quittance, one = lived
    trail = ("audit", "list", "--service", "contact")
    whole = quittance.json(*trail)
    assert [row["position"] for row in whole] == list(range(1, len(whole) + 1))
    assert quittance.json(*trail, "--debtor", one.ref) == whole
    assert quittance.json(*trail, "--debtor", "D-NOBODY") == []
    assert {row["type"] for row in quittance.json(*trail, "--type", "ContactRefused")} == {
        "contact.ContactRefused/v1"
    }
    assert quittance(*trail, "--case", "case-1").code == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("may", "D-NOBODY"), 1),
        (("may", "case-1"), 1),
        (("may", "D", "--channel", "pigeon"), 2),
        (("may", "D", "--at", "tomorrow"), 2),
        (("attempts", "--of", "case-1"), 1),
        (("attempts", "--from", "yesterday"), 2),
        (("refusals", "--channel", "pigeon"), 2),
        (("breaches", "--limit", "0"), 2),
        (("health", "--hours", "0"), 2),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    lived: tuple[Command, Asked], line: tuple[str, ...], code: int
) -> None:
    """In this process: what is tested is the command, not so many starts of the interpreter."""
    environment = {
        "QUITTANCE_STORE": f"sqlite:///{lived[0].folder / '.quittance'}/",
        "QUITTANCE_LANG": "zh-CN",
    }
    said = CliRunner().invoke(app, ["contact", *line], env=environment, prog_name="quittance")
    assert said.exit_code == code, said.output
    assert "Traceback" not in said.output


def test_without_a_store_it_says_how_to_make_one(tmp_path: Path) -> None:
    said = command_in(tmp_path)("contact", "attempts")
    assert (said.code, said.out) == (1, "")
    assert "no store" in said.err
