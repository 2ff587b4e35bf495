"""A dialer's week that arrives late, twice and out of order: its breaches are those worked out by hand.

The debtor is in the United States: New York, as far as anyone knew that week; Los Angeles as well, as was learnt on the
13th. An agency calls about one debt, on the debtor's own number and on one that turns out, on the 14th, to be a
neighbour's. On the 15th the carrier says that the first call never got through: the line was busy.

By hand (12 CFR 1006.6(b)(1), .6(d)(1), .14(b)(2); times of New York, less three hours in Los Angeles):

    call  when        number     came to        permit        by all that is known in the end
    1     Mon 11:30   own        busy (told as  11:28         nothing; and it is no call at all (cmt 14(b)(3)(ii)-1)
                                 ringing)
    2     Mon 15:00   neighbour  ringing        14:58         nothing, nor does it count (cmt 14(b)(2)(i)-3)
    3     Tue 12:00   neighbour  voicemail      11:58         nothing, likewise
    4     Tue 10:30   own        ringing        10:28         07:30 in Los Angeles: outside the hours
    5     Wed 11:00   own        busy           10:58         08:00 in Los Angeles is within the hours: nothing
    6     Wed 14:00   neighbour  conversation   13:58         the debt was told to a stranger
    7     Thu 13:00   own        ringing        12:58         nothing: on Wednesday the debtor was not spoken with
    8     Thu 20:59   own        ringing        20:58         a minute before closing: nothing
    9     Fri 12:00   own        ringing        11:58         fourth call of seven days (4, 7, 8 before it): nothing
    10    Fri 16:00   own        ringing        15:50         the permit ended at 15:55
    11    Sat 12:00   own        conversation   11:58         sixth call: nothing
    12    Sun 12:00   own        ringing        11:58         the day after a conversation; seventh call
    13    Sun 20:30   own        ringing        none          the same day; the eighth call (4, 7 to 12 before it)

On the Monday after, before any of that was learnt, call 6 was a conversation with the debtor: every later call fell
into the seven days after it; calls 1, 2, 4, 3, 6, 7 and 8 counted, so that 9 was already the eighth.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contact.domain import commands as c
from services.contact.domain.facts.asking import ContactPermitted
from services.contact.domain.facts.attempt import BreachWithdrawn, ContactBreached
from tests.contact.subject_kit import Life, call, calling, utc

OWN, NEIGHBOUR = "cpt_own", "cpt_neighbour"
HOURS, THIRD = "US-REGF-6B1I-HOURS", "US-REGF-6D1-THIRD"
SEVEN, AFTER = "US-REGF-14B2IA-7IN7", "US-REGF-14B2IB-7AFTER"
WEEK = (
    ("06T11:30", OWN, "ring_no_answer", "11:28"),
    ("06T15:00", NEIGHBOUR, "ring_no_answer", "14:58"),
    ("07T12:00", NEIGHBOUR, "voicemail_no_message", "11:58"),
    ("07T10:30", OWN, "ring_no_answer", "10:28"),
    ("08T11:00", OWN, "busy", "10:58"),
    ("08T14:00", NEIGHBOUR, "conversation", "13:58"),
    ("09T13:00", OWN, "ring_no_answer", "12:58"),
    ("09T20:59", OWN, "ring_no_answer", "20:58"),
    ("10T12:00", OWN, "ring_no_answer", "11:58"),
    ("10T16:00", OWN, "ring_no_answer", "15:50"),
    ("11T12:00", OWN, "conversation", "11:58"),
    ("12T12:00", OWN, "ring_no_answer", "11:58"),
    ("12T20:30", OWN, "ring_no_answer", None),
)
KNOWN_ON_MONDAY = {
    "cat_7": (AFTER,),
    "cat_8": (AFTER,),
    "cat_9": (SEVEN, AFTER),
    "cat_10": ("NO-PERMIT", SEVEN, AFTER),
    "cat_11": (SEVEN, AFTER),
    "cat_12": (SEVEN, AFTER),
    "cat_13": ("NO-PERMIT", SEVEN, AFTER),
}
IN_THE_END = {
    "cat_4": (HOURS,),
    "cat_6": (THIRD,),
    "cat_10": ("NO-PERMIT",),
    "cat_12": (AFTER,),
    "cat_13": ("NO-PERMIT", SEVEN, AFTER),
}


def new_york(day_and_time: str) -> Any:
    return utc(f"2026-04-{day_and_time}:00-04:00")


def reports() -> list[Any]:
    """What the dialer hands over: every call with what came of it."""
    made = []
    for number, (when, point, outcome, permit) in enumerate(WEEK, start=1):
        spoke = outcome == "conversation"
        made.append(
            call(
                str(number), new_york(when), outcome, point=point, debts=("D1",), collector_role="third_party",
                permit=None if permit is None else f"cpm_{number}",
                said=("discloses_debt",) if spoke else (), identity="VERIFIED" if spoke else None,
            )
        )  # fmt: skip
    return made


LEARNT = (
    c.DescribeSubject(
        debtor_ref="D-1", jurisdictions=("US",), zones=("America/New_York", "America/Los_Angeles"),
        at=new_york("06T00:00"),
    ),
    c.MisdirectPoint(point=NEIGHBOUR, source="CARRIER", at=new_york("14T09:00")),
    c.RecordOutcome(
        attempt="cat_1", outcome=c.Outcome(outcome="busy", at=new_york("06T11:30") + timedelta(seconds=1))
    ),
)  # fmt: skip


def asked_live() -> Life:
    """The week as it was lived: permits were asked for, and all were given, since nobody had reported a call."""
    life = Life(new_york("01T12:00"))
    life.do(c.DescribeSubject(debtor_ref="D-1", jurisdictions=("US",), zones=("America/New_York",)))
    for number, (when, point, _, permit) in enumerate(WEEK, start=1):
        if permit is not None:
            proposed = calling(point, collector_role="third_party", debts=("D1",))
            decision = life.ask(f"cpm_{number}", proposed, new_york(f"{when[:3]}{permit}"))
            assert isinstance(decision, ContactPermitted)
    life.now = new_york("15T18:00")
    return life


def test_what_is_known_on_the_monday_after() -> None:
    life = asked_live().do_all(reports())
    assert life.breaches == KNOWN_ON_MONDAY
    assert all(event.found == "AT_ONCE" for event in life.events if isinstance(event, ContactBreached))


def test_what_is_learnt_later_takes_breaches_back_and_shows_others() -> None:
    life = asked_live().do_all(reports())
    told = [event for fact in LEARNT for event in life.do(fact)]
    assert {event.attempt for event in told if isinstance(event, BreachWithdrawn)} == {
        "cat_7",
        "cat_8",
        "cat_9",
        "cat_11",
    }
    later = [event for event in told if isinstance(event, ContactBreached)]
    assert {event.found for event in later} == {"LATER"}
    assert {"cat_4", "cat_6"} < {event.attempt for event in later}
    assert life.breaches == IN_THE_END


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_in_any_order_and_twice_the_breaches_are_those_worked_out_by_hand(data: st.DataObject) -> None:
    facts = data.draw(st.permutations([*reports(), *LEARNT, *reports(), *LEARNT]))
    life = asked_live().do_all(facts)
    assert life.breaches == IN_THE_END
    assert life.broken == IN_THE_END
    assert len(life.subject.contacts) == len(WEEK)


def test_a_week_later_no_rule_counts_any_of_them() -> None:
    life = asked_live().do_all([*reports(), *LEARNT])
    monday = call(
        "14", new_york("20T12:00"), "ring_no_answer", point=OWN, debts=("D1",), collector_role="third_party"
    )
    life.now = new_york("20T12:00")
    life.do(monday)
    assert life.breaches["cat_14"] == ("NO-PERMIT",)
