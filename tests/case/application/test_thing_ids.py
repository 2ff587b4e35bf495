"""Ids of what belongs to a case carry the case and nothing else."""

from uuid import UUID

import pytest

from services.case.application.thing_ids import case_of, thing_id

CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
MADE = UUID("11111111-2222-8333-8444-555555555555")


def test_an_id_leads_back_to_its_case() -> None:
    made = thing_id("prm", CASE, MADE)
    assert made == "prm_6f1c0d1e000080008000000000000001" + "8444555555555555"
    assert case_of("prm", made) == CASE


@pytest.mark.parametrize(
    "text",
    ["", "prm_", "prm_6f1c", f"hld_{'0' * 48}", f"prm_{'0' * 47}", f"prm_{'A' * 48}", f"prm_{'0' * 48}\n"],
)
def test_what_is_no_id_leads_nowhere(text: str) -> None:
    assert case_of("prm", text) is None


def test_what_is_no_case_has_no_things() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        thing_id("prm", "TWC-000059", MADE)
