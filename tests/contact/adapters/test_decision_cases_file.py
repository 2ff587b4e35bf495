"""A file of decision cases: what is not one is refused with the number of the case, never with its content."""

from pathlib import Path

import pytest

from services.contact.adapters.decision_cases import DecisionCasesUnusable, read_cases

GOOD = (
    '{"id":"1","ctx":{"debtor":{"id":"C","jurisdictions":["CN"],"zones":null},"history":[],'
    '"proposal":{"at":"2026-03-02T10:00:00+08:00","channel":"voice"}}}'
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("{}", None),
        ("[1]", 1),
        ('[{"id":"1"}]', 1),
        (f"[{GOOD}, {GOOD.replace('voice', 'x').replace('+08:00', '')}]", 2),
        (f"[{GOOD.replace('[]', '[{}]')}]", 1),
        (f"[{GOOD.replace('2026-03-02T10:00:00+08:00', 'noon')}]", 1),
    ],
)
def test_what_holds_no_cases_is_refused(tmp_path: Path, text: str, number: int | None) -> None:
    file = tmp_path / "cases.json"
    file.write_text(text)
    with pytest.raises(DecisionCasesUnusable) as refused:
        list(read_cases(file))
    assert refused.value.context == {"number": number}


def test_an_empty_list_has_no_cases_and_additions_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text("[]")
    assert list(read_cases(file)) == []
    novel = GOOD.replace('"channel"', '"novel":1,"channel"')
    file.write_text(f"[{novel}]")
    assert [case_id for case_id, _ in read_cases(file)] == ["1"]
