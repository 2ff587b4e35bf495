"""Visits: agreed, called off, made by two and recorded; a wrong one is on record with the rules it broke."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.contact.adapters.pack_files import shipped
from services.contact.domain.act import act
from services.contact.domain.commands import AskPermit, DescribeSubject, LinkCase, Outcome
from services.contact.domain.facts import attempt as a
from services.contact.domain.facts.asking import ContactPermitted, ContactRefused, Proposed
from services.contact.domain.facts.visit import VisitAgreed, VisitCancelled, VisitRecorded
from services.contact.domain.refusals import HappensInTheFuture
from services.contact.domain.subject import Subject, fold_subject
from services.contact.domain.visits.commands import AgreeVisit, CancelVisit, Recording, RecordVisit
from services.contact.domain.visits.refusals import VisitAlreadyMade, VisitBeforeAgreed, VisitUnknown

PACKS = shipped(house=True)
OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
VISIT, ATTEMPT, PERMIT = f"vst_{OF}0000000000000001", f"cat_{OF}0000000000000002", f"cpm_{OF}0000000000000003"
TUESDAY = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""
AGREED_AT = TUESDAY - timedelta(days=3)


class Told:
    """A subject's stream, as commands fill it."""

    def __init__(self) -> None:
        self.subject = Subject()

    def do(self, command: Any, now: datetime) -> tuple[Any, ...]:
        events = act(self.subject, command, PACKS, now=now)
        self.subject = fold_subject(events, begin=self.subject)
        return events


@pytest.fixture
def told() -> Told:
    found = Told()
    found.do(
        DescribeSubject(debtor_ref="D-1", jurisdictions=("CN",), zones=("Asia/Shanghai",)),
        AGREED_AT - timedelta(days=9),
    )
    found.do(LinkCase(case="case-1", debts=("account-1",)), AGREED_AT - timedelta(days=9))
    return found


def agree(**changed: Any) -> AgreeVisit:
    return AgreeVisit(**{"visit": VISIT, "on": TUESDAY, "place": "home", "address": "上海市"} | changed)


def record(**changed: Any) -> RecordVisit:
    said = {
        "visit": VISIT, "attempt": ATTEMPT, "source": "user:anna", "source_ref": "v-1", "at": TUESDAY,
        "visitors": ("user:anna", "user:ben"), "outcome": Outcome(outcome="conversation", identity="VERIFIED"),
        "permit": PERMIT, "recording": Recording(uri="s3://r/1", sha256="ab" * 32, seconds=900),
    }  # fmt: skip
    return RecordVisit(**said | changed)


def ask(staff: int = 2, **changed: Any) -> AskPermit:
    proposed = Proposed(
        at=TUESDAY, channel="visit", role="debtor", collector_role="first_party", case="case-1", staff=staff,
        place="home", exception="agreed_visit", content=("identifies_institution",), **changed,
    )  # fmt: skip
    return AskPermit(permit=PERMIT, proposed=proposed, asked_by="user:anna")


def breached(events: tuple[Any, ...]) -> set[str]:
    return {failed.rule for one in events if isinstance(one, a.ContactBreached) for failed in one.failed}


def test_an_agreed_visit_by_two_under_a_permit_breaks_no_rule(told: Told) -> None:
    [agreed] = told.do(agree(), AGREED_AT)
    assert isinstance(agreed, VisitAgreed)
    [permitted] = told.do(ask(), TUESDAY)
    assert isinstance(permitted, ContactPermitted)
    events = told.do(record(), TUESDAY + timedelta(minutes=30))
    kinds = [type(one) for one in events]
    assert {
        a.AttemptStarted,
        a.OutcomeRecorded,
        a.RecordingStored,
        VisitRecorded,
        a.RightPartyReached,
    } <= set(kinds)
    assert breached(events) == set()
    [made] = [one for one in events if isinstance(one, VisitRecorded)]
    assert (made.attempt, made.staff, made.visitors) == (ATTEMPT, 2, ("user:anna", "user:ben"))
    started = next(one for one in events if isinstance(one, a.AttemptStarted))
    assert (started.channel, started.place, started.staff) == ("visit", "home", 2)


def test_said_twice_nothing_is_added(told: Told) -> None:
    told.do(agree(), AGREED_AT)
    assert told.do(agree(), AGREED_AT) == ()
    told.do(ask(), TUESDAY)
    told.do(record(), TUESDAY)
    assert told.do(record(), TUESDAY + timedelta(hours=1)) == ()


def test_no_permit_without_an_appointment_nor_at_another_hour_nor_for_one_alone(told: Told) -> None:
    [refused] = told.do(ask(), TUESDAY - timedelta(days=1))
    assert isinstance(refused, ContactRefused)
    assert "HOUSE-VISIT-AGREED" in {one.rule for one in refused.failed}
    told.do(agree(), TUESDAY - timedelta(hours=20))
    for number, (now, staff, rule) in enumerate(
        (
            (TUESDAY + timedelta(hours=4), 2, "HOUSE-VISIT-AGREED"),
            (TUESDAY, 1, "CN-CBA2026-A22-VISIT2"),
        )
    ):
        command = ask(staff)
        asked = AskPermit(permit=f"cpm_{number}", proposed=command.proposed, asked_by="user:anna")
        [refused] = told.do(asked, now)
        assert isinstance(refused, ContactRefused)
        assert rule in {one.rule for one in refused.failed}


def test_a_visit_by_one_alone_is_on_record_with_the_rules_it_broke(told: Told) -> None:
    told.do(agree(), AGREED_AT)
    events = told.do(record(visitors=("user:anna",), permit=None), TUESDAY)
    assert {"NO-PERMIT", "CN-CBA2026-A22-VISIT2"} <= breached(events)
    assert any(isinstance(one, VisitRecorded) for one in events)


def test_a_visit_called_off_and_made_all_the_same_is_a_breach(told: Told) -> None:
    told.do(agree(), AGREED_AT)
    [off] = told.do(CancelVisit(visit=VISIT, reason="DEBTOR_ASKED"), AGREED_AT + timedelta(days=1))
    assert isinstance(off, VisitCancelled)
    assert told.do(CancelVisit(visit=VISIT, reason="DEBTOR_ASKED"), AGREED_AT + timedelta(days=2)) == ()
    events = told.do(record(permit=None), TUESDAY)
    assert "HOUSE-VISIT-AGREED" in breached(events)


def test_no_visit_on_a_rest_day_and_on_a_make_up_saturday_yes(told: Told) -> None:
    sunday, saturday = datetime(2026, 3, 8, 2, 0, tzinfo=UTC), datetime(2026, 2, 28, 2, 0, tzinfo=UTC)
    told.do(agree(on=saturday), saturday - timedelta(days=2))
    [permitted] = told.do(ask(), saturday)
    assert isinstance(permitted, ContactPermitted)
    told.do(agree(visit="vst_2", on=sunday), saturday)
    asked = AskPermit(permit="cpm_9", proposed=ask().proposed, asked_by="user:anna")
    [refused] = told.do(asked, sunday)
    assert isinstance(refused, ContactRefused)
    assert "HOUSE-REST-DAY-VISITS" in {one.rule for one in refused.failed}


def test_what_cannot_be_asked(told: Told) -> None:
    with pytest.raises(VisitUnknown):
        told.do(CancelVisit(visit="vst_none", reason="REFUSED"), TUESDAY)
    with pytest.raises(VisitUnknown):
        told.do(record(), TUESDAY)
    with pytest.raises(VisitBeforeAgreed):
        told.do(agree(on=AGREED_AT - timedelta(hours=1)), AGREED_AT)
    told.do(agree(), AGREED_AT)
    with pytest.raises(HappensInTheFuture):
        told.do(record(), TUESDAY - timedelta(hours=1))
    told.do(record(), TUESDAY)
    with pytest.raises(VisitAlreadyMade):
        told.do(CancelVisit(visit=VISIT, reason="REFUSED"), TUESDAY)
    with pytest.raises(VisitAlreadyMade):
        told.do(record(attempt=f"cat_{OF}0000000000000009", source_ref="v-2"), TUESDAY)
