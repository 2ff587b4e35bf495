"""The worked cases of ../shared/data, where the checkout stands beside them; each rule id of the reference is used."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from services.contact.adapters.decision_cases import answer_of, read_cases
from services.contact.adapters.pack_files import shipped
from services.contact.domain.decide import decide

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "contact-decision-cases.json"
EXPECTED = {one["id"]: one["expect"] for one in json.loads(FILE.read_text())} if FILE.exists() else {}
QUESTIONS = dict(read_cases(FILE)) if FILE.exists() else {}


@pytest.mark.skipif(not FILE.exists(), reason="the worked cases are not beside this checkout")
@pytest.mark.parametrize("case_id", QUESTIONS or ["none"])
def test_a_worked_case_comes_out_as_its_source_says(case_id: str) -> None:
    expected = EXPECTED[case_id]
    question = QUESTIONS[case_id]
    answer = answer_of(case_id, question, decide(question, shipped(house=False)))
    assert answer["outcome"] == expected["outcome"]
    assert set(answer["rules"]) == set(expected["rules"])
    assert set(expected["warnings"]) <= set(answer["warnings"])
    wanted = expected["until"]
    assert (answer["until"] and datetime.fromisoformat(answer["until"])) == (
        wanted and datetime.fromisoformat(wanted)
    )
