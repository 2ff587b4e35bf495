"""What each word of the case service means here, and that every word that is asked for is one it says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.case.domain import events as e
from services.contact.application.told.case import TYPES
from services.contact.domain import commands as c
from services.contact.domain.act import act
from services.contact.domain.outreach import standing as s
from services.contact.domain.subject import Subject, fold_subject
from services.contact.domain.told import flags, hearing
from services.contact.domain.told.said import Said

CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
OTHER = "case-6f1c0d1e-0000-8000-8000-000000000002"
SUBJECT = "subject-6f1c0d1e-0000-8000-8000-000000000001"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
AT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"
OWED = {"amount": "1234.50", "currency": "CNY"}
PARTS = {"costs": 100, "interest": 20, "penalty": 3, "principal": 4000, "currency": "CNY"}


LEARNT = AT + timedelta(hours=3)


def said(name: str, about: str = CASE, version: int = 7, *, recorded: datetime = LEARNT, **data: Any) -> Said:
    told = {"on": "2026-11-21"} | data
    return Said(
        name=name, about=about, version=version, at=AT, recorded=recorded, event=f"event-{version}", data=told
    )


def after(known: Subject, *told: Said) -> Subject:
    """The subject once these were heard."""
    for one in told:
        for command in flags.follow(one, known, zone=ZONE, now=NOW):
            known = fold_subject(act(known, command, (), now=NOW), begin=known)
    return known


@pytest.mark.parametrize(
    ("name", "data", "means"),
    [
        ("CaseOpened", {"debts": [], "arrears": OWED}, (s.OPENED, None, None)),
        ("StageEntered", {"stage": "M2"}, (s.STAGE, None, None)),
        ("CaseClosed", {"reason": "CURED"}, (s.CLOSED, None, None)),
        ("HandlingModeChanged", {"mode": "AGENCY"}, (s.MODE, None, None)),
        (
            "PromiseToPay",
            {"promise": "prm_1", "due": "2026-11-30", "amount": OWED},
            (s.PROMISE, "prm_1", date(2026, 11, 30)),
        ),
        ("PromiseBroken", {"promise": "prm_1"}, (s.OVER, "prm_1", None)),
        ("PromiseReopened", {"promise": "prm_1"}, (s.AGAIN, "prm_1", None)),
        ("PlanAgreed", {"plan": "pln_1"}, (s.PLAN, "pln_1", None)),
        ("PlanDefaulted", {"plan": "pln_1"}, (s.OVER, "pln_1", None)),
        (
            "HoldPlaced",
            {"hold": "hld_1", "kind": "CEASE", "until": None, "source": ""},
            (s.HOLD, "hld_1", None),
        ),
        ("HoldLifted", {"hold": "hld_1"}, (s.OVER, "hld_1", None)),
        (
            "ReliefGranted",
            {"relief": "rlf_1", "until": "2026-12-21"},
            (s.RELIEF, "rlf_1", date(2026, 12, 21)),
        ),
        ("DisputeRaised", {"dispute": "dsp_1"}, (s.DISPUTE, "dsp_1", None)),
        (
            "InstalmentScheduled",
            {"instalment": "i1", "due": "2026-12-01", "amounts": PARTS, "paid_on": None},
            (s.DUE, "i1", date(2026, 12, 1)),
        ),
        (
            "InstalmentScheduled",
            {"instalment": "i1", "due": "2026-12-01", "amounts": PARTS, "paid_on": "2026-11-20"},
            (s.OVER, "i1", date(2026, 12, 1)),
        ),
    ],
)
def test_what_outreach_hears(
    name: str, data: dict[str, Any], means: tuple[str, str | None, date | None]
) -> None:
    fact = hearing.heard(said(name, **data), subject=SUBJECT, now=NOW)
    assert fact is not None
    assert (fact.kind, fact.thing, fact.until) == means
    assert (fact.on, fact.version, fact.event) == (date(2026, 11, 21), 7, "event-7")


def test_what_outreach_does_not_hear() -> None:
    derived = said("HoldPlaced", hold="hld:pln_1", kind="PLAN", until=None, source="pln_1")
    assert hearing.heard(derived, subject=SUBJECT, now=NOW) is None, "the plan has its own word"
    past = said("InstalmentScheduled", instalment="i1", due="2026-11-01", paid_on=None)
    assert hearing.heard(past, subject=SUBJECT, now=NOW) is None, "nobody is reminded of a day that is over"
    assert hearing.heard(said("CaseCured"), subject=SUBJECT, now=NOW) is None


def test_whatever_bears_on_the_subject_is_asked_for() -> None:
    assert {f"case.{name}" for name in flags.HEARD} <= set(TYPES)


def test_what_is_read_is_what_the_case_service_publishes() -> None:
    for type_ in TYPES:
        assert any(name.startswith(f"{type_}/v") for name in e.STORED_AS), type_


@pytest.mark.parametrize("kind", sorted(flags.OF_HOLDS))
def test_a_hold_raises_its_flag_until_it_is_lifted(kind: str) -> None:
    opened = said("CaseOpened", debts=["account-1"])
    placed = said("HoldPlaced", hold="hld_1", kind=kind, until="2026-12-01", source="")
    known = after(Subject(), opened, placed)
    [command] = flags.follow(placed, known, zone=ZONE, now=NOW)
    assert command == c.RaiseFlag(
        flag=flags.OF_HOLDS[kind], debts=("account-1",), origin="CASE", cause="hld_1", at=LEARNT,
        until=datetime(2026, 11, 30, 16, 0, tzinfo=UTC),
    )  # fmt: skip
    [lifted] = flags.follow(said("HoldLifted", hold="hld_1"), known, zone=ZONE, now=NOW)
    assert (lifted.flag, lifted.cause) == (flags.OF_HOLDS[kind], "hld_1")
    assert flags.follow(said("HoldLifted", hold="hld_2"), known, zone=ZONE, now=NOW) == ()


def test_the_purpose_ends_for_debts_that_no_other_case_has() -> None:
    first, second = (
        said("CaseOpened", debts=["account-1", "account-2"]),
        said("CaseOpened", OTHER, debts=["account-2"]),
    )
    known = after(Subject(), first, second)
    unlinked, ended = flags.follow(said("CaseClosed", reason="PAID"), known, zone=ZONE, now=NOW)
    assert isinstance(unlinked, c.UnlinkCase)
    assert (ended.flag, ended.debts) == (flags.PURPOSE_ENDED, ("account-1",))
    known = after(known, said("CaseClosed", reason="PAID"))
    _, ended = flags.follow(said("CaseClosed", OTHER, reason="PAID"), known, zone=ZONE, now=NOW)
    assert ended.debts == ("account-2",)
    _, again = flags.follow(said("CaseReopened"), known, zone=ZONE, now=NOW)
    assert (again.flag, again.debts) == (flags.PURPOSE_ENDED, ("account-1", "account-2"))


def test_debts_and_stage_follow_the_case() -> None:
    told = (
        said("CaseOpened", debts=["account-1"]), said("DebtAttached", account="account-2"),
        said("StageEntered", stage="M2"), said("DebtDetached", account="account-1"),
    )  # fmt: skip
    [linked] = flags.cases_of(after(Subject(), *told)).values()
    assert (linked.debts, linked.stage, linked.open) == (("account-2",), "M2", True)


def test_a_plan_in_force_stands_while_it_runs() -> None:
    known = after(Subject(), said("CaseOpened", debts=["account-1"]), said("PlanAgreed", plan="pln_1"))
    [lifted] = flags.follow(said("PlanDefaulted", plan="pln_1"), known, zone=ZONE, now=NOW)
    assert (lifted.flag, lifted.cause) == (flags.PLAN_IN_FORCE, "pln_1")


def test_a_case_whose_beginning_was_erased_says_nothing() -> None:
    assert flags.follow(said("StageEntered", stage="M2"), Subject(), zone=ZONE, now=NOW) == ()
    assert flags.follow(said("CaseClosed", reason="PAID"), Subject(), zone=ZONE, now=NOW) == ()


@pytest.mark.parametrize(
    ("recorded", "begins"),
    [
        (AT + timedelta(hours=9), AT + timedelta(hours=9)),  # the day itself: when it was learnt
        (AT + timedelta(days=1, hours=9), AT + timedelta(days=1)),  # later: when its day was over
        (AT - timedelta(hours=9), AT),  # known ahead: when its day begins
    ],
)
def test_what_is_of_a_day_forbids_nothing_before_it_was_learnt_or_the_day_was_over(
    recorded: datetime, begins: datetime
) -> None:
    heard = said("HoldPlaced", hold="hld_1", kind="CEASE", until=None, source="", recorded=recorded)
    [raised] = flags.follow(heard, Subject(), zone=ZONE, now=NOW)
    assert raised.at == begins
