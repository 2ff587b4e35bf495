"""A matter as a story of steps, without a store: each is taken as it would be, by the machine and the law."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from services.legal.adapters.law_files import shipped
from services.legal.domain import commands as c
from services.legal.domain.act import act
from services.legal.domain.deadlines.day_end import of_matter
from services.legal.domain.deadlines.deadline import Deadline
from services.legal.domain.deadlines.reading import deadlines
from services.legal.domain.facts import arbitration as a
from services.legal.domain.facts import enforcement as e
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import payment_order as o
from services.legal.domain.facts import preservation as v
from services.legal.domain.facts import proofs as p
from services.legal.domain.facts import suit as s
from services.legal.domain.ground import Ground
from services.legal.domain.led import Led
from services.legal.domain.limitation.claims import Claims, Proofs, fold_proofs
from services.legal.domain.matter import Matter, fold_matter
from shared.kernel.money import Money
from shared.kernel.parts import principal

OF = "6f1c3a529d0e8b7a8c440a5be1d2f37b"
CASE = "case-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
DEBT = "account-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f3a1"
MATTER = "matter-6f1c3a52-9d0e-8b7a-8c44-0a5be1d2f37b"
GROUND = Ground(law=shipped()["cn.law"])
OWED = Money(5_000_000, "CNY")
SHA = "9f" * 32


def day(text: str) -> date:
    """A day as it is written: `2026-05-01`."""
    return date.fromisoformat(text)


def track(name: str) -> str:
    """The id of a track by a name of the test's own."""
    return f"trk_{OF}{name.encode().hex():0>16}"


@dataclass
class Story:
    """A matter under way. Every step takes the next id and is judged on its own day, unless `now` says otherwise."""

    matter: Matter = field(default_factory=Matter)
    claims: Claims = field(default_factory=lambda: Claims(case=CASE))
    ground: Ground = GROUND
    ids: count[int] = field(default_factory=lambda: count(1))

    @classmethod
    def opened(
        cls, on: str = "2026-01-05", *, due: str = "2025-06-30", claimed: Money | None = OWED
    ) -> Story:
        """A matter about one debt of the case, due on a day, with its claim stated."""
        found = cls()
        found.tell(
            p.DebtJoined(case=CASE, debt=DEBT, on=day(due), source_ref="1"),
            p.ProofRecorded(
                proof=f"prf_{OF}{'1' * 16}", kind="performance_due", on=day(due), case=CASE, debts=(DEBT,), person=None,
                medium=None, to=None, evidence="BOOK", source="CASE", source_ref="1", matter=None, document=None,
                by="x",
            ),
        )  # fmt: skip
        begun = m.MatterOpened(
            matter=MATTER, case=CASE, referral=None, reason="DEFAULT", on=day(on), owed=None, by="user:lin"
        )
        found.matter = fold_matter([begun])
        if claimed is not None:
            parts = principal(claimed)
            found.matter = fold_matter(
                [
                    m.ClaimStated(
                        claim=f"clm_{OF}{'1' * 16}", debt=DEBT, as_of=day(on), owed=parts, claimed=parts,
                        reason="DRAFTED", on=day(on), by="user:lin",
                    )
                ],
                begin=found.matter,
            )  # fmt: skip
        return found

    def tell(self, *facts: Any, about: str = CASE) -> None:
        """Facts on a stream of proofs, as if they had been told."""
        known = self.claims.streams.get(about, Proofs())
        self.claims = replace(
            self.claims, streams={**self.claims.streams, about: fold_proofs(facts, begin=known)}
        )

    def step_id(self) -> str:
        """A fresh id of a step."""
        return f"stp_{OF}{next(self.ids):016x}"

    def build(self, kind: type, on: str | date, of: str = "t", /, **how: Any) -> Any:
        """The step, with what every step has filled in."""
        when = day(on) if isinstance(on, str) else on
        given = {"document": None, **DEFAULTS.get(kind, {}), **how}
        if "document" not in kind.__struct_fields__:  # type: ignore[attr-defined]
            given.pop("document")
        return kind(track=track(of), step=self.step_id(), on=when, **given)

    def take(
        self, kind: type, on: str | date, of: str = "t", /, *, now: str | None = None, **how: Any
    ) -> Any:
        """Take the step on its day. Raises what the rules raise, and a refusal that is on record as well."""
        step = self.build(kind, on, of, **how)
        self.do(c.TakeStep(step=step, by="user:lin"), now or step.on.isoformat())
        return step

    def do(self, command: Any, now: str) -> Led:
        """Put a command at noon of a day, and keep what it led to."""
        at = datetime.combine(day(now), time(4), UTC)
        led = act(self.matter, self.claims, command, self.ground, now=at)
        self.matter = fold_matter(led.matter, begin=self.matter)
        for about, events in led.proofs.items():
            self.tell(*events, about=about)
        if led.refusal is not None:
            raise led.refusal
        return led

    def sweep(self, as_of: str) -> list[Any]:
        """What the end of a day leads to, carried out on the day after."""
        at, found = day(as_of), []
        tomorrow = (at + timedelta(days=1)).isoformat()
        while commands := of_matter(self.matter, self.claims, self.ground, as_of=at, step_id=_named):
            for command in commands:
                found += self.do(command, tomorrow).matter
        return [one for one in found if not isinstance(one, m.MatterTold)]

    def deadlines(self, as_of: str) -> tuple[Deadline, ...]:
        """Its deadlines at the end of a day."""
        return deadlines(self.matter, self.claims, self.ground, day(as_of))

    def deadline(self, name: str, as_of: str, of: str = "t") -> Deadline:
        """The one deadline of that name of a track."""
        [found] = [one for one in self.deadlines(as_of) if one.name == name and one.thing == track(of)]
        return found

    # -- stretches of a story

    def filed(self, on: str, of: str = "suit", procedure: str = "ORDINARY", **how: Any) -> None:
        """A suit up to its filing."""
        self.take(s.SuitAssessed, on, of, procedure=procedure, **how)
        self.take(s.SuitApproved, on, of)
        self.take(s.SuitFiled, on, of)

    def judged(self, on: str, of: str = "suit", **how: Any) -> None:
        """A suit filed, heard and judged, all on one day; the judgment is not served yet."""
        self.filed(on, of)
        for kind in (s.SuitAccepted, s.SuitServed, s.HearingSet, s.SuitHeard):
            self.take(kind, on, of, **({"hearing_on": day(on)} if kind is s.HearingSet else {}))
        self.take(s.JudgmentIssued, on, of, **how)

    def preserved(self, on: str, of: str = "held", phase: str = "PRE_SUIT", **how: Any) -> None:
        """A preservation up to its ruling."""
        self.take(v.PreservationApplied, on, of, phase=phase, **how)
        self.take(v.SecurityGiven, on, of)
        self.take(v.PreservationRuled, on, of)

    def titled(self, until: str, of: str = "order") -> None:
        """A title: an order for payment that nobody opposed, to be performed until a day."""
        made = [
            self.build(o.PaymentOrderAssessed, until, of),
            self.build(o.PaymentOrderIssued, until, of),
            self.build(o.PaymentOrderUnopposed, until, of, perform_until=day(until)),
        ]
        self.matter = fold_matter(made, begin=self.matter)


def _named(of: str, begun_by: str) -> str:
    return f"stp_{OF}{abs(hash((of, begun_by))) % 16**16:016x}"


_SUED: dict[str, Any] = {"against": (), "amount": OWED, "court": "CN-3100-0101"}
DEFAULTS: dict[type, dict[str, Any]] = {
    s.SuitAssessed: {**_SUED, "cause": "LOAN", "by": "user:wang", "procedure": "ORDINARY"},
    s.SuitApproved: {"by": "user:lin"},
    s.SuitFiled: {"amount": OWED, "override": None},
    s.SuitAccepted: {"case_no": "(2026)沪0101民初1号", "fee_due": None, "fee": None},
    s.SuitServed: {"person": None, "kind": "DIRECT"},
    s.ServiceNoticePublished: {"person": None, "medium": "RMFYB"},
    s.DefenceReceived: {"person": None, "limitation_pleaded": False},
    s.HearingSet: {"room": None},
    s.SuitHeard: {"outcome": "HELD"},
    s.JudgmentIssued: {"outcome": "WON", "amount": OWED, "perform_days": 10, "limitation_upheld": False},
    s.JudgmentServed: {"person": None, "kind": "DIRECT"},
    s.SuitAppealed: {"by_side": "THEIRS"},
    o.PaymentOrderAssessed: {**_SUED, "by": "user:wang"},
    o.PaymentOrderApproved: {"by": "user:lin"},
    o.PaymentOrderApplied: {"amount": OWED, "override": None},
    o.PaymentOrderAccepted: {"case_no": "(2026)沪0101民督1号", "fee": None},
    o.PaymentOrderIssued: {"amount": OWED},
    o.PaymentOrderServed: {"person": None, "kind": "DIRECT"},
    a.ArbitrationAssessed: {"institution": "SHIAC", "against": (), "amount": OWED, "by": "user:wang"},
    a.ClauseVerified: {"clause": SHA, "by": "user:wang"},
    a.ArbitrationApproved: {"by": "user:lin"},
    a.ArbitrationFiled: {"amount": OWED, "override": None},
    v.PreservationApplied: {**_SUED, "phase": "PRE_SUIT", "follows": None, "override": None},
    v.SecurityGiven: {"kind": "INSURANCE", "amount": OWED},
    v.PreservationRuled: {"amount": OWED},
    v.PreservationExecuted: {"asset": "BANK_DEPOSIT", "amount": OWED, "described": None},
    v.PreservationRenewalAsked: {"executed": None},
    v.PreservationRenewed: {"executed": None},
    v.PreservationLifted: {"reason": "SETTLED"},
    e.EnforcementApplied: {**_SUED, "override": None},
    e.EnforcementAccepted: {"case_no": "(2026)沪0101执1号"},
    e.EnforcementNotAccepted: {"reason": "NO_JURISDICTION"},
    e.AssetsSearched: {"found": ()},
    e.AssetSeized: {"asset": "A1", "kind": "BANK_DEPOSIT", "amount": OWED, "described": None},
    e.AssetReleased: {"asset": "A1", "reason": "PAID"},
    e.AssetAppraised: {"asset": "A1", "value": OWED},
    e.AuctionHeld: {"asset": "A1", "round": 1, "outcome": "UNSOLD", "price": None},
    e.ProceedsDistributed: {"amount": OWED, "to_us": OWED, "document": SHA},
    e.EnforcementSatisfied: {"amount": OWED},
    e.EnforcementTerminatedForNow: {"reason": "NO_ASSETS"},
    e.EnforcementResumed: {"found": ("INCOME",)},
    e.EnforcementClosed: {"reason": "SETTLED"},
}
