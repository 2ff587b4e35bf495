"""A strategy's file is read strictly: what is wrong is named with its place, and never told again."""

from __future__ import annotations

import pytest

from services.contact.adapters.outreach.strategy_file import shipped
from services.contact.application.outreach.strategy_text import parsed
from services.contact.domain.outreach.document import OutreachStrategyMalformed, of_document

HEAD = 'version = "x/1"\neffective_from = 2026-01-01\nzone = "Asia/Shanghai"\n'
STEP = (
    '[[stages]]\nstage = "M1"\n[[stages.steps]]\nname = "a"\nchannel = "sms"\ntemplate = "b"\n'
    'from = "stage"\nday = 0\n'
)


def _faults(text: str) -> tuple[str, ...]:
    with pytest.raises(OutreachStrategyMalformed) as refused:
        parsed(text.encode())
    faults = refused.value.context["faults"]
    assert isinstance(faults, tuple)
    return faults


def test_the_shipped_strategy_is_read_and_comes_back_from_its_stored_document() -> None:
    [one] = shipped()
    assert of_document(one.document) == one
    assert [stage.stage for stage in one.written.stages] == ["M0", "M1", "M2", "M3", "M4+"]


def test_a_sound_strategy_is_read() -> None:
    assert parsed((HEAD + STEP).encode()).steps_of("M1")[0].name == "a"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("not toml", "file: NOT_TOML"),
        (HEAD, "file: MISSING"),
        (HEAD + STEP + 'secret = "13800000000"\n', "stages[0].steps[0]: UNKNOWN_KEY"),
        (HEAD.replace("Asia/Shanghai", "Moon") + STEP, "zone: NOT_ALLOWED"),
        (HEAD + STEP.replace("sms", "fax"), "stages[0].steps[0].channel: NOT_ONE_OF"),
        (HEAD + STEP.replace("day = 0", "day = -1"), "stages[0].steps[0].day: OUT_OF_RANGE"),
        (HEAD + STEP.replace("day = 0", 'day = "0"'), "stages[0].steps[0].day: WRONG_TYPE"),
        (HEAD + STEP + "window = { from = 10:00:00, to = 09:00:00 }\n", "stages[0].steps[0].window: NOTHING_BETWEEN"),
        (HEAD + STEP + "within = 7\nrepeat = { times = 2, every = 7 }\n", "stages[0].steps[0].repeat: OVERLAPS"),
        (HEAD + STEP + STEP, "stages[1].stage: TWICE"),
        (HEAD + STEP.replace("sms", "voice"), "stages[0].steps[0].template: OF_MESSAGES_ONLY"),
        (HEAD + STEP + STEP.replace("stages", "promised").replace('[[promised]]\nstage = "M1"\n', "").replace(
            "[[promised.steps]]", "[[promised]]"), "promised[0].day: BEFORE_DUE_ONLY"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(text: str, fault: str) -> None:
    faults = _faults(text)
    assert fault in faults
    assert not any("13800000000" in one or "secret" in one for one in faults)
