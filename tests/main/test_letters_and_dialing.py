"""Letters and dial lists on the command line: nothing there, done, done again, wrong; in both languages and in JSON."""

import asyncio
import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.contact.application.channel_port import Outgoing
from services.contact.application.handle import Meta
from services.contact.domain.commands import DescribeSubject, LinkCase, RecordPoint
from services.contact.wiring import ContactSettings, open_contact
from services.main.cli import app
from shared.kernel.clock import FixedClock
from tests.kit.command import Command, command_in

MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Ten o'clock on a Monday in Shanghai, some time ago."""
SECOND = MORNING.isoformat()


async def _seed(folder: Path) -> None:
    """Three debtors with a number each, and a letter to each in the spool."""
    store = folder / ".quittance"
    store.mkdir(exist_ok=True)
    settings = ContactSettings(
        place=store / "contact.db", key_file=store / "keys.json", deployment="local", tenant="default", shards=1,
        channels={"QUITTANCE_LETTER_SPOOL": str(folder / "spool")},
    )  # fmt: skip
    clock = FixedClock(MORNING)
    async with open_contact(settings, clock=clock, provision=True) as service:
        acts, spool = service.acts, service.spool
        assert spool is not None
        for number in range(3):
            subject, phone = acts.subject_id(f"D-{number}"), f"+861380013800{number}"
            uuid = subject.removeprefix("subject-")
            commands = (
                DescribeSubject(debtor_ref=f"D-{number}", jurisdictions=("CN",), zones=("Asia/Shanghai",)),
                LinkCase(case=f"case-{uuid}", debts=(f"account-{uuid}",), stage="M1"),
                RecordPoint(point=acts.point_id("phone", phone), medium="phone", value=phone),
            )
            for command in commands:
                await acts.handle(subject, command, Meta(actor="user:x", client="t", key=repr(command)))
            letter = Outgoing(key=f"cat_{number}", address="上海市", text="您好", language="zh-CN")
            await spool.send(letter, deadline_s=30)


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    asyncio.run(_seed(tmp_path))
    found = command_in(tmp_path)
    found.environment["QUITTANCE_LETTER_SPOOL"] = str(tmp_path / "spool")
    return found


def test_batches_of_letters(quittance: Command) -> None:
    first = quittance("contact", "letters", "batch", "--limit", "2", "--json")
    assert first.code == 0, first.err
    told = json.loads(first.out)
    assert (told["batch"], told["letters"]) == (1, 2)
    assert len(list(Path(told["folder"]).glob("*.pdf"))) == 2
    (quittance.folder / "taken").touch()
    nowhere = quittance("contact", "letters", "batch", "--out", "taken")
    assert (nowhere.code, "batch 2 is on record" in nowhere.err) == (1, True)
    second = quittance("contact", "letters", "batch", "--again", "2", "--out", "out", QUITTANCE_LANG="zh-CN")
    assert "第 2 批：1 封" in second.out
    nothing = quittance("contact", "letters", "batch")
    assert (nothing.code, nothing.out.strip()) == (0, "no letters wait")
    again = quittance("contact", "letters", "batch", "--again", "1", "--out", "again")
    assert again.code == 0
    for file in Path(told["folder"]).iterdir():
        assert (quittance.folder / "again" / "batch-000001" / file.name).read_bytes() == file.read_bytes()
    listed = json.loads(quittance("contact", "letters", "batches", "--json").out)
    assert [(one["batch"], one["letters"]) for one in listed] == [(2, 1), (1, 2)]
    assert quittance("contact", "letters", "batch", "--again", "9").code == 1
    (quittance.folder / "again" / "batch-000001" / "manifest.csv").write_text("x")
    changed = quittance("contact", "letters", "batch", "--again", "1", "--out", "again")
    assert (changed.code, "manifest.csv" in changed.err) == (1, True)
    missing = quittance("contact", "letters", "batch", QUITTANCE_LETTER_SPOOL="")
    assert (missing.code, "QUITTANCE_LETTER_SPOOL" in missing.err) == (1, True)


def test_receipts_of_letters(quittance: Command) -> None:
    (quittance.folder / "r.csv").write_text(f"letter,status,at\n张伟,DELIVERED,{SECOND}\n")
    done = quittance("contact", "letters", "receipts", "r.csv", "--json")
    assert (done.code, json.loads(done.out)["rejected"]) == (1, 1)
    rejects = (quittance.folder / "r.rejects.csv").read_text()
    assert rejects == "line,reason,field\n2,letter-unknown,\n"
    assert "张伟" not in done.out + done.err


def test_a_dial_list_and_its_results(quittance: Command) -> None:
    listing = ("contact", "dial-list", "--of", "cases", "--out", "a.csv", "--json", "--at")
    before = quittance(*listing, "2026-03-02T09:59:59+08:00")
    assert before.code == 0, before.err
    assert before.answer["lines"] == 0, "nobody was known of yet at that second"
    planned = quittance(*listing, SECOND)
    assert (planned.answer["reserved"], planned.answer["lines"]) == (False, 3)
    assert quittance(*listing, SECOND).answer == planned.answer
    with (quittance.folder / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["number"] for row in rows) == [f"+861380013800{number}" for number in range(3)]
    (quittance.folder / "r.csv").write_text(
        f"source_ref,list,line,at,outcome\nC1,{rows[0]['list']},1,{SECOND},BUSY\nC2,{rows[0]['list']},9,{SECOND},BUSY\n"
    )
    for new, unchanged in ((1, 0), (0, 1)):
        taken = quittance("contact", "dial-results", "r.csv", "--source", "DIALER", "--json")
        assert taken.code == 1
        said = json.loads(taken.out)
        assert (said["new"], said["unchanged"], said["rejected"], said["flagged"]) == (new, unchanged, 1, new)
    assert (quittance.folder / "r.rejects.csv").read_text().endswith("3,dial-line-unknown,\n")
    again = quittance("contact", "dial-list", "--again", rows[0]["list"], "--out", "b.csv")
    assert again.code == 0
    assert (quittance.folder / "b.csv").read_bytes() == (quittance.folder / "a.csv").read_bytes()
    listed = json.loads(quittance("contact", "dial-lists", "--json").out)
    assert rows[0]["list"] in {one["id"] for one in listed}


@pytest.mark.parametrize(
    "wrong",
    [
        ("contact", "dial-list"),
        ("contact", "dial-list", "--of", "everybody", "--out", "x.csv"),
        ("contact", "dial-list", "--stage", "M9", "--out", "x.csv"),
        ("contact", "dial-list", "--known-at", SECOND, "--out", "x.csv"),
        ("contact", "dial-list", "--at", "soon", "--out", "x.csv"),
        ("contact", "dial-results", "x.csv", "--source", "small"),
        ("contact", "letters", "batch", "--limit", "0"),
    ],
    ids=" ".join,
)
def test_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("")
    done = CliRunner().invoke(app, wrong, prog_name="quittance")
    assert (done.exit_code, isinstance(done.exception, SystemExit)) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv"]


def test_a_list_for_a_folder_that_is_not_there_is_refused_before_permits_are_reserved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command_in(tmp_path)("contact", "dial-list", "--out", "nowhere/a.csv")
    assert (done.code, done.err.strip()) == (1, "quittance: there is no file at nowhere")


def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    done = command_in(tmp_path)("contact", "dial-lists")
    assert (done.code, "there is no store" in done.err) == (1, True)
    assert not (tmp_path / ".quittance").exists()
