"""Laws of a subject's life: what arrives when, how often and in which order changes nothing of what is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contact.domain import commands as c
from services.contact.domain.facts.asking import ContactPermitted
from services.contact.domain.outcomes import OUTCOMES
from services.contact.domain.permits import weighed_at
from services.contact.domain.redeciding import redecided
from services.contact.domain.subject import fold_subject
from tests.contact.subject_kit import OTHER_PHONE, PHONE, Life, call, calling, utc

BEGIN = utc("2026-03-02T00:00:00+08:00")
END = BEGIN + timedelta(days=12)
MINUTES = 9 * 24 * 60
PERSON = "prs_neighbour"


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


@st.composite
def attempts(draw: st.DrawFn, ref: str) -> c.ReportAttempt:
    """A contact at any minute of nine days, mostly the debtor's phone by day."""
    minute = draw(st.integers(0, MINUTES))
    begun = at(minute)
    told = draw(
        st.fixed_dictionaries(
            {
                "point": st.sampled_from((PHONE, PHONE, PHONE, OTHER_PHONE)),
                "person": st.sampled_from((None, None, None, PERSON)),
                "direction": st.sampled_from(("out", "out", "out", "in")),
                "collector_role": st.sampled_from(("first_party", "third_party")),
                "said": st.sampled_from(((), (), ("discloses_debt",), ("refused_contact",))),
                "identity": st.sampled_from((None, "VERIFIED")),
            }
        )
    )
    role = "contact" if told["person"] else "debtor"
    return call(ref, begun, draw(st.sampled_from(sorted(OUTCOMES))), role=role, **told)


@st.composite
def standing(draw: st.DrawFn, number: int) -> Any:
    """Something that stands from a minute of its own on."""
    when = at(draw(st.integers(0, MINUTES // 20)) * 20 + number)
    until = draw(st.none() | st.integers(1, 72).map(lambda hours: when + timedelta(hours=hours)))
    return draw(
        st.sampled_from(
            (
                c.DescribeSubject(
                    debtor_ref="D", jurisdictions=("CN",), zones=("Asia/Shanghai", "Asia/Urumqi"), at=when
                ),
                c.DescribeSubject(
                    debtor_ref="D", jurisdictions=("US",), zones=("America/New_York",), at=when
                ),
                c.RaiseFlag(flag="plan_in_force", cause="pln_1", until=until, at=when),
                c.LiftFlag(flag="plan_in_force", cause="pln_1", at=when),
                c.OptOut(channel="voice", at=when),
                c.DeclareInconvenient(days=(0, 3), at=when),
                c.MisdirectPoint(point=PHONE, source="CARRIER", at=when),
                c.RecordPoint(point=PHONE, medium="phone", value="1", at=when),
                c.LinkPerson(person=PERSON, role="guarantor", person_ref="P", at=when),
                c.AppointRepresentative(person="prs_att", role="attorney", person_ref="A", at=when),
                c.DismissRepresentative(person="prs_att", at=when),
                c.LinkCase(case="case-1", debts=("D1",), at=when),
                c.UnlinkCase(case="case-1", reason="CURED", at=when),
                c.FileAgreement(agreement=f"agr_{number}", kind="agreed_hours", until=until, at=when),
                c.GiveConsent(consent=f"con_{number}", kind="CALLS", at=when),
                c.RecordMandate(agency="A", until=until, at=when),
            )
        )
    )


@st.composite
def facts(draw: st.DrawFn) -> list[Any]:
    """Up to nine contacts, corrections of some of them, and up to five other facts."""
    made = [draw(attempts(str(number))) for number in range(draw(st.integers(1, 9)))]
    corrected = [
        c.RecordOutcome(
            attempt=one.attempt,
            outcome=c.Outcome(
                outcome=draw(st.sampled_from(sorted(OUTCOMES))), at=one.at + timedelta(minutes=number + 1)
            ),
        )
        for number, one in enumerate(made)
        for number in range(number, number + draw(st.sampled_from((0, 0, 0, 1, 2))))
    ]
    gone = [
        c.RetractAttempt(attempt=one.attempt, reason="ERROR") for one in made if draw(st.integers(0, 7)) == 0
    ]
    rest = [draw(standing(number)) for number in range(draw(st.integers(0, 5)))]
    without = {one.attempt for one in gone}
    return [*made, *(one for one in corrected if one.attempt not in without), *gone, *rest]


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_facts_arrive_changes_no_breach(data: st.DataObject) -> None:
    told = data.draw(facts())
    other = data.draw(st.permutations(told))
    one, two = Life(END).do_all(told), Life(END).do_all(other)
    assert one.breaches == two.breaches


@given(told=facts())
@settings(max_examples=40, deadline=None)
def test_what_is_on_record_is_what_is_found_by_judging_everything_anew(told: list[Any]) -> None:
    life = Life(END).do_all(told)
    assert life.breaches == life.broken


@given(told=facts())
@settings(max_examples=30, deadline=None)
def test_facts_told_again_add_nothing(told: list[Any]) -> None:
    life = Life(END).do_all(told)
    version = life.subject.version
    life.now = END + timedelta(days=1)
    for command in told:
        if not isinstance(command, c.ReportAttempt | c.RecordOutcome) or not _gone(life, command.attempt):
            assert life.do(command) == ()
    assert life.subject.version == version


def _gone(life: Life, attempt: str) -> bool:
    return life.subject.contacts[attempt].retracted


@given(told=facts(), wrong=st.sampled_from(sorted(OUTCOMES)), right=attempts("x"))
@settings(max_examples=30, deadline=None)
def test_a_correction_undoes_exactly_what_the_wrong_report_did(
    told: list[Any], wrong: str, right: c.ReportAttempt
) -> None:
    assert right.outcome is not None
    first = replace(right, outcome=replace(right.outcome, outcome=wrong))
    mistaken = Life(END).do_all([*told, first])
    mistaken.do(
        c.RecordOutcome(
            attempt=right.attempt, outcome=replace(right.outcome, at=right.at + timedelta(seconds=1))
        )
    )
    straight = Life(END).do_all(
        [*told, replace(right, outcome=replace(right.outcome, at=right.at + timedelta(seconds=1)))]
    )
    assert mistaken.breaches == straight.breaches
    for hour in (3, 30, 100):
        proposed = replace_at(END - timedelta(hours=hour))
        assert (
            weighed_at(mistaken.subject, proposed, mistaken.packs).rules
            == weighed_at(straight.subject, proposed, straight.packs).rules
        )


@given(told=facts(), wrong=attempts("x"))
@settings(max_examples=30, deadline=None)
def test_a_retraction_leaves_what_would_be_without_the_report(
    told: list[Any], wrong: c.ReportAttempt
) -> None:
    life = Life(END).do_all([*told, wrong])
    life.do(c.RetractAttempt(attempt=wrong.attempt, reason="NEVER_HAPPENED"))
    assert life.breaches == Life(END).do_all(told).breaches


def replace_at(when: datetime) -> Any:
    from msgspec.structs import replace as with_

    return with_(calling(), at=when)


CAPS = {
    "conversation": 3,  # CN-GBT45251-CALLS, a debtor and day
    "connected": 4,  # HOUSE-CALLS-DAY
    "not_reached": 6,  # CN-CBA2026-ATTEMPTS, a number and day
}


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_permits_never_let_a_count_pass_its_cap_however_asking_calling_and_answers_interleave(
    data: st.DataObject,
) -> None:
    life = Life(utc("2026-03-02T08:30:00+08:00"))
    live: list[ContactPermitted] = []
    under_way: list[str] = []
    for step in range(data.draw(st.integers(10, 30))):
        move = data.draw(st.sampled_from(("ask", "ask", "ask", "call", "call", "answer", "wait")))
        if move == "wait":
            life.now += timedelta(seconds=data.draw(st.sampled_from((10, 100, 299, 300, 3_600, 40_000))))
        elif move == "ask":
            given_ = life.ask(f"cpm_{step}", calling())
            if isinstance(given_, ContactPermitted):
                live.append(given_)
        elif move == "call" and live:
            permit = live.pop(data.draw(st.integers(0, len(live) - 1)))
            if life.now < permit.valid_until:
                life.do(call(str(step), life.now, permit=permit.permit))
                under_way.append(f"cat_{step}")
        elif move == "answer" and under_way:
            attempt = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
            came = data.draw(st.sampled_from(("conversation", "conversation", "ring_no_answer", "busy")))
            life.do(c.RecordOutcome(attempt=attempt, outcome=c.Outcome(outcome=came, at=life.now)))
    assert life.breaches == {}
    _within_caps(life)


def _within_caps(life: Life) -> None:
    from services.contact.domain.outcomes import counts_as

    days: dict[tuple[str, Any], int] = {}
    for contact in life.subject.contacts.values():
        day = (contact.at + timedelta(hours=8)).date()
        for what in CAPS:
            if counts_as(what, contact.outcome.outcome if contact.outcome else None):
                days[what, day] = days.get((what, day), 0) + 1
    assert all(count <= CAPS[what] for (what, _), count in days.items())


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_decision_taken_again_on_what_was_known_then_is_the_same(data: st.DataObject) -> None:
    """As known then: always the same. As known now: what has come since may show another."""
    life = Life(BEGIN + timedelta(hours=8))
    told = data.draw(facts())
    asked = []
    for number, fact in enumerate(told):
        if isinstance(fact, c.RecordOutcome | c.RetractAttempt):
            continue
        life.now = max(life.now + timedelta(minutes=7), fact.at)
        life.do(fact)
        if data.draw(st.booleans()):
            person = data.draw(st.sampled_from((None, PERSON)))
            asked.append(life.ask(f"cpm_{number}", calling(person=person)))
    for decision in asked:
        before = fold_subject(life.events[: decision.inputs])
        again = redecided(decision, before, life.subject, life.packs)
        assert again.same
        assert again.packs_at_hand
