"""`import history` tells contact too: attempts for its caps, consents and opt-outs; twice, cut off, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import services.main
from services.contact.application.past.taking_in import PastTaking
from services.contact.domain.facts.attempt import AttemptStarted
from services.contact.domain.facts.standing import ConsentGiven, ConsentRevoked, MediumOptedOut
from services.contact.wiring import ContactSettings, open_contact
from tests.case.api.history.sending import Sending
from tests.kit.command import Command, command_in
from tests.kit.served import served

SAMPLE = Path(services.main.__file__).parent / "sample"
HISTORY, MAPPING = SAMPLE / "history", SAMPLE / "history.toml"
DEADLINE_S = 60


def told(quittance: Command, ref: str) -> list[Any]:
    """What the contact service has on record of a debtor."""
    folder = quittance.folder / ".quittance"

    async def work() -> list[Any]:
        settings = ContactSettings(
            place=folder / "contact.db", key_file=folder / "keys.json", deployment="local", tenant="default",
            shards=1,
        )  # fmt: skip
        async with open_contact(settings, views=False) as contact:
            assert isinstance(contact.past, PastTaking)
            history = await contact.acts.history(contact.acts.subject_id(ref))
            return [seen.event for seen in history]

    return asyncio.run(work())


def test_the_sample_is_told_to_contact_once_with_no_number_in_clear(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    run = ("import", "history", HISTORY, "--mapping", MAPPING, "--rejects", tmp_path / "r.csv", "--json")
    first = json.loads(quittance(*run).out)
    assert (first["added"], first["rejected"]) == (14, 0)
    assert first["by_entity"]["consents"] == first["by_entity"]["optouts"] == 2
    again = json.loads(quittance(*run).out)
    assert (again["added"], again["unchanged"], again["events"]) == (0, 14, 0)
    events = told(quittance, "INVENTED-2")
    kinds = [type(event) for event in events]
    for kind in (AttemptStarted, ConsentGiven, ConsentRevoked, MediumOptedOut):
        assert kinds.count(kind) == 1, kind
    started = next(event for event in events if isinstance(event, AttemptStarted))
    assert (started.origin, started.channel) == ("HISTORY", "voice")
    assert started.point is not None
    assert started.point.startswith("cpt_")
    kept = b"".join(file.read_bytes() for file in (quittance.folder / ".quittance").glob("*.db*"))
    assert b"13900000002" not in kept
    assert b"139 0000 0002" not in kept


def written(quittance: Command) -> int:
    """How much the contact service's store holds."""
    return sum(file.stat().st_size for file in (quittance.folder / ".quittance").glob("contact.db*"))


def delivery(folder: Path, *, debtors: int, calls: int) -> tuple[Path, Path]:
    """Debtors with a case and calls each, and half of them with an opt-out."""
    folder.mkdir()
    refs = [f"INVENTED-{n}" for n in range(debtors)]
    (folder / "cases.csv").write_text(
        "customer,account,opened,arrears,dpd\n"
        + "".join(f"{ref},{ref}-A,2005-01-02,10.00,3\n" for ref in refs)
    )
    lines = [
        f"{ref},{ref}-{n},2005-02-{n % 27 + 1:02} 10:15:00,NO_ANSWER" for ref in refs for n in range(calls)
    ]
    (folder / "calls.csv").write_text("customer,id,time,result\n" + "\n".join(lines) + "\n")
    outs = [f"{ref},o-{ref},2005-03-01 09:00:00,SMS" for ref in refs[::2]]
    (folder / "outs.csv").write_text("customer,id,time,channel\n" + "\n".join(outs) + "\n")
    mapping = folder.with_suffix(".toml")
    mapping.write_text("""
format = "quittance-history/1"
go_live = 2006-01-01
zone = "Asia/Shanghai"
currency = "CNY"
origin = "OLD_SYSTEM"
evidence = "SYSTEM_LOG"
[files]
cases = { path = "cases.csv" }
calls = { path = "calls.csv" }
outs = { path = "outs.csv" }
[[cases]]
file = "cases"
columns.debtor_ref = "customer"
columns.account_ref = "account"
columns.opened_on = "opened"
columns.arrears = "arrears"
columns.days_past_due = "dpd"
[[attempts]]
file = "calls"
columns = { debtor_ref = "customer", ref = "id", at = "time", outcome = "result" }
constants = { channel = "VOICE", actor_kind = "COLLECTOR" }
[[optouts]]
file = "outs"
columns = { debtor_ref = "customer", ref = "id", at = "time", channel = "channel" }
""")
    return folder, mapping


def test_an_import_that_is_killed_again_and_again_ends_with_every_row_once(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    folder, mapping = delivery(tmp_path / "history", debtors=120, calls=12)
    run = ["import", "history", str(folder), "--mapping", str(mapping), "--rejects", str(tmp_path / "r.csv")]
    cut = 0
    for wait_s in (0.0, 0.1, 0.2, 0.3):
        process, before = quittance.start(*run), written(quittance)
        while process.poll() is None and written(quittance) <= before:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=wait_s)
        process.kill()
        process.communicate(timeout=DEADLINE_S)
        cut += process.returncode < 0
    assert cut, "every run was over before it could be killed: the delivery is too small"
    last = quittance(*run, "--json")
    assert last.code == 0, last.err
    said = json.loads(last.out)
    assert (said["rows"], said["rejected"]) == (120 + 120 * 12 + 60, 0)
    assert json.loads(quittance(*run, "--json").out)["added"] == 0
    for ref, outs in (("INVENTED-0", 1), ("INVENTED-1", 0), ("INVENTED-118", 1)):
        events = told(quittance, ref)
        started = [event.attempt for event in events if isinstance(event, AttemptStarted)]
        assert len(started) == len(set(started)) == 12
        assert sum(isinstance(event, MediumOptedOut) for event in events) == outs


def test_a_check_writes_nothing_to_contact(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    checked = quittance("import", "history", HISTORY, "--mapping", MAPPING, "--check", "--json")
    assert json.loads(checked.out)["added"] == 14
    assert told(quittance, "INVENTED-1") == []


@pytest.mark.parametrize(("channel", "reason"), [("PIGEON", "channel-unknown"), ("", "missing-value")])
def test_an_attempt_that_no_cap_could_count_is_rejected_by_its_row(
    tmp_path: Path, channel: str, reason: str
) -> None:
    quittance = command_in(tmp_path)
    folder, mapping = delivery(tmp_path / "history", debtors=1, calls=1)
    (folder / "calls.csv").write_text(
        f"customer,id,time,result,how\nINVENTED-0,x,2005-02-01 10:15:00,NO_ANSWER,{channel}\n"
    )
    mapping.write_text(
        mapping.read_text()
        .replace('outcome = "result" }', 'outcome = "result", channel = "how" }')
        .replace('channel = "VOICE", ', "")
    )
    rejects = tmp_path / "r.csv"
    done = quittance("import", "history", folder, "--mapping", mapping, "--rejects", rejects)
    assert done.code == 1
    assert reason in rejects.read_text()
    assert not [event for event in told(quittance, "INVENTED-0") if isinstance(event, AttemptStarted)]


def test_over_http_where_all_services_run_together_an_imported_opt_out_refuses(tmp_path: Path) -> None:
    """The import is asked for over HTTP, and then a permit: the first day knows of the opt-out."""
    quittance = command_in(tmp_path)
    with served(quittance) as server:
        names = [file.name for file in sorted(HISTORY.iterdir())]
        sending = Sending(server.http).ask("history", *names, mapping=MAPPING.read_text(encoding="utf-8"))
        for name in names:
            sent = sending.file(name, (HISTORY / name).read_bytes())
            assert sent.status_code == 201, sent.text
        assert sending.post("/starts").status_code in (200, 201, 202, 207)
        ended = sending.ended()
        assert (ended["status"], ended["counts"]["added"]) == ("DONE", 14)
        asked = {
            "debtor_ref": "INVENTED-1", "channel": "sms", "purpose": "collect",
            "content": ["identifies_institution"],
        }  # fmt: skip
        answer = server.http.post("/v1/contact-permits", json=asked, headers={"Idempotency-Key": "1"})
        assert answer.status_code in (200, 201), answer.text
        assert "HOUSE-MEDIA" in answer.text
