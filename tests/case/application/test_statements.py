"""A file of statements becomes events exactly once, however it is cut, ordered, repeated or interrupted."""

import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from services.case.application import standings, statements
from services.case.application.import_result import Progress
from services.case.domain.events import CaseClosed, CaseOpened
from shared.eventstore.port import Appended, Command, LedgerError, OutcomeUnknown, StoreUnavailable
from shared.eventstore.sqlite.store import SqliteStore
from shared.eventstore.verify import verify
from shared.kernel import ids
from tests.kit.importing import SAMPLE, counted, everything, row, rows_of, take_in, totals, write
from tests.kit.ledgers import backends, opened, store_on

MONTHS = ["2005-04-30", "2005-05-31", "2005-06-30", "2005-07-31", "2005-08-31", "2005-09-30"]


@pytest.fixture
def months() -> list[dict[str, str]]:
    """A hundred real accounts over six months."""
    return [line for line in rows_of(SAMPLE) if line["account_ref"] < "TWC-000290"]


def rejects_in(folder: Path) -> list[str]:
    path = folder / "rejects.csv"
    return path.read_text().splitlines()[1:] if path.exists() else []


@backends
async def test_the_sample_counts_as_plain_counting_does_and_a_second_run_adds_nothing(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    plain = counted(rows_of(SAMPLE))
    async with opened(store_on(backend, tmp_path, request), tmp_path, shards=4) as ledger:
        first = (await take_in(ledger, SAMPLE, tmp_path / "rejects.csv")).to_json()
        held = await totals(ledger)
        second = (await take_in(ledger, SAMPLE, tmp_path / "rejects.csv")).to_json()
        assert await totals(ledger) == held
        assert (await verify(ledger)).found == 0
    assert first.pop("seconds") > 0
    assert first == {
        "lines": plain.lines, "imported": plain.lines, "unchanged": 0, "rejected": 0,
        "cases_opened": plain.opened, "cases_cured": plain.cured, "payments": plain.payments,
        "payments_amount": str(Decimal(plain.paid).scaleb(-2)), "events": plain.events,
    }  # fmt: skip
    assert held.total() - held["paid"] == plain.events
    assert (held["case.CaseOpened/v1"], held["case.CaseCured/v1"]) == (plain.opened, plain.cured)
    assert (held["case.PaymentReceived/v2"], held["paid"]) == (plain.payments, plain.paid)
    assert {key: second[key] for key in ("lines", "imported", "unchanged", "events", "payments_amount")} == {
        "lines": plain.lines, "imported": 0, "unchanged": plain.lines, "events": 0, "payments_amount": "0.00",
    }  # fmt: skip
    assert rejects_in(tmp_path) == []


@pytest.mark.parametrize("order", ["by account", "shuffled accounts", "month by month in files"])
async def test_the_order_of_accounts_and_the_cut_into_files_change_nothing(
    tmp_path: Path, months: list[dict[str, str]], order: str
) -> None:
    chance = random.Random(5)
    places = {line["account_ref"]: chance.random() for line in months}
    files = {
        "by account": [sorted(months, key=lambda r: (r["account_ref"], r["as_of"]))],
        "shuffled accounts": [sorted(months, key=lambda r: (r["as_of"], places[r["account_ref"]]))],
        "month by month in files": [[r for r in months if r["as_of"] == month] for month in MONTHS],
    }[order]
    plain = counted(months)
    events = 0
    for number, rows in enumerate(files):  # each file by a new process, as far as memory goes
        async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
            file = write(tmp_path / f"{number}.csv", rows)
            events += (await take_in(ledger, file, tmp_path / "rejects.csv")).events
            held = await totals(ledger)
    assert events == plain.events
    assert (held["case.CaseOpened/v1"], held["case.CaseClosed/v1"]) == (plain.opened, plain.cured)
    assert held["paid"] == plain.paid


async def test_remembering_next_to_nothing_changes_nothing(
    tmp_path: Path, months: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "DEBTORS_KEPT_MAX", 3)
    monkeypatch.setattr(statements, "WAVE_LINES", 7)
    monkeypatch.setattr(statements, "BLOCK_LINES", 40)
    seen: list[Progress] = []
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        file = write(tmp_path / "in.csv", months)
        result = await take_in(ledger, file, tmp_path / "rejects.csv", seen.append)
    assert result.events == counted(months).events
    assert [at.lines for at in seen][-2:] == [len(months) - len(months) % 40, len(months)]
    assert seen[-1].bytes_read == seen[-1].bytes_total == file.stat().st_size
    assert seen[-1].seconds_left == 0
    assert seen[-1].lines_per_second > 0


async def test_a_rejected_line_goes_with_its_number_and_reason_and_all_others_are_taken(
    tmp_path: Path,
) -> None:
    lines = [
        row(as_of="2005-05-31", months=1),
        row(ref="A-2"),
        row(ref="A-2", as_of="nonsense"),
        row(as_of="2005-04-30"),
        row(ref="A-2", balance="101"),
        row(ref="A-2", as_of="2005-05-31", currency="USD"),
        row(ref="A-3", currency="ZZZ"),
        row(ref="A-2"),
        row(as_of="2005-06-30", paid="7.25"),
    ]
    file = write(tmp_path / "in.csv", lines)
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        result = (await take_in(ledger, file, tmp_path / "rejects.csv")).to_json()
        again = (await take_in(ledger, file, tmp_path / "again.csv")).to_json()
    counts = ("lines", "imported", "unchanged", "rejected", "cases_opened", "cases_cured", "payments_amount")
    assert [result[name] for name in counts] == [9, 3, 1, 5, 1, 1, "7.25"]
    assert rejects_in(tmp_path) == [
        "4,malformed,as_of",
        "5,out-of-order,as_of",
        "6,conflict,line",
        "7,currency-changed,currency",
        "8,unknown-currency,currency",
    ]
    assert [again[name] for name in counts] == [9, 0, 4, 5, 0, 0, "0.00"]
    assert (tmp_path / "again.csv").read_text() == (tmp_path / "rejects.csv").read_text()


async def test_payments_in_several_currencies_are_told_apart(tmp_path: Path) -> None:
    lines = [
        row(ref=ref, as_of=day, months=1, paid=paid, currency=code)
        for ref, code, paid in (("A-1", "TWD", "10.5"), ("A-2", "JPY", "300"))
        for day in MONTHS[:3]
    ]
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        result = await take_in(ledger, write(tmp_path / "in.csv", lines), tmp_path / "rejects.csv")
    assert result.to_json()["payments_amount"] == {"JPY": "600", "TWD": "21.00"}


async def test_what_a_line_leads_to_is_one_command_and_says_what_caused_it(tmp_path: Path) -> None:
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        await take_in(ledger, write(tmp_path / "in.csv", [row(months=2)]), tmp_path / "rejects.csv")
        events = await everything(ledger)
        command = ledger.command_id("import", "statement", "A-1|2005-04-30")
    assert [event.stored_name.split(".")[1] for event in events] == [
        "StatementReported/v1", "CaseOpened/v1", "ArrearsReported/v1", "StageEntered/v1",
    ]  # fmt: skip
    statement_id = ids.event_id(command, 0)
    assert [event.row.causation_id for event in events] == [None, *[statement_id.bytes] * 3]
    assert {event.row.command_id for event in events} == {command.bytes}
    assert {event.row.policy for event in events} == {"cn-retail/1"}
    assert {event.effective_at for event in events} == {datetime(2005, 4, 29, 16, tzinfo=UTC)}
    assert events[0].stream == ledger.stream_id("account", "A-1", debtor_ref="A-1")
    assert events[1].event.debts == (events[0].stream,)


async def test_each_time_a_debtor_falls_behind_again_the_next_episode_opens(tmp_path: Path) -> None:
    behind = [1, 0, 2, 0, 3, 1]
    for number, (day, months_behind) in enumerate(zip(MONTHS, behind, strict=True)):
        file = write(tmp_path / f"{number}.csv", [row(as_of=day, months=months_behind)])
        async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
            await take_in(ledger, file, tmp_path / "rejects.csv")
            events = await everything(ledger)
    opened_cases = [event for event in events if isinstance(event.event, CaseOpened)]
    assert [event.event.episode for event in opened_cases] == [1, 2, 3]
    assert len({event.stream for event in opened_cases}) == 3
    assert [e.event.as_of for e in events if isinstance(e.event, CaseClosed)] == [
        date(2005, 5, 31),
        date(2005, 7, 31),
    ]


class Flaky:
    """A ledger whose acknowledgements get lost, before or after the commit, by a fixed dice."""

    def __init__(self, inner: object) -> None:
        self._inner, self._dice, self.faults = inner, random.Random(3), Counter[str]()

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def commit(self, command: Command) -> Appended:
        """Sometimes fails before, sometimes after the real commit."""
        throw = self._dice.random()
        if throw < 0.05:
            self.faults["before"] += 1
            raise StoreUnavailable("the line was cut before")
        done: Appended = await self._inner.commit(command)  # type: ignore[attr-defined]
        if throw > 0.95:
            self.faults["after"] += 1
            raise OutcomeUnknown("the line was cut after")
        return done

    async def commit_all(self, commands: Sequence[Command]) -> list[Appended | LedgerError]:
        """Each on its own dice."""
        answers: list[Appended | LedgerError] = []
        for command in commands:
            try:
                answers.append(await self.commit(command))
            except LedgerError as problem:
                answers.append(problem)
        return answers


async def test_acknowledgements_that_get_lost_change_nothing(
    tmp_path: Path, months: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "WAIT_FIRST_S", 0.001)
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        flaky = Flaky(ledger)
        file = write(tmp_path / "in.csv", months)
        result = await take_in(flaky, file, tmp_path / "rejects.csv")  # type: ignore[arg-type]
        held = await totals(ledger)
    plain = counted(months)
    assert min(flaky.faults["before"], flaky.faults["after"]) > 5
    assert (result.imported, result.unchanged, result.events) == (plain.lines, 0, plain.events)
    assert held.total() - held["paid"] == plain.events


async def test_a_debtor_whose_keys_are_gone_does_not_stop_the_lenders_file(tmp_path: Path) -> None:
    """Erasure takes the keys and the map's row; the next statement starts the debtor's next case."""
    lines = [row(as_of=day, months=1) for day in MONTHS[:3]]
    store = SqliteStore(tmp_path / "case.db")
    async with opened(store, tmp_path) as ledger:
        await take_in(ledger, write(tmp_path / "a.csv", lines[:2]), tmp_path / "rejects.csv")
    with sqlite3.connect(tmp_path / "case.db") as raw:
        raw.execute("DELETE FROM data_key")
        raw.execute("DELETE FROM subject_map")
    async with opened(SqliteStore(tmp_path / "case.db"), tmp_path) as ledger:
        result = await take_in(ledger, write(tmp_path / "b.csv", lines), tmp_path / "rejects.csv")
        events = await everything(ledger)
    assert (result.imported, result.unchanged, result.rejected) == (1, 2, 0)
    assert [e.event.episode for e in events if isinstance(e.event, CaseOpened)] == [2]
