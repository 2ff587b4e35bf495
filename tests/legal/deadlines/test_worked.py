"""Deadlines worked by hand on the calendars of 2025 and 2026, make-up days included; one row for every clock.

Of 2026: 4 January, 14 and 28 February, 9 May, 20 September and 10 October are worked on a weekend; 1 to 3 January,
15 to 23 February, 4 to 6 April, 1 to 5 May, 19 to 21 June, 25 to 27 September and 1 to 7 October are off.
"""

from collections.abc import Callable
from datetime import date

import pytest

from services.legal.domain.clocks.facts import ClockFact
from services.legal.domain.clocks.running import end_of, last_day
from services.legal.domain.deadlines.rules import RULES
from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import letter as ltr
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import suit as s
from services.legal.domain.facts.matter import MatterClosed, MediationAgreed
from services.legal.domain.matter import fold_matter
from shared.kernel.calendar import CalendarMissing, is_working_day
from shared.kernel.parts import principal
from tests.legal.deadlines.story import GROUND, MATTER, OF, OWED, SHA, Story, day, track

WORKED = (
    # clock, begun on, raw last day, last day in time (None: that year is not announced)
    ("case_filing", "2026-05-12", "2026-05-19", "2026-05-19"),
    ("case_filing", "2026-09-24", "2026-10-01", "2026-10-08"),  # National Day
    ("case_filing", "2026-02-07", "2026-02-14", "2026-02-14"),  # a Saturday that is worked
    ("complaint_copy", "2026-05-12", "2026-05-17", "2026-05-18"),  # a Sunday
    ("complaint_copy", "2026-05-04", "2026-05-09", "2026-05-09"),  # a Saturday that is worked
    ("defence", "2026-01-30", "2026-02-14", "2026-02-14"),  # K12
    ("defence", "2026-05-18", "2026-06-02", "2026-06-02"),
    ("first_instance_ordinary", "2025-08-31", "2026-02-28", "2026-02-28"),  # no 31st; a Saturday that is worked
    ("first_instance_ordinary", "2026-05-12", "2026-11-12", "2026-11-12"),
    ("first_instance_summary", "2026-07-01", "2026-10-01", "2026-10-08"),
    ("first_instance_small_claims", "2025-12-15", "2026-02-15", "2026-02-24"),  # Spring Festival
    ("payment_order_acceptance", "2026-06-15", "2026-06-20", "2026-06-22"),  # Dragon Boat
    ("payment_order_issue", "2026-06-16", "2026-07-01", "2026-07-01"),
    ("arbitration_acceptance", "2026-04-01", "2026-04-06", "2026-04-07"),  # Qingming
    ("preservation_renewal", "2026-10-10", "2026-10-03", "2026-10-03"),  # never later
    ("preservation_renewal", "2027-04-30", "2027-04-23", "2027-04-23"),
    ("mediation_confirmation", "2026-09-03", "2026-10-03", "2026-10-08"),
    ("mediation_confirmation", "2026-12-15", "2027-01-14", None),
)  # fmt: skip


@pytest.mark.parametrize(("name", "begun", "raw", "ends"), WORKED)
def test_worked_by_hand(name: str, begun: str, raw: str, ends: str | None) -> None:
    clock = GROUND.law.named(name)
    assert clock is not None
    found = end_of(clock, ClockFact(kind=clock.starts[0], on=day(begun)))
    assert found == day(raw)
    assert last_day(clock, found) == (None if ends is None else day(ends))


def test_the_calendar_the_rows_are_worked_on() -> None:
    for worked in ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"):
        assert is_working_day(day(worked)) is True, worked
    for off in ("2026-02-23", "2026-04-06", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-07"):
        assert is_working_day(day(off)) is False, off
    assert isinstance(is_working_day(day("2027-01-14")), CalendarMissing)


def test_every_clock_that_a_rule_names_is_in_the_pack_with_article_and_confidence() -> None:
    named = {rule.clock for rule in RULES if rule.clock is not None}
    for name in sorted(named | {"preservation_renewal", "mediation_confirmation", "enforcement_application"}):
        clock = GROUND.law.named(name)
        assert clock is not None, name
        assert clock.source.article
        assert clock.source.confidence in ("verified", "quoted", "secondary")


# -- which step begins which, and what meets it


def letter(story: Story) -> None:
    """Out and delivered; how it came there is told without the guards."""
    common: dict[type, dict[str, object]] = {
        ltr.LetterRequested: {"person": None, "role": "debtor", "template": "demand", "language": "zh-CN", "by": "x"},
        ltr.LetterDrafted: {
            "kind": "DEMAND", "template": "demand", "template_version": 1, "content": SHA, "language": "zh-CN",
            "as_of": day("2026-05-01"), "debts": (), "claimed": principal(OWED), "limitation": "RUNNING",
            "answer_days": 15, "sha256": SHA, "pages": 1, "subject": "x", "values": (), "recipient": (), "by": "x",
        },
        ltr.LetterApproved: {"sha256": SHA, "by": "y"},
        ltr.LetterSigned: {"placement": "plf_1", "firm": "FIRM", "sha256": SHA, "seal": SHA, "lawyer": "z"},
        ltr.LetterDispatchBegun: {"channel": "letter", "try_no": 1},
        ltr.LetterDispatched: {
            "channel": "letter", "try_no": 1, "message": None, "permit": None, "carrier_no": None,
        },
        ltr.LetterDelivered: {"proof": "SIGNED", "message": None, "answer_until": day("2026-05-21")},
    }  # fmt: skip
    steps = [story.build(kind, "2026-05-06", "t", **how) for kind, how in common.items()]
    story.matter = fold_matter(steps, begin=story.matter)


def accepted(story: Story) -> None:
    story.filed("2026-05-12", "t")
    story.take(s.SuitAccepted, "2026-05-12", "t", fee_due=day("2026-05-19"))


def served(story: Story) -> None:
    accepted(story)
    story.take(s.SuitServed, "2026-05-18", "t")


def judged(story: Story) -> None:
    story.judged("2026-09-14", "t")
    story.take(s.JudgmentServed, "2026-09-16", "t")


def in_force(story: Story) -> None:
    judged(story)
    story.sweep("2026-10-08")


def ordered(story: Story) -> None:
    for kind, on in (
        (o.PaymentOrderAssessed, "2026-06-01"),
        (o.PaymentOrderApproved, "2026-06-01"),
        (o.PaymentOrderApplied, "2026-06-08"),
        (o.PaymentOrderAccepted, "2026-06-10"),
        (o.PaymentOrderIssued, "2026-06-15"),
        (o.PaymentOrderServed, "2026-07-01"),
    ):
        story.take(kind, on, "t")


def awarded(story: Story) -> None:
    for kind in (a.ArbitrationAssessed, a.ClauseVerified, a.ArbitrationApproved, a.ArbitrationFiled):
        story.take(kind, "2026-01-12", "t")
    steps = [
        story.build(
            a.AwardIssued, "2026-04-08", "t", outcome="WON", amount=OWED, perform_until=day("2026-05-08")
        ),
        story.build(a.AwardReceived, "2026-04-10", "t", person=None),
    ]
    story.matter = fold_matter(steps, begin=story.matter)


ROWS: tuple[tuple[Callable[[Story], None], str, str, str, str | None, str], ...] = (
    # story, deadline, as of, raw last day, last day in time, state
    (letter, "LETTER_ANSWER", "2026-05-21", "2026-05-21", "2026-05-21", "RUNNING"),
    (letter, "LETTER_ANSWER", "2026-05-22", "2026-05-21", "2026-05-21", "EXPIRED"),
    (accepted, "CASE_FILING", "2026-05-12", "2026-05-19", "2026-05-19", "KEPT"),
    (accepted, "COURT_FEE", "2026-05-13", "2026-05-19", "2026-05-19", "RUNNING"),
    (accepted, "COPY_SENT", "2026-05-13", "2026-05-17", "2026-05-18", "RUNNING"),
    (accepted, "FIRST_INSTANCE", "2026-11-13", "2026-11-12", "2026-11-12", "EXPIRED"),
    (served, "COPY_SENT", "2026-05-18", "2026-05-17", "2026-05-18", "KEPT"),
    (served, "DEFENCE", "2026-05-18", "2026-06-02", "2026-06-02", "RUNNING"),
    (judged, "APPEAL", "2026-10-08", "2026-10-01", "2026-10-08", "RUNNING"),
    (judged, "FIRST_INSTANCE", "2026-10-08", "2027-03-14", None, "KEPT"),
    (in_force, "APPEAL", "2026-10-09", "2026-10-01", "2026-10-08", "EXPIRED"),
    (in_force, "PERFORMANCE", "2026-10-09", "2026-10-19", "2026-10-19", "RUNNING"),
    (in_force, "ENFORCEMENT_APPLICATION", "2026-10-09", "2028-10-19", None, "CALENDAR_MISSING"),
    (ordered, "PAYMENT_ORDER_ACCEPTANCE", "2026-07-01", "2026-06-13", "2026-06-15", "KEPT"),
    (ordered, "PAYMENT_ORDER_ISSUE", "2026-07-01", "2026-06-25", "2026-06-25", "KEPT"),
    (ordered, "OBJECTION", "2026-07-16", "2026-07-16", "2026-07-16", "RUNNING"),
    (awarded, "ARBITRATION_ACCEPTANCE", "2026-01-12", "2026-01-17", "2026-01-19", "RUNNING"),
    (awarded, "SET_ASIDE", "2026-04-11", "2026-07-10", "2026-07-10", "RUNNING"),
    (awarded, "PERFORMANCE", "2026-05-09", "2026-05-08", "2026-05-08", "EXPIRED"),
    (awarded, "ENFORCEMENT_APPLICATION", "2026-05-09", "2028-05-08", None, "CALENDAR_MISSING"),
)  # fmt: skip


@pytest.mark.parametrize(("told", "name", "as_of", "raw", "ends", "state"), ROWS)
def test_read_off_the_steps(
    told: Callable[[Story], None], name: str, as_of: str, raw: str, ends: str | None, state: str
) -> None:
    story = Story.opened()
    told(story)
    found = story.deadline(name, as_of)
    assert (found.raw_on, found.expires_on, found.state) == (
        day(raw), None if ends is None else day(ends), state,
    )  # fmt: skip
    begun = {one.step for one in story.matter.steps(track("t"))}
    assert found.begun_by in begun


def test_a_set_aside_under_the_old_law_is_planned_on_the_shorter() -> None:
    story = Story.opened()
    awarded(story)
    received = story.build(a.AwardReceived, "2026-01-20", "t", person="prs_1")
    story.matter = fold_matter([received], begin=story.matter)
    ends = {one.person: one.raw_on for one in story.deadlines("2026-04-11") if one.name == "SET_ASIDE"}
    assert ends == {None: day("2026-07-10"), "prs_1": day("2026-04-20")}


def test_small_claims_are_final_and_in_force_on_the_day_of_service() -> None:
    story = Story.opened()
    story.filed("2026-09-01", procedure="SMALL_CLAIMS")
    for kind in (s.SuitAccepted, s.SuitServed, s.HearingSet, s.SuitHeard, s.JudgmentIssued):
        how = {"hearing_on": day("2026-09-14")} if kind is s.HearingSet else {}
        story.take(kind, "2026-09-14", "suit", **how)
    story.take(s.JudgmentServed, "2026-09-16", "suit")
    assert not [one for one in story.deadlines("2026-09-16") if one.name == "APPEAL"]
    force = [one for one in story.sweep("2026-09-16") if isinstance(one, s.JudgmentEffective)]
    assert [(one.on, one.because) for one in force] == [(day("2026-09-16"), "SMALL_CLAIMS")]


def test_an_order_nobody_objected_to_is_enforceable_the_day_after() -> None:
    story = Story.opened()
    ordered(story)
    assert not [one for one in story.sweep("2026-07-15") if isinstance(one, o.PaymentOrderUnopposed)]
    [found] = [one for one in story.sweep("2026-07-16") if isinstance(one, o.PaymentOrderUnopposed)]
    assert (found.on, found.perform_until) == (day("2026-07-17"), day("2026-07-16"))


def test_no_letter_answered_in_time_is_on_record_and_an_answer_on_the_last_day_is_in_time() -> None:
    story = Story.opened()
    letter(story)
    assert not [one for one in story.sweep("2026-05-20") if isinstance(one, ltr.LetterDeadlinePassed)]
    begun = story.matter
    [passed] = [one for one in story.sweep("2026-05-21") if isinstance(one, ltr.LetterDeadlinePassed)]
    assert (passed.on, passed.answer_until) == (day("2026-05-22"), day("2026-05-21"))
    answer = ltr.LetterAnswered(
        track=track("t"), step=story.step_id(), on=day("2026-05-21"), answer="PAYS", document=None
    )
    story.matter = fold_matter([answer], begin=begun)
    assert story.sweep("2026-05-21") == []


def test_what_time_led_to_is_found_late_on_its_own_day_and_never_again_once_taken_back() -> None:
    from services.legal.domain import commands as c

    story = Story.opened()
    ordered(story)
    [found] = [one for one in story.sweep("2026-11-01") if isinstance(one, o.PaymentOrderUnopposed)]
    assert found.on == day("2026-07-17")
    taken_back = c.RetractStep(
        step=found.step, track=track("t"), on=day("2026-11-02"), reason="OBJECTED_IN_TIME", by="user:lin"
    )
    story.do(taken_back, "2026-11-02")
    assert not [one for one in story.sweep("2026-11-02") if isinstance(one, o.PaymentOrderUnopposed)]


def test_mediation_is_paid_and_confirmed_in_time() -> None:
    story = Story.opened()
    agreed = MediationAgreed(
        mediation=f"med_{OF}{'1' * 16}", on=day("2026-09-03"), amount=OWED, pay_by=day("2026-12-31"), confirmed=False,
        document=None,
    )  # fmt: skip
    story.matter = fold_matter([agreed], begin=story.matter)
    found = {one.name: (one.ends_on, one.whose) for one in story.deadlines("2026-09-04")}
    assert found == {
        "MEDIATION_CONFIRMATION": (day("2026-10-08"), "OURS"),
        "PERFORMANCE": (day("2026-12-31"), "THEIRS"),
    }


def test_of_a_closed_matter_nothing_is_due() -> None:
    story = Story.opened()
    accepted(story)
    closed = MatterClosed(matter=MATTER, outcome="RECALLED", on=day("2026-05-13"), by="user:lin")
    story.matter = fold_matter([closed], begin=story.matter)
    assert story.deadlines("2026-05-14") == ()
    assert story.sweep("2026-12-01") == []


def test_a_year_that_is_not_announced_leads_to_no_step_and_is_warned_of_by_its_raw_day() -> None:
    story = Story.opened()
    story.filed("2026-12-01")
    story.take(s.SuitAccepted, "2026-12-01", "suit")
    story.take(s.ServiceNoticePublished, "2026-12-15", "suit")
    found = story.deadline("SERVICE_BY_NOTICE", "2027-02-01", "suit")
    assert (found.raw_on, found.expires_on, found.state) == (date(2027, 1, 14), None, "CALENDAR_MISSING")
    said = story.sweep("2027-02-01")
    assert not [one for one in said if isinstance(one, s.ServedByNotice)]
    assert [one.within for one in said if getattr(one, "deadline", None) == "SERVICE_BY_NOTICE"] == [0]
