"""Every way to reach the debtor and others: in use, ended, another's, erased; masked as the field writes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from services.contact.domain import commands as c
from services.contact.domain.asking.media import MEDIA
from services.contact.domain.facts.looking import PointRevealed
from services.contact.domain.facts.subject import PointRecorded
from services.contact.domain.looking.points import (
    BY_MEDIUM,
    Point,
    PointForgotten,
    PointUnknown,
    RevealPoint,
    points,
    readable,
)
from services.contact.domain.subject import Fact
from shared.eventstore.registry import ERASED
from shared.kernel.privacy.purposes import PURPOSES, PurposeUnknown
from tests.contact.subject_kit import OTHER_PHONE, PHONE, Life, utc

MORNING = utc("2026-03-02T10:00:00+08:00")
NUMBER, AUNT = "+8613800138000", "prs_aunt"


def recorded(
    point: str = PHONE, person: str | None = None, value: str = NUMBER, medium: str = "phone"
) -> c.RecordPoint:
    return c.RecordPoint(
        point=point, person=person, value=value, medium=medium, source="CRM", zone="Asia/Shanghai"
    )


def shown(life: Life) -> dict[tuple[str | None, str], Point]:
    return {(one.person, one.point): one for one in points(life.subject, now=life.now)}


def wanted(point: str = PHONE, purpose: str = "CONTACT") -> RevealPoint:
    return RevealPoint(point=point, purpose=purpose, until=MORNING + timedelta(minutes=1), by="console/anna")


def forgotten(life: Life, person: str | None) -> None:
    """As the subject is read once the contact data of a person was erased."""
    facts = tuple(
        Fact(one.number, changed(one.event, value=ERASED) if one.event.person == person else one.event)
        for one in life.subject.facts[PointRecorded]
    )
    life.subject = replace(life.subject, facts={**life.subject.facts, PointRecorded: facts})


def test_a_medium_has_a_mask() -> None:
    assert set(BY_MEDIUM) == set(MEDIA)


@pytest.mark.parametrize(
    ("medium", "value", "masked"),
    [
        ("phone", NUMBER, "138****8000"),
        ("email", "zhang.san@example.com", "z***@e***.com"),
        ("post", "浙江省杭州市西湖区文三路1号", "浙江省****"),
        ("im", "wxid_4711", "w***"),
    ],
)
def test_a_value_is_masked_as_the_field_writes_it(medium: str, value: str, masked: str) -> None:
    life = Life(MORNING)
    life.do(recorded(value=value, medium=medium))
    [one] = points(life.subject, now=MORNING)
    assert (one.masked, one.value) == (masked, value)


@given(st.sampled_from(MEDIA), st.text(min_size=3, max_size=60))
def test_no_mask_shows_the_value(medium: str, value: str) -> None:
    masked = BY_MEDIUM[medium](value)
    assert "*" in masked
    assert value not in masked


def test_all_are_told_with_whose_they_are_and_what_became_of_them() -> None:
    life = Life(MORNING)
    life.do(c.LinkPerson(person=AUNT, role="guarantor", person_ref="P-1", source="CRM"))
    life.do(recorded())
    life.do(recorded(OTHER_PHONE))
    life.do(recorded(person=AUNT))
    hours = [MORNING + timedelta(hours=number) for number in range(1, 5)]
    life.do(c.EndPoint(point=OTHER_PHONE, reason="REPLACED"), hours[0])
    life.do(c.MisdirectPoint(point=PHONE, source="DIALER", person=AUNT), hours[1])
    life.do(c.CheckReassignment(point=PHONE, source="CARRIER"), hours[2])
    life.now = hours[3]
    found = shown(life)
    assert list(found) == [(None, PHONE), (None, OTHER_PHONE), (AUNT, PHONE)]
    mine, gone, hers = found.values()
    assert (mine.role, mine.since, mine.ended_at, mine.checked_at) == ("debtor", MORNING, None, hours[2])
    assert (gone.ended_at, gone.ended_reason, gone.misdirected_at) == (hours[0], "REPLACED", None)
    assert (hers.role, hers.misdirected_at, hers.checked_at) == ("guarantor", hours[1], None)


def test_what_is_recorded_again_after_it_ended_is_in_use_again() -> None:
    life = Life(MORNING)
    life.do(recorded())
    life.do(c.EndPoint(point=PHONE, reason="DROPPED"))
    [one] = points(life.subject, now=MORNING)
    assert one.ended_reason == "DROPPED"
    later = MORNING + timedelta(hours=1)
    life.do(recorded(), later)
    [one] = points(life.subject, now=later)
    assert (one.since, one.ended_at, one.ended_reason) == (later, None, None)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_look_is_an_event_and_nothing_follows_from_it(purpose: str) -> None:
    life = Life(MORNING)
    life.do(recorded())
    before = life.subject
    [look] = life.do(wanted(purpose=purpose))
    assert look == PointRevealed(
        at=MORNING, point=PHONE, person=None, purpose=purpose, until=MORNING + timedelta(minutes=1), by="console/anna"
    )  # fmt: skip
    assert replace(life.subject, version=before.version) == before


def test_a_point_that_is_no_longer_used_can_be_seen_as_well() -> None:
    life = Life(MORNING)
    life.do(recorded())
    life.do(c.EndPoint(point=PHONE, reason="DEAD"))
    assert [type(one) for one in life.do(wanted())] == [PointRevealed]


def test_what_is_unknown_or_for_no_purpose_is_not_shown() -> None:
    life = Life(MORNING)
    life.do(recorded())
    with pytest.raises(PointUnknown):
        life.do(wanted(OTHER_PHONE))
    with pytest.raises(PurposeUnknown):
        life.do(wanted(purpose="CURIOSITY"))


def test_what_was_erased_is_listed_without_its_value_and_cannot_be_seen() -> None:
    life = Life(MORNING)
    life.do(recorded())
    life.do(recorded(person=AUNT))
    forgotten(life, None)
    assert [one.masked for one in points(life.subject, now=MORNING)] == [None, "138****8000"]
    assert readable(life.subject, PHONE, now=MORNING).person == AUNT, "the same number is hers, too"
    forgotten(life, AUNT)
    with pytest.raises(PointForgotten):
        life.do(wanted())
