"""How the command refuses: exit codes, one line that says what to do, no traceback; and help with examples."""

import json
import os
import shlex
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from services.main.cli import app
from tests.kit.command import Command, command_in

STATEMENTS = (
    "account_ref,as_of,months_past_due,statement_balance,payment_received,credit_limit,currency\n"
    "A-1,2005-04-30,1,100.00,0,1000,TWD\n"
)


@pytest.fixture
def quittance(tmp_path: Path) -> Command:
    return command_in(tmp_path)


def _leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    else:
        for name, one in inner.items():
            yield from _leaves(one, (*path, name))


LEAVES = dict(_leaves(typer.main.get_command(app)))


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_has_examples_of_itself_and_the_shared_options(path: tuple[str, ...]) -> None:
    command = LEAVES[path]
    assert "Examples:" in command.epilog
    assert f"quittance {' '.join(path)}" in command.epilog
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--store", "--json"} <= options
    assert command.help, "a command says what it does"


def test_the_commands_are_those_of_this_release() -> None:
    served = {" ".join(path) for path in LEAVES}
    assert served == {
        "sample book", "import statements", "import payments", "payments unmatched", "payments returns",
        "payments match", "payments unmatch", "payments rematch", "payments match-return", "import book",
        "import runs", "import history", "import costs", "report buckets", "report roll-rates",
        "report money", "report segments", "report early-warning", "strategy ls", "strategy show",
        "strategy check", "strategy publish", "strategy reject", "strategy try", "strategy case",
        "report cases", "report kpi", "report targets", "case show", "queue list", "queue next",
        "queue done", "queue skip", "book promises", "book plans", "book approvals", "book complaints",
        "book disputes", "book placements", "book referrals", "events tail", "events show", "events export",
        "projection ls", "projection status", "projection rebuild", "parked ls", "parked show",
        "parked retry", "audit list", "audit verify", "audit who-read", "party find", "party show",
        "party reveal", "clock set", "clock advance", "clock show", "sweep", "serve", "contact outreach",
        "contact strategies", "contact strategy-check", "contact strategy-publish", "contact strategy-reject",
        "contact decide", "contact letters batch", "contact letters batches", "contact letters receipts",
        "contact dial-list", "contact dial-lists", "contact dial-results",
        "contact replies", "contact outbox", "contact retry", "contact resolve", "contact bounces",
        "contact may", "contact explain", "contact attempts", "contact refusals", "contact breaches",
        "contact health", "contact packs", "contact templates", "contact template show", "contact template preview",
        "contact template import", "contact template reject", "contact template retire",
        "legal clocks", "legal limitation", "legal matters", "legal show", "legal diary", "legal at-risk",
        "legal step", "legal steps",
        "legal costs", "legal open", "legal close", "legal reopen", "legal file", "legal place", "legal evidence-pack",
        "legal check-pack",
        "legal letter templates", "legal letter request", "legal letter draft", "legal letter return",
        "legal letter approve", "legal letter sign", "legal letter dispatch", "legal letter delivered",
        "legal letter failed", "legal letter answered", "legal letter withdraw", "legal letter pdf",
        "work", "token", "bench", "doctor", "version", "demo",
        "staff import", "staff list", "staff teams", "staff leave", "staff move", "staff left",
        "staff leavers", "allocate",
    }  # fmt: skip


def test_help_shows_the_examples(quittance: Command) -> None:
    done = quittance("report", "buckets", "--help")
    assert done.code == 0
    assert "quittance report buckets --as-of 2005-09-30 --json" in done.out


@pytest.mark.parametrize(
    "wrong",
    [
        ("report", "buckets", "--bogus"),
        ("report", "buckets"),
        ("report", "nothing"),
        ("report", "buckets", "--as-of", "30.09.2005"),
        ("report", "buckets", "--as-of", "2005-02-30"),
        ("report", "buckets", "--as-of", "2005-W39-5"),
        ("report", "roll-rates", "--from", "2005-09-30", "--to", "2005-08-31"),
        ("queue", "list", "M9"),
        ("queue", "next", "M2", "--collector", ""),
        ("queue", "next", "M2", "--collector", "Zhang San"),
        ("projection", "rebuild"),
        ("parked", "retry"),
        ("serve", "court"),
        ("serve", "all", "--port", "70000"),
        ("doctor", "--store", "mysql://h/db"),
        ("doctor", "--store", "sqlite://"),
        ("doctor", "--store", "sqlite:///"),
        (),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2(quittance: Command, wrong: tuple[str, ...]) -> None:
    done = quittance(*wrong)
    assert done.code == 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("QUITTANCE_SHARDS", "0"),
        ("QUITTANCE_LANG", "fr"),
        ("QUITTANCE_ZONE", "Mars/Olympus"),
        ("QUITTANCE_PORT", "http"),
        ("QUITTANCE_TENANT", "a b"),
        ("QUITTANCE_LOG", "loud"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(quittance: Command, setting: str, value: str) -> None:
    done = quittance("doctor", **{setting: value})
    assert done.code == 2
    assert setting in done.err
    assert "Traceback" not in done.err
    assert f"'{value}'" not in done.err


def test_a_store_that_is_not_there_says_how_to_make_one(quittance: Command) -> None:
    done = quittance("report", "cases")
    assert done.code == 1
    assert "quittance import statements" in done.err
    assert not (quittance.folder / ".quittance").exists(), "a question makes no store"


def test_a_missing_file_and_a_folder_are_said(quittance: Command) -> None:
    missing = quittance("import", "statements", "nothing.csv")
    assert missing.code == 1
    assert "no file" in missing.err
    assert quittance("import", "statements", ".").code == 1


def test_a_file_with_another_header_says_which_columns(quittance: Command) -> None:
    (quittance.folder / "a.csv").write_text("name,amount\nx,1\n")
    done = quittance("import", "statements", "a.csv")
    assert done.code == 1
    assert "missing: account_ref, as_of" in done.err
    assert "unknown: 2" in done.err
    assert "amount" not in done.err, "what the file says is not repeated"
    assert not (quittance.folder / "a.rejects.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("closed", ["2>/dev/full", "2>&-"])
def test_an_import_does_not_depend_on_standard_error(quittance: Command, closed: str) -> None:
    (quittance.folder / "a.csv").write_text(STATEMENTS)
    line = shlex.join(quittance.line("import", "statements", "a.csv", "--json"))
    done = subprocess.run(
        ["sh", "-c", f"{line} {closed}"],
        cwd=quittance.folder, env=quittance.environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["imported"]) == (0, 1)


def test_statements_come_through_a_pipe(quittance: Command) -> None:
    done = subprocess.run(
        quittance.line("import", "statements", "/dev/stdin"), input=STATEMENTS + "x\n",
        cwd=quittance.folder, env=quittance.environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1, "one line was rejected"
    assert "%" not in done.stderr, "nobody knows how much is to come"
    assert (quittance.folder / "stdin.rejects.csv").read_text() == "line,reason,field\n3,malformed,line\n"


def test_the_statement_file_is_never_overwritten_by_the_rejects(quittance: Command) -> None:
    (quittance.folder / "a.csv").write_text("name\n")
    assert quittance("import", "statements", "a.csv", "--rejects", "a.csv").code == 2
    assert (quittance.folder / "a.csv").read_text() == "name\n"


def test_messages_are_chinese_when_asked(quittance: Command) -> None:
    assert "找不到文件" in quittance("import", "statements", "nothing.csv", QUITTANCE_LANG="zh-CN").err


def test_a_taken_port_names_another(quittance: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = quittance("serve", "all", "--port", str(port))
    assert done.code == 1
    assert f"--port {port + 1}" in done.err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_terminal_cannot_show_does_not_end_a_command(quittance: Command, encoding: str) -> None:
    (quittance.folder / "a.csv").write_text(STATEMENTS.replace("A-1", "账户é"), encoding="utf-8")
    narrow = {"PYTHONIOENCODING": encoding, "QUITTANCE_LANG": "zh-CN"}
    assert quittance("import", "statements", "a.csv", **narrow).code == 0
    assert quittance("report", "cases", **narrow).code == 0
    shown = quittance("case", "show", "账户é", "--json", **narrow)
    assert shown.answer["debtor_ref"] == "账户é"


def test_an_argument_that_is_no_text_is_wrong_usage(quittance: Command) -> None:
    (quittance.folder / "a.csv").write_text(STATEMENTS)
    assert quittance("import", "statements", "a.csv").code == 0
    done = quittance("case", "show", os.fsdecode(b"\xff"))
    assert (done.code, "LC_ALL" in done.err, "Traceback" in done.err) == (2, True, False)


@pytest.mark.parametrize("verb", ["serve", "work"])
def test_a_service_that_cannot_open_its_store_says_why(quittance: Command, verb: str) -> None:
    (quittance.folder / "taken").write_text("")
    done = quittance(verb, "all", "--store", "sqlite:///taken/")
    assert done.code == 1, "not 3, which means differences"
    assert done.err.startswith("quittance: the store cannot be used now")
    assert len(done.err.splitlines()) == 1


def test_a_file_that_is_no_store_is_told_apart(quittance: Command) -> None:
    folder = quittance.folder / ".quittance"
    folder.mkdir()
    (folder / "case.db").write_bytes(b"not a database" * 100)
    done = quittance("report", "cases")
    assert done.code == 1
    assert "not a store" in done.err
    assert "Traceback" not in done.err


def test_a_server_that_is_down_is_said_without_its_password(quittance: Command) -> None:
    done = quittance("report", "cases", "--store", "postgresql://u:secret-word@127.0.0.1:1/db")
    assert done.code == 1
    assert "secret-word" not in done.err + done.out
    assert "Traceback" not in done.err


def test_version_and_doctor_answer_in_json(quittance: Command) -> None:
    assert set(quittance.json("version")) == {"quittance", "python", "sqlite"}
    done = quittance("doctor", "--json")
    assert done.code == 1, "there is no store"
    assert {check["check"] for check in done.answer} == {"python", "names", "disk", "keys", "store"}


def test_doctor_names_who_else_brings_our_packages(quittance: Command, tmp_path: Path) -> None:
    installed = tmp_path / "services-0.1.1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: services\nVersion: 0.1.1\n")
    (installed / "RECORD").write_text("services/__init__.py,,\n")
    done = quittance("doctor", "--json", PYTHONPATH=str(tmp_path))
    [names] = [check for check in done.answer if check["check"] == "names"]
    assert not names["ok"]
    assert names["says"].startswith("services brings")
