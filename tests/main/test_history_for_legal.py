"""`import history` tells legal too: delivered demands and what was filed, as proofs of limitation, once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.case.application.history.take_history import HistoryResult
from services.legal.domain.facts import proofs as p
from services.legal.domain.limitation.reading import limitation
from services.main.past import TellsLegal
from shared.kernel.clock import FixedClock
from tests.case.api.history.sending import Sending
from tests.case.application.history.test_take_history import Past, past
from tests.kit.command import command_in
from tests.kit.served import served
from tests.legal.kit import Legal, backends, legal_in, place_for

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MAPPING = """
format = "quittance-history/1"
go_live = 2026-11-01
zone = "Asia/Shanghai"
currency = "CNY"
origin = "OLD_SYSTEM"
evidence = "SYSTEM_LOG"
blank = ["-"]
[files.cases]
path = "cases.csv"
[files.demands]
path = "demands.csv"
may_be_absent = true
[files.filings]
path = "filings.csv"
may_be_absent = true
[[cases]]
file = "cases"
columns.debtor_ref = "cust"
columns.account_ref = "acct"
columns.opened_on = "opened"
columns.arrears = "arrears"
columns.days_past_due = "dpd"
[[demands]]
file = "demands"
columns.debtor_ref = "cust"
columns.ref = "id"
columns.account_ref = "acct"
columns.person_ref = "person"
columns.on = "arrived"
columns.medium = "how"
columns.evidence = "proof"
columns.retracted_on = "back"
constants.reason = "NEVER_ARRIVED"
[[filings]]
file = "filings"
columns.debtor_ref = "cust"
columns.ref = "id"
columns.kind = "kind"
columns.court = "court"
columns.on = "filed"
columns.ended_on = "ended"
columns.outcome = "outcome"
columns.evidence = "proof"
"""
HEAD = {
    "cases": "cust,acct,opened,arrears,dpd",
    "demands": "cust,id,acct,person,arrived,how,proof,back",
    "filings": "cust,id,kind,court,filed,ended,outcome,proof",
}
CASES = ("C-1,A-1,2024-01-10,1000.00,9", "C-1,A-2,2024-01-10,500.00,9")
DEMANDS = ("C-1,d-1,-,-,2024-05-06,LETTER,SIGNED,-", "C-1,d-2,A-1,P-9,2025-02-03,SMS,DATA_REACHED,-")
FILINGS = ("C-1,f-1,SUIT,PUDONG_COURT,2025-06-01,2025-12-01,ENDED,COURT_RECORD",)


def folder_of(place: Path, rows: dict[str, tuple[str, ...]], name: str) -> Path:
    """A delivery with these rows."""
    folder = place / name
    folder.mkdir()
    for file, lines in rows.items():
        (folder / f"{file}.csv").write_text("\n".join((HEAD[file], *lines)) + "\n", "utf-8")
    return folder


@dataclass
class Together:
    """The case service's history and the legal service that it is told to."""

    past: Past
    legal: Legal
    folder: Path

    async def take(self, name: str, **rows: tuple[str, ...]) -> HistoryResult:
        """Take in these rows."""
        folder = folder_of(self.folder, {"cases": CASES, **rows}, name)
        return await self.past.taking.take_in(
            folder, MAPPING.encode(), rejects=self.folder / "past.rejects.csv"
        )

    @property
    def case(self) -> str:
        """The debtor's case."""
        return self.past.desk.case_id("C-1", 1)

    async def proofs(self) -> list[p.ProofRecorded]:
        """What legal has on record of it."""
        return list((await self.legal.claims(self.case)).of_case.proofs.values())


@asynccontextmanager
async def together(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Together]:
    place = place_for(backend, folder, request)
    async with past("sqlite", folder, request) as it, legal_in(folder, FixedClock(NOW), place=place) as legal:
        it.taking.reach_legal(TellsLegal(legal.service.past))
        yield Together(it, legal, folder)


@backends
async def test_demands_and_filings_are_proofs_of_the_case_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with together(backend, tmp_path, request) as it:
        done = await it.take("first", demands=DEMANDS, filings=FILINGS)
        assert (done.rows, done.added, done.rejected) == (5, 5, 0), it.past.rejected
        assert done.facts == {"cases": 2, "demands": 2, "filings": 1}
        found = {(one.kind, one.on): one for one in await it.proofs()}
        assert {one.source for one in found.values()} == {"HISTORY"}
        letter = found["demand_delivered", date(2024, 5, 6)]
        assert (letter.medium, letter.evidence, letter.person, len(letter.debts)) == (
            "LETTER",
            "SIGNED",
            None,
            2,
        )
        text = found["demand_delivered", date(2025, 2, 3)]
        assert (text.evidence, len(text.debts)) == ("DATA_REACHED", 1)
        assert text.person is not None
        assert text.person.startswith("prs_")
        sued, ended = found["sued", date(2025, 6, 1)], found["procedure_ended", date(2025, 12, 1)]
        assert (sued.to, sued.evidence, sued.thing) == ("PUDONG_COURT", "COURT_RECORD", ended.thing)
        assert not any(one.source_ref.endswith("d-1") for one in found.values()), "references name people"
        read = limitation(
            await it.legal.claims(it.case), it.legal.service.ground.law, as_of=date(2026, 11, 22)
        )
        assert {one.state for one in read} <= {"NOT_STARTED", "RUNNING"}, "the debts are known to legal"
        assert {one.debt for one in read} == set(letter.debts)
        again = await it.take("again", demands=DEMANDS, filings=FILINGS)
        assert (again.added, again.unchanged, again.events) == (0, 5, 0)
        assert len(await it.proofs()) == 4


async def test_what_is_told_later_of_the_same_row(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with together("sqlite", tmp_path, request) as it:
        await it.take("first", demands=DEMANDS[:1], filings=("C-1,f-1,SUIT,C1,2025-06-01,-,-,STATED",))
        back = DEMANDS[0][:-1] + "2024-06-01"
        later = await it.take(
            "later", demands=(back,), filings=("C-1,f-1,SUIT,C1,2025-06-01,2025-07-01,WITHDRAWN,STATED",)
        )
        assert (later.added, later.rejected) == (2, 0), it.past.rejected
        assert len((await it.legal.claims(it.case)).of_case.retracted) == 1
        assert "procedure_withdrawn" in {one.kind for one in await it.proofs()}
        other = await it.take("other", demands=("C-1,d-1,-,-,2024-05-07,LETTER,SIGNED,-",))
        assert (other.added, other.rejected) == (0, 1)
        assert "history-conflict" in it.past.rejected[0]


@pytest.mark.parametrize(
    ("demand", "reason"),
    [
        ("C-1,d-1,-,-,2026-11-02,LETTER,SIGNED,-", "on-or-after-go-live"),
        ("C-9,d-1,-,-,2024-05-06,LETTER,SIGNED,-", "no-case"),
        ("C-1,d-1,A-9,-,2024-05-06,LETTER,SIGNED,-", "other-account"),
        ("C-1,d-1,-,-,2024-05-06,LETTER,SIGNED,2024-05-05", "date-order"),
        ("C-1,d-1,-,-,2024-05-06,LETTER,GOOD,-", "unmapped-code"),
        ("C-1,d-1,-,-,-,LETTER,SIGNED,-", "missing-value"),
    ],
)
async def test_a_row_that_cannot_be_is_rejected_with_its_reason(
    tmp_path: Path, request: pytest.FixtureRequest, demand: str, reason: str
) -> None:
    async with together("sqlite", tmp_path, request) as it:
        done = await it.take("first", demands=(demand,))
        assert (done.added, done.rejected) == (2, 1)
        assert [line.split(",")[3] for line in it.past.rejected] == [reason]
        assert await it.proofs() == []


async def test_a_check_writes_nothing_and_says_the_same(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with together("sqlite", tmp_path, request) as it:
        rows = {"cases": CASES, "demands": DEMANDS, "filings": FILINGS}
        folder = folder_of(tmp_path, rows, "checked")
        said = (await it.past.taking.check(folder, MAPPING.encode())).to_json()
        assert (said["rows"], said["added"], said["rejected"]) == (5, 5, 0)
        assert await it.proofs() == []


async def test_without_legal_they_are_rejected_and_the_rest_is_taken_in(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with past("sqlite", tmp_path, request) as it:
        folder = folder_of(tmp_path, {"cases": CASES, "demands": DEMANDS, "filings": FILINGS}, "alone")
        done = await it.taking.take_in(folder, MAPPING.encode(), rejects=tmp_path / "past.rejects.csv")
        assert (done.added, done.rejected) == (2, 3)
        assert {line.split(",")[3] for line in it.rejected} == {"no-legal-service"}


def test_the_command_line_opens_all_three_stores(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    folder = folder_of(tmp_path, {"cases": CASES, "demands": DEMANDS, "filings": FILINGS}, "history")
    mapping = tmp_path / "history.toml"
    mapping.write_text(MAPPING, "utf-8")
    run = ("import", "history", folder, "--mapping", mapping, "--rejects", tmp_path / "r.csv", "--json")
    first, again = (json.loads(quittance(*run).out) for _ in range(2))
    assert (first["added"], first["rejected"], first["by_entity"]["demands"]) == (5, 0, 2)
    assert (again["added"], again["unchanged"], again["events"]) == (0, 5, 0)


def test_over_http_legal_is_told_where_all_are_in_one_process(tmp_path: Path) -> None:
    quittance = command_in(tmp_path)
    folder = folder_of(tmp_path, {"cases": CASES, "demands": DEMANDS, "filings": FILINGS}, "history")
    with served(quittance) as server:
        names = [file.name for file in sorted(folder.iterdir())]
        sending = Sending(server.http).ask("history", *names, mapping=MAPPING)
        for name in names:
            assert sending.file(name, (folder / name).read_bytes()).status_code == 201
        assert sending.post("/starts").status_code in (200, 201, 202, 207)
        ended = sending.ended()
        assert (ended["status"], ended["counts"]["added"], ended["counts"]["rejected"]) == ("DONE", 5, 0)
        case = server.http.get("/v1/cases", params={"limit": 1}).json()["items"][0]["id"]
        said = server.http.get(f"/v1/cases/{case}/limitation").json()
        kinds = {one["kind"] for one in said["proofs"] if one["source"] == "HISTORY"}
        assert kinds == {"demand_delivered", "sued", "procedure_ended"}
