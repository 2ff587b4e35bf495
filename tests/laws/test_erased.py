"""Law 7: what was erased is readable nowhere, while versions, hashes and amounts stay verifiable.

The command that erases comes with a later issue; what it will do to the store (the keys and the map are the erasable
part of it, DESIGN.md 3) is done here by hand. The debtor is erased; who worked the case stands in the envelope of
every event under the name the issuer gave them, and stays.
"""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.case.application.asked_as_of import CaseAsOf, CaseClocks
from services.case.application.handle import CaseDesk
from services.case.application.sheet import CaseUnknown
from services.case.domain.policy import POLICIES
from services.case.projections.privacy.party_index import INDEX
from shared.eventstore.ledger import Ledger
from shared.eventstore.verify import verify
from tests.kit import parties
from tests.laws.populated import DEBTOR, OTHER, PERSONAL, VIEWS, day, populate, store_in

KINDS_OF = sa.select(INDEX.c.kind)
ASKED = [day(n) for n in (5, 13, 60, 200)]


def erase(folder: Path, subjects: list[bytes], classes: tuple[str, ...] = ()) -> int:
    """Destroy the keys of these people, of these classes or all; with all, the map forgets them too."""
    gone = 0
    with sqlite3.connect(folder / "case.db") as file:
        for subject in subjects:
            for name in classes or ("facts", "id", "contact", "staff"):
                gone += file.execute(
                    "DELETE FROM data_key WHERE subject=? AND class=?", (subject, name)
                ).rowcount
            if not classes:
                file.execute("DELETE FROM subject_map WHERE subject=?", (subject,))
    file.close()
    return gone


def readable(folder: Path) -> set[str]:
    """The tables in which the personal mark can be read, the ledger's own included."""
    found = set()
    with sqlite3.connect(folder / "case.db") as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            for row in file.execute(f"SELECT * FROM {table}"):
                for value in row:
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if PERSONAL in text:
                        found.add(table)
    file.close()
    return found


async def answers(ledger: Ledger, case_id: str) -> list[CaseAsOf]:
    desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
    clocks = CaseClocks(desk=desk, tenant="default", policies=POLICIES)
    return [await clocks.case(case_id, as_of=asked) for asked in ASKED]


async def stored(ledger: Ledger) -> list[object]:
    [lane] = await ledger.lanes()
    return list(await ledger.read_lane(lane.lane, after=0, limit=10_000))


@pytest.mark.parametrize("classes", [("id",), ()], ids=["who it was", "everything"])
async def test_what_was_erased_is_gone_and_all_else_stands(tmp_path: Path, classes: tuple[str, ...]) -> None:
    """Law 7: identity alone, or all of a person; amounts, chain and everybody else's case are as before."""
    async with store_in(tmp_path) as (ledger, projections):
        cases = await populate(ledger, projections.catch_up)
        people = await ledger.subjects([DEBTOR])
        before = {name: [one.picture for one in await answers(ledger, cases[name])] for name in cases}
        rows = await stored(ledger)
    assert readable(tmp_path), "the mark is there to be found before anything is erased"
    assert erase(tmp_path, [subject.bytes for subject in people.values()], classes)

    async with store_in(tmp_path) as (ledger, projections):
        assert (await projections.rebuild(VIEWS)).parked == 0
        assert await stored(ledger) == rows
        # Until erasing leaves a record of its own, a destroyed key is told as missing; nothing else may be found.
        report = await verify(ledger)
        assert {problem.code for problem in report.problems} == {"key-missing"}
        party = parties.party_id(ledger, DEBTOR)
        assert {problem.stream for problem in report.problems} == {cases[DEBTOR], party}
        left = await projections.database.read(
            lambda c: set(c.scalars(KINDS_OF.where(INDEX.c.stream == party)))
        )
        assert left == ({"PHONE", "EMAIL"} if classes else set()), "what is left to find the person by"
        assert [one.picture for one in await answers(ledger, cases[OTHER])] == before[OTHER]
        if classes:
            kept = await answers(ledger, cases[DEBTOR])
            assert [one.picture.balance for one in kept] == [one.balance for one in before[DEBTOR]]
            assert [one.picture for one in kept] == before[DEBTOR]
        else:
            with pytest.raises(CaseUnknown):
                await answers(ledger, cases[DEBTOR])
    assert readable(tmp_path) == set()
