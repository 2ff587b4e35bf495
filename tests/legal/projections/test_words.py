"""Words: every event has them in both languages, they say only facts, and name nobody."""

from string import Formatter
from typing import get_type_hints

import msgspec
import pytest

from services.legal.domain.clocks import reading
from services.legal.domain.deadlines.deadline import STATES, WHOSE
from services.legal.domain.deadlines.rules import RULES
from services.legal.domain.events import STEPS, STORED_AS
from services.legal.domain.life import OUTCOMES, REOPENINGS
from services.legal.domain.limitation import reading as limitation
from services.legal.domain.recording.costs import BEARERS, KINDS
from services.legal.domain.tracks.all_tracks import MACHINES
from services.legal.domain.tracks.machine import Machine, wire_name
from services.legal.projections.words import saying
from services.legal.projections.words.codes import CODES
from services.legal.projections.words.deadline_names import DEADLINE_NAMES
from services.legal.projections.words.statuses import STATUSES, TRACKS
from shared.contracts import legal_words as published
from shared.kernel.section import FACTS

TYPES = sorted(STORED_AS)


def _facts(kind: type) -> set[str]:
    hints = get_type_hints(kind, include_extras=True)
    return {name for name, hint in hints.items() if FACTS in hint.__metadata__}


def test_every_event_has_words_and_no_words_are_of_none() -> None:
    assert {name.partition("/")[0] for name in TYPES} == set(saying.WORDS)


@pytest.mark.parametrize("name", TYPES)
def test_a_sentence_says_facts_and_nothing_else(name: str) -> None:
    kind = STORED_AS[name]
    said = saying.WORDS[name.partition("/")[0]]
    for pattern in (said.said_en, said.said_zh):
        fields = {field for _, field, _, _ in Formatter().parse(pattern) if field is not None}
        assert fields <= _facts(kind), f"{name} says what is no fact"
    assert all(said)
    assert said.title_en != said.title_zh


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_is_left_open_reads_as_a_dash_and_what_was_erased_says_so(name: str, language: str) -> None:
    type_ = name.partition("/")[0]
    assert "{" not in saying.words(type_, {}, language)
    erased = saying.words(type_, None, language)
    assert erased == ("内容已依法删除。" if language == "zh-CN" else "What this said has been erased.")


@pytest.mark.parametrize("kind", STEPS)
def test_a_step_is_called_as_its_event(kind: type[msgspec.Struct]) -> None:
    assert saying.step(wire_name(kind), "zh") == saying.title(f"legal.{kind.__name__}", "zh")


def _statuses(machine: Machine) -> set[str]:
    found = {machine.first, *machine.ends, *machine.rests}
    for moves in machine.moves.values():
        for of, to in moves if isinstance(moves[0], tuple) else (moves,):
            found |= {*of, to}
    return found - {""}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.kind)
def test_every_track_and_every_status_has_words(machine: Machine) -> None:
    kind = machine.kind.lower()
    assert kind in TRACKS
    assert {
        one for one in _statuses(machine) if (kind, one) not in STATUSES and ("", one) not in STATUSES
    } == set()


def test_every_deadline_and_every_state_has_words() -> None:
    others = {
        "PRESERVATION_END", "PRESERVATION_RENEWAL", "ENFORCEMENT_APPLICATION", "MEDIATION_CONFIRMATION", "PERFORMANCE",
    }  # fmt: skip
    assert {rule.name for rule in RULES} | others <= set(DEADLINE_NAMES)
    clocks = (reading.RUNNING, reading.SUSPENDED, reading.IN_PROCEDURE, reading.WAIVED, reading.NOT_STARTED)
    of_limitation = (
        limitation.LIMITATION, limitation.GUARANTEE, limitation.GUARANTEE_LIMITATION, limitation.TITLE,
        limitation.DEBTOR, limitation.JOINT_DEBTOR, limitation.GUARANTOR,
    )  # fmt: skip
    assert {*STATES, *WHOSE, *clocks, *of_limitation} <= set(CODES)


def test_values_are_said_in_words() -> None:
    said = {
        "on": "2026-11-20", "amount": {"minor": 123_450, "currency": "CNY"}, "procedure": "SMALL_CLAIMS",
        "court": "SH-PD", "cause": "LOAN", "against": ["pty_1", "pty_2"],
    }  # fmt: skip
    assert saying.words("legal.SuitAssessed", said, "en") == (
        "On 2026-11-20: small claims at SH-PD against 2 of the parties over 1234.50 CNY (LOAN)."
    )
    assert saying.words("legal.SuitAssessed", said, "zh-CN") == (
        "2026-11-20 拟以小额诉讼程序向 SH-PD 起诉 2 名相对人，标的 1234.50 CNY（LOAN）。"
    )
    served = {"on": "2026-11-20", "kind": "LEFT", "person": None}
    assert saying.words("legal.SuitServed", served, "en") == "On the debtor on 2026-11-20: left there."
    found = saying.words("legal.AssetsSearched", {"on": "2026-11-20", "found": []}, "en")
    assert found == "On 2026-11-20, found: nothing."
    owed = {"costs": 1, "interest": 2, "penalty": 3, "principal": 100, "currency": "CNY"}
    stated = saying.words("legal.ClaimStated", {"as_of": "2026-11-01", "owed": owed, "claimed": owed}, "zh")
    assert "1.06 CNY" in stated


def test_a_part_of_a_sentence_is_left_out_where_what_it_says_is_not_known() -> None:
    opened = {"on": "2026-11-20", "reason": "DEFAULT"}
    assert saying.words("legal.MatterOpened", opened, "en") == "Taken up on 2026-11-20 (DEFAULT)."
    told = {"what": "STEP", "on": "2026-11-20", "code": "SUIT_FILED", "retracted": True}
    assert saying.words("legal.MatterTold", told, "en") == "step as of 2026-11-20: Suit filed; it never was."
    stands = {**told, "retracted": False}
    assert saying.words("legal.MatterTold", stands, "zh") == "2026-11-20 告知：步骤 起诉。"


def test_a_warning_says_what_is_left_or_that_it_is_over() -> None:
    near = {
        "deadline": "APPEAL", "within": 30, "as_of": "2026-02-01", "raw_on": "2026-02-18", "expires_on": "2026-02-24"
    }  # fmt: skip
    assert saying.words("legal.DeadlineNear", near, "en") == (
        "appeal against the judgment: no more than 30 days left as of 2026-02-01; last day 2026-02-24."
    )
    over = {**near, "within": 0}
    assert (
        saying.words("legal.DeadlineNear", over, "zh")
        == "判决上诉：截至 2026-02-01 已届满；末日 2026-02-24。"
    )
    unknown = {**near, "clock": "limitation", "raw_on": "2028-02-18", "expires_on": None, "person": None}
    assert saying.words("legal.LimitationNear", unknown, "en").endswith(
        "last day 2028-02-18, or the next working day (those of 2028 are not announced)."
    )


def test_the_debtor_is_named_once() -> None:
    party = {"role": "DEBTOR", "person": None, "debts": [], "on": "2026-01-05"}
    assert saying.words("legal.PartyNamed", party, "en") == (
        "Against the debtor, on all debts of the case, since 2026-01-05."
    )
    assert saying.words("legal.PartyNamed", party, "zh") == "2026-01-05 列明债务人，涉本案全部债务。"


def test_what_nobody_knows_is_shown_as_it_is() -> None:
    assert saying.title("legal.SomethingElse", "en") == "legal.SomethingElse"
    assert saying.words("legal.SomethingElse", {}, "en") == ""
    assert saying.step("NO_SUCH_STEP", "zh") == "NO_SUCH_STEP"
    assert saying.code("NO_SUCH_CODE", "en") == "NO_SUCH_CODE"
    assert saying.status("suit", "NO_SUCH_STATUS", "en") == "NO_SUCH_STATUS"
    assert saying.track("duel", "en") == "duel"
    assert saying.deadline("NO_SUCH", "en") == "NO_SUCH"


def test_what_is_published_for_others_says_what_our_own_pages_say() -> None:
    for name, (en, zh) in published.STEPS.items():
        found = [words for type_, words in saying.WORDS.items() if wire_name_of(type_) == name]
        assert [(one.title_en, one.title_zh) for one in found] == [(en, zh)], name
    steps = {wire_name(kind) for kind in STEPS}
    assert steps <= set(published.STEPS)
    assert {kind.upper(): said for kind, said in TRACKS.items()}.items() <= published.TRACKS.items()
    assert published.DEADLINES == DEADLINE_NAMES
    assert set(published.ENDS) == {*OUTCOMES, *REOPENINGS}
    assert set(published.COSTS) == set(KINDS)
    assert set(published.BEARERS) == set(BEARERS)
    for name in (*published.ENDS, *published.CLOCKS):
        assert (saying.code(name, "en"), saying.code(name, "zh-CN")) == {
            **published.ENDS,
            **published.CLOCKS,
        }[name]


def wire_name_of(type_: str) -> str:
    """`SUIT_FILED` of `legal.SuitFiled`."""
    return wire_name(STORED_AS[f"{type_}/v1"])
