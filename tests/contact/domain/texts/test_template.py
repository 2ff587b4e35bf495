"""A version is written by one, approved by another, used from a day on, and retired; what was said stays sayable."""

from datetime import date

import msgspec
import pytest

from services.contact.adapters.texts.template_files import shipped_templates
from services.contact.domain.facts.texts import TemplateApproved, TemplateDrafted, TemplateEvent
from services.contact.domain.kinds.rule import Words
from services.contact.domain.texts.lint import TemplateUnfit
from services.contact.domain.texts.template import (
    APPROVED,
    DRAFTED,
    REJECTED,
    SHIPPED,
    Template,
    TemplateBeginsInThePast,
    TemplateKindChanged,
    TemplateNotInForce,
    TemplateUnknown,
    folded,
)
from services.contact.domain.texts.words import WordBook, WordList, WordRule
from shared.kernel.four_eyes import MakerIsChecker, NotAwaitingApproval
from tests.contact.texts import WORDS, a_text, saying

TODAY, LATER = date(2026, 3, 2), date(2026, 4, 1)
CODE = "spring-remind"


def written(*events: TemplateEvent) -> Template:
    return folded(CODE, (), events, stream_version=len(events))


def drafted(template: Template | None = None, **changes: object) -> tuple[TemplateEvent, ...]:
    made = (template or written()).draft(
        a_text(**changes), WORDS, effective_from=None, today=TODAY, by="user:anna"
    )
    return made


def test_a_draft_says_what_it_says_and_under_which_list() -> None:
    [event] = drafted()
    assert isinstance(event, TemplateDrafted)
    assert (event.version, event.effective_from, event.words) == (1, TODAY, WORDS.id)
    assert {"identifies_institution", "opt_out_line"} <= set(event.markers)


def test_nothing_is_used_before_a_second_person_approved_it() -> None:
    template = written(*drafted())
    with pytest.raises(TemplateNotInForce):
        template.in_force(TODAY)
    with pytest.raises(MakerIsChecker):
        template.approve(1, WORDS, today=TODAY, by="user:anna")
    approved = written(*drafted(), *template.approve(1, WORDS, today=TODAY, by="user:ben"))
    assert approved.in_force(TODAY).status == APPROVED
    with pytest.raises(TemplateNotInForce):
        approved.in_force(date(2026, 3, 1))


def test_a_version_is_decided_once() -> None:
    template = written(*drafted())
    rejected = written(*drafted(), *template.reject(1, reason="TOO_STERN", today=TODAY, by="user:ben"))
    assert rejected.of(1).status == REJECTED
    with pytest.raises(NotAwaitingApproval):
        rejected.approve(1, WORDS, today=TODAY, by="user:ben")
    with pytest.raises(NotAwaitingApproval):
        rejected.reject(1, reason="X", today=TODAY, by="user:ben")
    with pytest.raises(TemplateUnknown):
        template.approve(2, WORDS, today=TODAY, by="user:ben")
    with pytest.raises(MakerIsChecker):
        template.reject(1, reason="X", today=TODAY, by="user:anna")


def test_the_same_text_again_adds_nothing_and_another_is_the_next_version() -> None:
    template = written(*drafted())
    assert drafted(template) == ()
    [second] = drafted(template, stages=["M2"])
    assert isinstance(second, TemplateDrafted)
    assert second.version == 2
    rejected = written(*drafted(), *template.reject(1, reason="X", today=TODAY, by="user:ben"))
    assert len(drafted(rejected)) == 1


def test_a_version_begins_on_its_day_and_not_before_its_approval() -> None:
    events = written().draft(a_text(), WORDS, effective_from=LATER, today=TODAY, by="user:anna")
    early = written(*events, *written(*events).approve(1, WORDS, today=TODAY, by="user:ben"))
    with pytest.raises(TemplateNotInForce):
        early.in_force(TODAY)
    assert early.in_force(LATER).number == 1
    [approved] = written(*drafted()).approve(1, WORDS, today=LATER, by="user:ben")
    assert isinstance(approved, TemplateApproved)
    assert approved.effective_from == LATER
    with pytest.raises(TemplateBeginsInThePast):
        written().draft(a_text(), WORDS, effective_from=date(2026, 3, 1), today=TODAY, by="user:anna")


def test_the_newest_version_in_force_counts_and_what_is_retired_does_not() -> None:
    first = (*drafted(), *written(*drafted()).approve(1, WORDS, today=TODAY, by="user:ben"))
    second = (*first, *drafted(written(*first), stages=["M2"]))
    assert written(*second).in_force(TODAY).number == 1
    both = (*second, *written(*second).approve(2, WORDS, today=TODAY, by="user:ben"))
    assert written(*both).in_force(TODAY).number == 2
    gone = (*both, *written(*both).retire(2, reason="REPLACED", today=TODAY, by="user:ben"))
    assert written(*gone).in_force(TODAY).number == 1
    assert written(*gone).of(2).text == a_text(stages=["M2"])
    assert written(*gone).retire(2, reason="REPLACED", today=LATER, by="user:ben") == ()
    with pytest.raises(TemplateNotInForce):
        written(*drafted()).retire(1, reason="X", today=TODAY, by="user:ben")


@pytest.mark.parametrize(
    ("field", "value"),
    [("situation", "negotiation"), ("purpose", "reminder"), ("channel", "voice")],
)
def test_a_version_is_for_the_same_thing_as_the_others(field: str, value: str) -> None:
    with pytest.raises(TemplateKindChanged) as refused:
        drafted(written(*drafted()), **{field: value})
    assert refused.value.context["field"] == field


def test_a_text_that_threatens_is_not_even_a_draft() -> None:
    with pytest.raises(TemplateUnfit):
        written().draft(saying("否则后果自负"), WORDS, effective_from=None, today=TODAY, by="user:anna")


def test_a_text_that_a_newer_list_forbids_is_not_approved() -> None:
    stricter = WordBook(_with_rule(), "0" * 64)
    template = written(*drafted())
    with pytest.raises(TemplateUnfit):
        template.approve(1, stricter, today=TODAY, by="user:ben")


def _with_rule() -> WordList:
    more = WordRule(
        id="W-NEW", marker="insult", source="HOUSE", reason=Words(zh="新", en="new"), han=("详询",)
    )
    return msgspec.structs.replace(WORDS.words, rule=(*WORDS.words.rule, more))


def test_an_own_version_hides_the_shipped_one_of_its_number_and_shipped_ones_count_until_then() -> None:
    shipped = shipped_templates()["m1-remind"]
    template = folded("m1-remind", shipped, ())
    assert template.in_force(TODAY).status == SHIPPED
    text = a_text()
    [second] = template.draft(text, WORDS, effective_from=None, today=TODAY, by="user:anna")
    assert isinstance(second, TemplateDrafted)
    assert second.version == 2
    own = folded("m1-remind", shipped, (second,), stream_version=1)
    assert own.of(2).status == DRAFTED
    assert own.in_force(TODAY).number == 1
    retired = folded(
        "m1-remind", shipped, own.retire(1, reason="OURS_ONLY", today=TODAY, by="user:ben"), stream_version=1
    )
    with pytest.raises(TemplateNotInForce):
        retired.in_force(TODAY)


def test_what_nobody_wrote_is_unknown() -> None:
    with pytest.raises(TemplateUnknown):
        written().in_force(TODAY)
