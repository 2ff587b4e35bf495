"""Events of every registered type, made up from what the types say of themselves, and lives of matters and cases."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from services.legal.domain.events import STORED_AS
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import letter as ltr
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from shared.kernel.money import Money
from shared.kernel.parts import Parts
from tests.legal.kit import CASE, DEBTS

DAY = date(2026, 3, 2)
SECRET = "SECRET-OF-A-PERSON"
MATTER = "matter-6f1c0d1e-0000-8000-8000-000000000001"
_CODES: dict[str, tuple[str, ...]] = {
    "procedure": ("ORDINARY", "SUMMARY", "SMALL_CLAIMS"),
    "phase": ("PRE_SUIT", "IN_SUIT"),
    "outcome": ("WON", "PARTLY_WON", "LOST"),
    "form": ("GENERAL", "JOINT"),
    "borne_by": ("LENDER", "DEBTOR", "OTHER_SIDE"),
    "firm": ("FIRM-A", "FIRM-B"),
    "evidence": ("SIGNED", "CARRIER", "SYSTEM_LOG"),
    "case": (CASE,),
    "matter": (MATTER,),
    "debt": DEBTS,
    "by_side": ("OURS", "THEIRS"),
    "retracted": ("",),
}
_IDS = {"track": "trk", "step": "stp", "proof": "prf", "cost": "cst", "placement": "plf", "party": "pty"}
_PROOF_KINDS = (
    "performance_due", "demand_delivered", "promise", "part_payment", "sued", "procedure_ended", "obstacle_began",
    "obstacle_ended", "written_consent", "plan_agreed", "title_performance_due", "last_instalment_due",
)  # fmt: skip


def made(kind: type[Struct], draw: random.Random, /, **said: Any) -> Any:
    """An event of this type; `said`: what it says for certain."""
    hints = get_type_hints(kind)
    values = {name: _value(name, hint, draw) for name, hint in hints.items()}
    if kind is p.ProofRecorded:
        values["kind"] = draw.choice(_PROOF_KINDS)
    return kind(**values | {name: value for name, value in said.items() if name in hints})


def one_of_each(draw: random.Random) -> list[Any]:
    """An event of each registered type."""
    return [made(kind, draw) for kind in STORED_AS.values()]


def _value(name: str, hint: Any, draw: random.Random) -> Any:
    if get_origin(hint) in (Union, UnionType):
        some = [one for one in get_args(hint) if one is not NoneType]
        return None if draw.random() < 0.4 else _value(name, some[0], draw)
    if get_origin(hint) is tuple:
        if Ellipsis not in get_args(hint):
            return tuple(_value(name, one, draw) for one in get_args(hint))
        return () if draw.random() < 0.3 else (_value(name, get_args(hint)[0], draw),)
    if isinstance(hint, type) and issubclass(hint, Money):
        return Money(draw.randrange(0, 5_000_000), "CNY")
    if isinstance(hint, type) and issubclass(hint, Parts):
        return Parts(0, draw.randrange(90_000), 0, draw.randrange(900_000), "CNY")
    return _plain(name, hint, draw)


def _plain(name: str, hint: Any, draw: random.Random) -> Any:
    if hint is bool:
        return draw.random() < 0.5
    if hint is int:
        return draw.choice((1, 7, 15))
    if hint is datetime:
        return datetime.fromisoformat("2026-11-22T02:00:00+00:00")
    if hint is date:
        return DAY + timedelta(days=draw.randrange(600))
    if name in _IDS:
        return f"{_IDS[name]}_{draw.randrange(4)}"
    if name == "debts":
        return draw.choice(DEBTS)
    return draw.choice(_CODES.get(name, (f"{name.upper()}_{SECRET}" if name in _SECRETS else name.upper(),)))


_SECRETS = frozenset(
    {
        "by", "asked_by", "lawyer", "counsel", "reference", "remark", "words", "location", "case_no", "carrier_no",
        "room", "described", "values", "recipient",
    }
)  # fmt: skip


def a_matter(draw: random.Random) -> Iterator[tuple[Any, ...]]:
    """The life of a matter, in commands: a letter, a suit with its judgment, preservation, costs; some of it undone."""

    def one(kind: type[Struct], track: str, step: str, day: int, **said: Any) -> Any:
        given = {"track": track, "step": step, "on": DAY + timedelta(days=day), **said}
        return made(kind, draw, **given)

    owed = Parts(0, 0, 0, draw.randrange(100_000), "CNY") if draw.random() < 0.7 else None
    yield (made(m.MatterOpened, draw, matter=MATTER, case=CASE, on=DAY, owed=owed),)
    yield (
        made(m.ClaimStated, draw, debt=DEBTS[0], as_of=DAY),
        made(m.PlacedWithFirm, draw, placement="plf_1"),
    )
    yield (one(ltr.LetterRequested, "ltr_1", "stp_1", 1), one(ltr.LetterDrafted, "ltr_1", "stp_2", 2))
    yield (one(ltr.LetterDelivered, "ltr_1", "stp_3", 9, answer_until=DAY + timedelta(days=24)),)
    yield (one(s.SuitAssessed, "trk_1", "stp_4", 30), one(s.SuitApproved, "trk_1", "stp_5", 31))
    yield (one(s.SuitFiled, "trk_1", "stp_6", 33), made(m.MatterCostBooked, draw, cost="cst_1"))
    yield (one(s.SuitAccepted, "trk_1", "stp_7", 39),)
    yield (one(s.HearingSet, "trk_1", "stp_8", 50, hearing_on=DAY + timedelta(days=90)),)
    yield (made(m.StepRetracted, draw, step="stp_8", track="trk_1"),)
    yield (one(s.HearingSet, "trk_1", "stp_9", 51, hearing_on=DAY + timedelta(days=97)),)
    yield (one(v.PreservationApplied, "trk_2", "stp_10", 52),)
    yield (one(v.PreservationExecuted, "trk_2", "stp_11", 54),)
    if draw.random() < 0.5:
        yield (made(m.StepRetracted, draw, step="stp_11", track="trk_2"),)
        yield (made(m.StepRetracted, draw, step="stp_10", track="trk_2"),)
    yield (one(s.JudgmentIssued, "trk_1", "stp_12", 120, outcome="WON"),)
    yield (one(s.JudgmentServed, "trk_1", "stp_13", 126),)
    if draw.random() < 0.5:
        until = DAY + timedelta(days=160)
        yield (one(s.JudgmentEffective, "trk_1", "stp_14", 145, perform_until=until),)
        yield (one(e.EnforcementApplied, "trk_3", "stp_15", 200, title="trk_1"),)
    if draw.random() < 0.5:
        yield (made(m.MatterCostReversed, draw, cost="cst_1"),)
    if draw.random() < 0.3:
        yield (made(m.MatterClosed, draw, matter=MATTER, on=DAY + timedelta(days=300)),)


def a_case(draw: random.Random) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What bears on the limitation of a case's debts: (the case or debt it is told about, the facts)."""
    for debt in DEBTS:
        joined = made(p.DebtJoined, draw, case=CASE, debt=debt, on=DAY)
        yield CASE, (joined,)
        yield debt, (joined,)
    for number in range(14):
        about = draw.choice((CASE, *DEBTS))
        debts = () if about != CASE or draw.random() < 0.5 else (draw.choice(DEBTS),)
        yield about, (made(p.ProofRecorded, draw, proof=f"prf_{number}", debts=debts),)
        if draw.random() < 0.3:
            yield about, (made(p.ProofRetracted, draw, proof=f"prf_{number}"),)
            if draw.random() < 0.5:
                yield about, (made(p.ProofRestored, draw, proof=f"prf_{number}"),)
    yield DEBTS[1], (made(p.GuaranteeTold, draw, debt=DEBTS[1]), made(p.InstalmentTold, draw, debt=DEBTS[1]))
    if draw.random() < 0.3:
        yield CASE, (made(p.DebtLeft, draw, case=CASE, debt=DEBTS[1]),)
