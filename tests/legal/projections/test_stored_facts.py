"""Facts as a view keeps them: every event comes back with its facts, and with nothing that is none."""

import random
from typing import Any, get_type_hints

import pytest

from services.legal.domain.events import STORED_AS
from services.legal.domain.facts.matter import MatterReopened
from services.legal.projections import stored_facts
from shared.eventstore.registry import ERASED
from shared.kernel.section import FACTS
from tests.legal.projections.made_up import DAY, SECRET, made, one_of_each


@pytest.mark.parametrize("seed", range(3))
def test_every_event_comes_back_with_its_facts_only(seed: int) -> None:
    told = one_of_each(random.Random(seed))
    again = list(stored_facts.events("".join(f"{stored_facts.line(one)}\n" for one in told)))
    assert [type(one) for one in again] == list(STORED_AS.values())
    for one, back in zip(told, again, strict=True):
        assert _of(back) == {
            name: value if fact else ERASED for name, (value, fact) in _with_kind(one).items()
        }
        assert SECRET not in stored_facts.text(one)


def test_a_line_is_a_line_whatever_stands_in_it() -> None:
    odd = made(MatterReopened, random.Random(1), reason="A\u2028B\nC\x85D", on=DAY)
    [back] = stored_facts.events(f"{stored_facts.line(odd)}\n")
    assert back.reason == odd.reason


def test_what_is_not_known_is_passed_over() -> None:
    assert list(stored_facts.events("")) == []
    assert list(stored_facts.events('NoSuchEvent {"on":"2026-01-01"}\n')) == []


def _of(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


def _with_kind(event: Any) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(type(event), include_extras=True)
    return {name: (value, FACTS in hints[name].__metadata__) for name, value in _of(event).items()}
