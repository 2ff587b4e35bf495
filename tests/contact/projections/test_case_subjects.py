"""Whose case is it?"""

from pathlib import Path

import pytest

from services.contact.domain.facts.subject import CaseLinked, CaseUnlinked
from services.contact.projections import case_subjects
from tests.contact.projections.told import AT, CASE, told
from tests.kit.ledgers import backends


@backends
async def test_a_case_leads_to_its_subject_open_or_closed(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with told(backend, tmp_path, request) as it:
        await it.tell("D", CaseUnlinked(at=AT, case="case-never", reason="CURED"))
        assert await it.ask(lambda c: case_subjects.subject_of(c, "case-never")) is None
        await it.tell("D", CaseLinked(at=AT, case=CASE, debts=("d1",), stage="M1"))
        assert await it.ask(lambda c: case_subjects.subject_of(c, CASE)) == it.subject("D")
        await it.tell("D", CaseUnlinked(at=AT, case=CASE, reason="CURED"))
        assert await it.ask(lambda c: case_subjects.subject_of(c, CASE)) == it.subject("D")
        row = await it.ask(lambda c: case_subjects.one(c, CASE))
        assert row.as_json() == {"case": CASE, "subject": it.subject("D"), "stage": "M1", "open": False}
        assert await it.ask(lambda c: case_subjects.one(c, "case-never")) is None
