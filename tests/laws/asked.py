"""Commands as Hypothesis draws them: things that can be told of a case in any order, and those that follow a thing.

Left out is what quotes a figure of the moment it is recorded in (a settlement's or a referral's `owed`): there two
orders of arrival rightly tell two different facts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.commands import LifeCommand
from shared.kernel.parts import Parts
from tests.kit.life import ACCOUNT, DAY, cny

LATE = DAY + timedelta(days=200)
"""The day on which all of it is told: every promise and plan has been judged by then, so none stands in the way."""
days = st.integers(0, 90)


def on(day: int) -> date:
    return DAY + timedelta(days=day)


@dataclass(frozen=True)
class Asked:
    """A command under its key; `after` is the key of the one that must have come before it."""

    key: str
    command: LifeCommand
    after: str | None = None


@st.composite
def payment(draw: st.DrawFn, n: int) -> list[Asked]:
    """A payment; some bounce, in whole or in two parts that need not arrive in order."""
    day, minor = draw(days), draw(st.integers(2, 20_000))
    account = draw(st.sampled_from([ACCOUNT, None]))
    paid = m.RecordPayment(ref=f"pay_{n}", account=account, on=on(day), amount=cny(minor), channel="BANK")
    found = [Asked(f"pay {n}", paid)]
    for part, share in enumerate(draw(st.sampled_from([(), (), (minor,), (minor // 2, minor - minor // 2)]))):
        back = m.RecordPaymentReturn(
            ref=f"ret_{n}_{part}", payment=f"pay_{n}", on=on(draw(days)), amount=cny(share), reason="NO_FUNDS"
        )
        found.append(Asked(f"ret {n} {part}", back, f"pay {n}"))
    return found


@st.composite
def promise(draw: st.DrawFn, n: int) -> list[Asked]:
    """A promise, long judged by the day it is told."""
    day = draw(days)
    due = on(day + draw(st.integers(0, 30)))
    amount = cny(draw(st.integers(1, 9_000)))
    return [
        Asked(
            f"prm {n}", m.TakePromise(ref=f"prm_{n}", on=on(day), amount=amount, due=due, given_by="DEBTOR")
        )
    ]


@st.composite
def plan(draw: st.DrawFn, n: int) -> list[Asked]:
    """One plan, quoted and agreed, perhaps ended by its default."""
    day = draw(days)
    total = cny(draw(st.integers(3, 9_000)))
    count = draw(st.integers(1, 3))
    quoted = m.QuotePlan(ref=f"quo_{n}", on=on(day), total=total, count=count, first_due=on(day + 5))
    offered = m.OfferPlan(ref=f"pln_{n}", quote=f"quo_{n}", on=on(day), affordability="aff:1")
    signed = on(day + draw(st.integers(0, 14)))
    agreed = m.AgreePlan(plan=f"pln_{n}", on=signed, supplement="doc:1")
    return [
        Asked(f"quo {n}", quoted),
        Asked(f"pln {n}", offered, f"quo {n}"),
        Asked(f"sgn {n}", agreed, f"pln {n}"),
    ]


@st.composite
def charge(draw: st.DrawFn, n: int) -> list[Asked]:
    """A charge, or the contract's penalty interest."""
    day = on(draw(days))
    if draw(st.booleans()):
        terms = m.SetPenaltyTerms(
            ref=f"ptm_{n}", account=ACCOUNT, on=day, ppm_per_day=draw(st.integers(0, 900))
        )
        return [Asked(f"ptm {n}", terms)]
    amounts = Parts(*draw(st.tuples(*[st.integers(0, 900)] * 4)), "CNY")
    booked = m.BookCharge(ref=f"chg_{n}", account=ACCOUNT, on=day, amounts=amounts, reason="FEE")
    return [Asked(f"chg {n}", booked)]


@st.composite
def hold(draw: st.DrawFn, n: int) -> list[Asked]:
    """A hold of a kind of its own (two of one kind could refuse each other), perhaps lifted."""
    kinds = ("MORATORIUM", "ATTORNEY", "CEASE", "BANKRUPTCY", "FRAUD", "SYSTEM")
    day = draw(days)
    until = draw(st.none() | st.integers(1, 60).map(lambda more: on(day + more)))
    placed = c.PlaceHold(
        ref=f"hld_{n}", kind=kinds[n % len(kinds)], on=on(day), until=until, reason="LAW",
        stops_interest=draw(st.booleans()),
    )  # fmt: skip
    found = [Asked(f"hld {n}", placed)] if n < len(kinds) else []
    if found and draw(st.booleans()):
        found.append(
            Asked(f"lift {n}", c.LiftHold(hold=f"hld_{n}", on=on(draw(days)), reason="R"), f"hld {n}")
        )
    return found


@st.composite
def care(draw: st.DrawFn, n: int) -> list[Asked]:
    """A claim of hardship, a dispute or a complaint, perhaps decided."""
    day = draw(days)
    later = on(day + draw(st.integers(0, 40)))
    kind = draw(st.sampled_from(["relief", "dispute", "complaint"]))
    if kind == "relief":
        claim = c.ClaimHardship(ref=f"rlf_{n}", cause="ILLNESS", on=on(day))
        granted = c.GrantRelief(
            relief=f"rlf_{n}", on=later, until=later + timedelta(days=30), measures=("GRACE",),
            ageing=draw(st.sampled_from(["FREEZE", "RUN"])), by="user:a",
        )  # fmt: skip
        return [Asked(f"rlf {n}", claim), Asked(f"grant {n}", granted, f"rlf {n}")][: draw(st.integers(1, 2))]
    if kind == "dispute":
        raised = c.RaiseDispute(ref=f"dsp_{n}", scope="DEBT", amount=None, on=on(day))
        decided = c.ResolveDispute(
            dispute=f"dsp_{n}", on=later, outcome="UPHELD", adjustment=Parts(0, 0, 0, 70, "CNY"),
            account=ACCOUNT, first=None, by="user:a",
        )  # fmt: skip
        return [Asked(f"dsp {n}", raised), Asked(f"end {n}", decided, f"dsp {n}")][: draw(st.integers(1, 2))]
    logged = c.LogComplaint(ref=f"cmp_{n}", kind="CONDUCT", on=on(day), attempts=())
    answered = c.AnswerComplaint(
        complaint=f"cmp_{n}", on=later, finding="NO_BREACH", redress=None, by="user:a"
    )
    return [Asked(f"cmp {n}", logged), Asked(f"ans {n}", answered, f"cmp {n}")][: draw(st.integers(1, 2))]


@st.composite
def contact(draw: st.DrawFn, n: int) -> list[Asked]:
    """An attempt, which carries its own time."""
    day = on(draw(days))
    made = c.RecordAttempt(
        attempt_ref=f"att_{n}", at=datetime.combine(day, time(2), UTC), on=day, channel="CALL",
        outcome="NO_ANSWER", actor_kind="DIALER", permit=None,
    )  # fmt: skip
    return [Asked(f"att {n}", made)]


@st.composite
def lives(draw: st.DrawFn, *, least: int, most: int) -> list[Asked]:
    """What is told of one case."""
    kinds = [payment, payment, payment, promise, charge, hold, care, contact]
    found: list[Asked] = draw(plan(0))
    n = 0
    size = draw(st.integers(least, most))
    while len(found) < size:
        n += 1
        found += draw(draw(st.sampled_from(kinds))(n))
    return found


@st.composite
def arrivals(draw: st.DrawFn, life: list[Asked], *, repeats: int) -> list[Asked]:
    """The same in some order in which it can arrive, with some of it told again later."""
    waiting, told, found = list(draw(st.permutations(life))), set[str](), []
    while waiting:
        asked = next(one for one in waiting if one.after is None or one.after in told)
        waiting.remove(asked)
        told.add(asked.key)
        found.append(asked)
    for _ in range(repeats):
        again = draw(st.integers(0, len(found) - 1))
        found.insert(draw(st.integers(again + 1, len(found))), found[again])
    return found
