"""The worked deadlines of ../shared/data, where the checkout stands beside them."""

import json
from pathlib import Path

import pytest

from services.legal.adapters.clock_cases import answers
from services.legal.adapters.law_files import shipped

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "clock-cases.json"
EXPECTED = {one["id"]: one["expect"] for one in json.loads(FILE.read_text())} if FILE.exists() else {}


@pytest.mark.skipif(not FILE.exists(), reason="the worked deadlines are not beside this checkout")
@pytest.mark.parametrize("case_id", EXPECTED or ["none"])
def test_a_worked_deadline_comes_out_as_its_source_says(case_id: str) -> None:
    found = {one["id"]: one for one in answers(FILE, shipped())}[case_id]
    assert {name: found[name] for name in EXPECTED[case_id]} == EXPECTED[case_id]
