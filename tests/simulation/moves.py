"""The moves a debtor, a lender or an agency can make with a case. To add one: docs/how-to/simulate-a-portfolio.md."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.commands import LifeCommand
from shared.kernel.parts import Parts
from tests.laws.plain_balance import Row
from tests.simulation.acts import ACCOUNT, Act, Note, cny, day
from tests.simulation.shadow import ShadowCase

MOVES = {
    "pay": 14, "pay late": 5, "bounce": 4, "promise": 9, "cancel promise": 1, "plan": 4, "end plan": 1, "hold": 3,
    "lift": 3, "dispute": 3, "resolve": 3, "hardship": 2, "relief": 3, "settle": 3, "approve own": 1, "approve": 3,
    "pay settlement": 3, "complain": 2, "answer": 2, "place": 3, "recall": 3, "refer": 2, "refer back": 3, "charge": 3,
    "terms": 2, "write off": 1, "write off for good": 1, "attempt": 8, "attempt late": 2, "refund": 1, "assign": 1,
    "circumstance": 1, "close": 1, "reopen": 1, "charge off": 1, "due": 2,
    "waive": 2, "approve waiver": 1, "death": 1, "amend": 2,
}  # fmt: skip
"""How often a move is drawn, against the others."""
FREE_WAIVER = 50_000
"""Up to this much one person may waive, by the retail policy."""


def booking(*rows: Row) -> Callable[[str], Note]:
    """What the shadow books: these rows; one without a reference gets the one the product gave."""
    return lambda ref: {"rows": [row if row.ref else replace(row, ref=ref) for row in rows]}


class Move:
    """One move of one debtor's case on one day."""

    def __init__(self, case: ShadowCase, number: int, draw: Random, kind: str) -> None:
        self.case, self.number, self.draw, self.kind = case, number, draw, kind
        self.today = day(number)
        self.tag = f"{number}_{case.debtor}_{draw.randrange(10**6)}"
        self.account = None if case.by_statement else ACCOUNT.format(case.debtor)

    def acts(self) -> Iterator[Act]:
        """The requests it is made of; none where there is nothing to do it to."""
        method: Callable[[], Iterator[Act]] = getattr(self, "_" + self.kind.replace(" ", "_"))
        return method()

    def past(self, most: int) -> date:
        """A day some time ago, within the case."""
        return max(self.case.opened_on, self.today - timedelta(days=self.draw.randrange(most)))

    def act(self, command: LifeCommand, what: str = "", **other: Any) -> Act:
        name = f"{self.number}|{what or self.kind}|{self.tag}"
        return Act(name, self.case.debtor, self.case.episode, what or self.kind, command.on, command, **other)

    def http(
        self, path: str, on: date, sent: dict[str, Any], note: Callable[[str], Note], **other: Any
    ) -> Act:
        key, what = f"{self.number}|{self.kind}|{self.tag}".replace(" ", "-"), self.kind
        case = self.case
        return Act(key, case.debtor, case.episode, what, on, path=path, sent=sent, note=note, **other)

    def amount(self, most: int = 60_000) -> int:
        return self.draw.randrange(100, most)

    # -- money

    def _pay(self, on: date | None = None, minor: int = 0) -> Iterator[Act]:
        on, minor = on or self.today, minor or self.amount()
        row = Row("paid", on, "", minor)
        if self.draw.random() < 0.4:
            sent = {"amount": _wire(minor), "channel": "BANK", "on": on.isoformat()}
            yield self.http("/payments", on, sent, booking(row), must=True)
            if self.draw.random() < 0.05:
                ahead = self.today + timedelta(days=1)
                yield replace(
                    self.http("/payments", ahead, sent | {"on": ahead.isoformat()}, booking(row)),
                    key=f"{self.number}|ahead|{self.tag}", kind="a day ahead", must_not="invalid",
                )  # fmt: skip
            return
        ref = f"pay_{self.tag}"
        paid = m.RecordPayment(ref=ref, account=self.account, on=on, amount=cny(minor), channel="BANK")
        yield self.act(paid, ref=ref, note=booking(replace(row, ref=ref)), must=True)

    def _pay_late(self) -> Iterator[Act]:
        return self._pay(self.past(25))

    def _bounce(self) -> Iterator[Act]:
        gone = {one.row.of for one in self.case.money if one.row.what == "back"}
        paid = [one.row for one in self.case.money if one.row.what == "paid" and one.row.ref not in gone]
        if paid:
            row = self.draw.choice(paid)
            part = row.amount if self.draw.random() < 0.7 else max(row.amount // 3, 1)
            ref, on = f"ret_{self.tag}", max(row.day, self.past(6))
            back = m.RecordPaymentReturn(ref=ref, payment=row.ref, on=on, amount=cny(part), reason="NO_FUNDS")
            yield self.act(back, note=booking(Row("back", on, ref, part, of=row.ref)), must=True)

    def _refund(self) -> Iterator[Act]:
        ref, minor = f"rfd_{self.tag}", self.amount(500)
        back = m.RecordRefund(ref=ref, on=self.today, amount=cny(minor))
        yield self.act(back, note=booking(Row("refund", self.today, ref, minor)))

    def _charge(self) -> Iterator[Act]:
        if self.account:
            parts, ref, on = (self.amount(900), 0, 0, 0), f"chg_{self.tag}", self.past(10)
            booked = m.BookCharge(
                ref=ref, account=self.account, on=on, amounts=Parts(*parts, "CNY"), reason="FEE"
            )
            yield self.act(booked, note=booking(Row("charge", on, ref, parts=parts)))

    def _due(self) -> Iterator[Act]:
        if self.account and self.case.debtor % 3 == 2:
            parts = (0, self.amount(900), 0, self.amount())
            booked = m.BookInstalment(
                ref=f"ins_{self.tag}", account=self.account, on=self.today, amounts=Parts(*parts, "CNY")
            )
            yield self.act(booked, note=booking(Row("due", self.today, booked.ref, parts=parts)))

    def _terms(self) -> Iterator[Act]:
        if self.account:
            ref, on, ppm = f"ptm_{self.tag}", self.past(15), self.draw.choice([300, 500, 900])
            terms = m.SetPenaltyTerms(ref=ref, account=self.account, on=on, ppm_per_day=ppm)
            yield self.act(terms, note=booking(Row("terms", on, ref, ppm)))

    # -- agreements

    def _promise(self) -> Iterator[Act]:
        on, minor = self.past(3), self.amount(30_000)
        due = on + timedelta(days=self.draw.randrange(20))
        if self.draw.random() < 0.3:
            sent = {"amount": _wire(minor), "due_on": due.isoformat(), "on": on.isoformat()}
            yield self.http("/promises", on, sent, lambda ref: {"promise": (ref, on, due, minor)})
        else:
            ref = f"prm_{self.tag}"
            taken = m.TakePromise(ref=ref, on=on, amount=cny(minor), due=due, given_by="DEBTOR")
            yield self.act(taken, ref=ref, note=lambda ref: {"promise": (ref, on, due, minor)})
        if self.draw.random() < 0.5:
            # Kept, more often than not by money that is told when it is there: drawn as any payment of that day.
            yield from Move(self.case, self.number, Random(self.draw.random()), "pay")._pay(self.today, minor)

    def _cancel_promise(self) -> Iterator[Act]:
        if self.case.promises:
            ref = self.draw.choice(sorted(self.case.promises))
            taken_back = m.CancelPromise(promise=ref, on=self.today, reason="ASKED")
            yield self.act(taken_back, note=lambda _: {"cancel": ref})

    def _amend(self) -> Iterator[Act]:
        if self.case.promises:
            ref = self.draw.choice(sorted(self.case.promises))
            due = self.today + timedelta(days=self.draw.randrange(20))
            changed = m.AmendPromise(promise=ref, on=self.today, amount=cny(self.amount(9_000)), due=due)
            yield self.act(changed, note=lambda _: {"amended": True})

    def _plan(self) -> Iterator[Act]:
        total, count = self.amount(), self.draw.randrange(1, 5)
        first = self.today + timedelta(days=self.draw.randrange(1, 20))
        quoted = m.QuotePlan(
            ref=f"quo_{self.tag}", on=self.today, total=cny(total), count=count, first_due=first
        )
        yield self.act(quoted, "quote")
        ref = f"pln_{self.tag}"
        yield self.act(m.OfferPlan(ref=ref, quote=quoted.ref, on=self.today, affordability="aff:1"), "offer")
        signed = m.AgreePlan(plan=ref, on=self.today, supplement="doc:1")
        yield self.act(signed, "plan", note=lambda _: {"thing": ("plan", ref)})
        if self.draw.random() < 0.4:
            yield from Move(self.case, self.number, Random(self.draw.random()), "pay")._pay(self.today, total)

    def _end_plan(self) -> Iterator[Act]:
        if ref := self._thing("plan"):
            yield self.act(m.TerminatePlan(plan=ref, on=self.today, reason="ASKED"))

    def _settle(self) -> Iterator[Act]:
        ref, minor = f"stl_{self.tag}", self.amount(40_000)
        by = self.today + timedelta(days=self.draw.randrange(5, 40))
        offered = m.ProposeSettlement(ref=ref, on=self.today, amount=cny(minor), pay_by=by, by="user:first")
        yield self.act(offered, note=lambda _: {"thing": ("settlement", ref), "sum": (ref, minor)})

    def _approve_own(self) -> Iterator[Act]:
        if ref := self._thing("settlement"):
            own = m.ApproveSettlement(settlement=ref, on=self.today, by="user:first")
            yield self.act(own, must_not="")

    def _approve(self) -> Iterator[Act]:
        if ref := self._thing("settlement"):
            agreed = m.ApproveSettlement(settlement=ref, on=self.today, by="user:second")
            yield self.act(agreed, by="user:second")

    def _pay_settlement(self) -> Iterator[Act]:
        if (ref := self._thing("settlement")) and ref in self.case.sums_agreed:
            yield from self._pay(self.today, self.case.sums_agreed[ref])

    def _write_off(self) -> Iterator[Act]:
        ref = f"wof_{self.tag}"
        asked = m.ProposeWriteOff(ref=ref, on=self.today, reason="NO_ESTATE", by="user:first")
        yield self.act(asked, note=lambda _: {"thing": ("write off", ref)})

    def _write_off_for_good(self) -> Iterator[Act]:
        if ref := self._thing("write off"):
            agreed = m.ApproveWriteOff(write_off=ref, on=self.today, by="user:second")
            yield self.act(agreed, by="user:second", note=lambda _: {"uncountable": True})

    def _waive(self) -> Iterator[Act]:
        """Some below what one person may give up, some above."""
        if self.account:
            ref, off = f"wvr_{self.tag}", self.draw.choice([700, 3_000, 60_000])
            asked = m.ProposeWaiver(
                ref=ref, account=self.account, on=self.today, amounts=Parts(0, 0, 0, off, "CNY"), reason="GOODWILL",
                by="user:first",
            )  # fmt: skip
            row = Row("adjusted", self.today, f"adj:{ref}", parts=(0, 0, 0, -off))
            above = off > FREE_WAIVER
            yield self.act(
                asked,
                note=(lambda _: {"thing": ("waiver", ref), "sum": (ref, off)}) if above else booking(row),
            )

    def _approve_waiver(self) -> Iterator[Act]:
        if ref := self._thing("waiver"):
            row = Row("adjusted", self.today, f"adj:{ref}", parts=(0, 0, 0, -self.case.sums_agreed[ref]))
            agreed = m.ApproveWaiver(waiver=ref, on=self.today, by="user:second")
            yield self.act(agreed, by="user:second", note=booking(row))

    def _charge_off(self) -> Iterator[Act]:
        yield self.act(m.ChargeOff(ref=f"cof_{self.tag}", on=self.today, amount=cny(self.amount())))

    # -- care

    def _hold(self) -> Iterator[Act]:
        kind = self.draw.choice(["MORATORIUM", "ATTORNEY", "CEASE", "BANKRUPTCY"])
        on, stops = self.past(12), self.draw.random() < 0.5
        until = on + timedelta(days=self.draw.randrange(1, 50)) if self.draw.random() < 0.6 else None
        if self.draw.random() < 0.4:
            sent: dict[str, Any] = {
                "kind": kind,
                "on": on.isoformat(),
                "reason": "LAW",
                "stops_interest": stops,
            }
            if until:
                sent["until"] = until.isoformat()
            yield self.http("/holds", on, sent, lambda ref: {"hold": (ref, kind, on, until, stops)})
        else:
            ref = f"hld_{self.tag}"
            placed = c.PlaceHold(ref=ref, kind=kind, on=on, until=until, reason="LAW", stops_interest=stops)
            yield self.act(placed, ref=ref, note=lambda ref: {"hold": (ref, kind, on, until, stops)})

    def _lift(self) -> Iterator[Act]:
        open_ = sorted(ref for ref, hold in self.case.holds.items() if hold.lifted is None)
        if open_:
            ref, on = self.draw.choice(open_), self.past(8)
            yield self.act(c.LiftHold(hold=ref, on=on, reason="ASKED"), note=lambda _: {"lift": (ref, on)})

    def _dispute(self) -> Iterator[Act]:
        ref = f"dsp_{self.tag}"
        raised = c.RaiseDispute(ref=ref, scope="DEBT", amount=None, on=self.past(5))
        yield self.act(raised, note=lambda _: {"thing": ("dispute", ref)})

    def _resolve(self) -> Iterator[Act]:
        if ref := self._thing("dispute"):
            off = self.amount(5_000) if self.account and self.draw.random() < 0.5 else 0
            decided = c.ResolveDispute(
                dispute=ref, on=self.today, outcome="UPHELD" if off else "REJECTED", first=None, by="user:first",
                adjustment=Parts(0, 0, 0, off, "CNY") if off else None, account=self.account if off else None,
            )  # fmt: skip
            row = Row("adjusted", self.today, f"adj:{ref}", parts=(0, 0, 0, -off))
            yield self.act(decided, note=booking(row) if off else lambda _: {})

    def _hardship(self) -> Iterator[Act]:
        ref = f"rlf_{self.tag}"
        claimed = c.ClaimHardship(ref=ref, cause="ILLNESS", on=self.past(5))
        yield self.act(claimed, note=lambda _: {"thing": ("relief", ref)})

    def _relief(self) -> Iterator[Act]:
        if ref := self._thing("relief"):
            ageing = self.draw.choice(["RUN", "FREEZE"])
            until = self.today + timedelta(days=self.draw.randrange(5, 60))
            granted = c.GrantRelief(
                relief=ref, on=self.today, until=until, measures=("GRACE",), ageing=ageing, by="user:first"
            )
            yield self.act(granted, note=lambda _: {"uncountable": ageing == "FREEZE"})

    def _complain(self) -> Iterator[Act]:
        ref = f"cmp_{self.tag}"
        logged = c.LogComplaint(ref=ref, kind="CONDUCT", on=self.today, attempts=())
        yield self.act(logged, note=lambda _: {"thing": ("complaint", ref)}, must=True)

    def _answer(self) -> Iterator[Act]:
        if ref := self._thing("complaint"):
            yield self.act(
                c.AnswerComplaint(
                    complaint=ref, on=self.today, finding="NO_BREACH", redress=None, by="user:first"
                )
            )

    # -- who has the case, and what else is told

    def _place(self) -> Iterator[Act]:
        ref, on = f"plc_{self.tag}", self.past(6)
        placed = c.PlaceWithAgency(
            ref=ref, agency="agency-1", on=on, until=on + timedelta(days=self.draw.randrange(10, 60)),
            evaluated_on=on,
        )  # fmt: skip
        yield self.act(placed, note=lambda _: {"thing": ("placement", ref)})

    def _recall(self) -> Iterator[Act]:
        if ref := self._thing("placement"):
            yield self.act(c.RecallPlacement(placement=ref, on=self.past(4), reason="ASKED"))

    def _refer(self) -> Iterator[Act]:
        ref = f"ref_{self.tag}"
        handed = c.ReferToLegal(ref=ref, on=self.today, reason="NO_CONTACT", by="user:first")
        yield self.act(handed, note=lambda _: {"thing": ("referral", ref)})

    def _refer_back(self) -> Iterator[Act]:
        if ref := self._thing("referral"):
            yield self.act(c.EndLegalReferral(referral=ref, on=self.past(4), outcome="RETURNED"))

    def _attempt(self, on: date | None = None) -> Iterator[Act]:
        on, ref = on or self.today, f"att-{self.tag}"
        made = c.RecordAttempt(
            attempt_ref=ref, at=datetime.combine(on, time(2), UTC), on=on, channel="CALL", outcome="NO_ANSWER",
            actor_kind="DIALER", permit=None,
        )  # fmt: skip
        yield self.act(made, note=lambda _: {"attempt": (ref, on)}, must=True)

    def _attempt_late(self) -> Iterator[Act]:
        return self._attempt(self.past(20))

    def _assign(self) -> Iterator[Act]:
        yield self.act(
            c.AssignCase(ref=f"asn_{self.tag}", on=self.today, collector="user:third", reason="SKILL")
        )

    def _circumstance(self) -> Iterator[Act]:
        yield self.act(
            c.RecordCircumstance(
                ref=f"cir_{self.tag}", topic="REASON", value="UNEMPLOYED", source="DEBTOR", on=self.today
            ),
            must=True,
        )

    def _death(self) -> Iterator[Act]:
        report = c.ReportDeath(ref=f"dth_{self.tag}", on=self.past(20), confirmed=self.draw.random() < 0.3)
        yield self.act(report, must=True)

    def _close(self) -> Iterator[Act]:
        yield self.act(c.CloseCase(on=self.today, reason="SOLD"))

    def _reopen(self) -> Iterator[Act]:
        yield self.act(c.ReopenCase(on=self.today, reason="CLOSED_IN_ERROR"))

    def _thing(self, kind: str) -> str | None:
        """One of the last things of a kind that were told."""
        known = self.case.things.get(kind, [])
        return self.draw.choice(known[-2:]) if known else None


def _wire(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "CNY"}
