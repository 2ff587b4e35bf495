"""Workers that hear the other service are killed while it speaks: nothing is missed, and nothing counts twice."""

from pathlib import Path

import pytest

from tests.kit.shapes import APART, platform

ROUNDS, EACH = 2, 3
DEADLINE_S = 400
"""Dozens of processes start and end in it."""


@pytest.mark.timeout(DEADLINE_S)
def test_listeners_killed_at_any_moment_miss_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    with platform(APART, tmp_path) as it:
        cases: list[str] = []
        for round_ in range(ROUNDS):
            opened = [it.open_case(f"D-{round_}-{n}") for n in range(EACH)]
            it.kill("contact")
            it.advance("1m")  # the lease of who was killed is over
            it.work("contact")
            subjects = [it.subject_of(case) for case in opened]
            now = it.now()
            for number, (subject, case) in enumerate(zip(subjects, opened, strict=True)):
                it.called(subject, case, 10 * round_ + number, "ring_no_answer", at=now)
            it.kill("case")
            it.advance("1m")
            it.work("case")
            cases += opened
        it.until(lambda: all(it.on_case(case, "ContactAttempted") for case in cases))
        for case in cases:
            assert len(it.on_case(case, "ContactAttempted")) == 1
        linked = it.feed("contact", "contact.CaseLinked")
        assert {e["data"]["case"] for e in linked if e["data"]["stage"]} == set(cases)
        heard = [(e["data"]["about"], e["data"]["version"]) for e in it.feed("contact", "contact.CaseHeard")]
        assert len(heard) == len(set(heard)), "each word of the case service is heard once"
