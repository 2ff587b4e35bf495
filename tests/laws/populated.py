"""A store with something of everything: statements, an event of every registered type, and a debtor with a life.

What may be read by nobody once it is erased carries `PERSONAL`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import get_args

from services.case.application.handle import CaseDesk, Meta
from services.case.application.statements import StatementImport
from services.case.domain import case_commands as c
from services.case.domain import money_commands as m
from services.case.domain.commands import LifeCommand
from services.case.domain.events import STORED_AS, UPCASTS, AccessEvent, AccountEvent, PartyEvent
from services.case.domain.policy import POLICIES
from services.case.projections.all_views import views_under
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StreamWrite
from shared.eventstore.projection.projections import Projections
from shared.eventstore.projection.source import LedgerSource
from shared.eventstore.projection.sqlite import SqliteViews
from shared.eventstore.sqlite.store import SqliteStore
from shared.kernel import ids
from shared.kernel.clock import SystemClock
from shared.kernel.parts import Parts
from tests.case.projections.portfolio import Lines, NoRejects, lines_of
from tests.golden.samples import SAMPLES
from tests.kit import parties
from tests.kit.ledgers import NOON, opened
from tests.kit.life import ACCOUNT, DAY, cny
from tests.kit.parties import Person

VIEWS = views_under(partial(ids.lookup, b"a key of the laws that nobody has"))
PERSONAL = "7Q7Q"
DEBTOR = f"D-{PERSONAL}"
OTHER = "D-OTHER"
SAMPLED = "D-SAMPLED"
SOMEBODY = Person(
    ref=DEBTOR, name=f"名{PERSONAL}", identity_no=f"E{PERSONAL}", birth_on=None,
    points=(("PHONE", "+8615412345678"), ("EMAIL", f"{PERSONAL}@example.com"), ("ADDRESS", f"{PERSONAL} 号")),
)  # fmt: skip
"""The debtor as the lender's book has them."""
PRESENT = {name for name in SAMPLES if name in STORED_AS and name not in UPCASTS}
"""What is written today: not the shapes that are only read any more."""
Between = Callable[[], Awaitable[object]]


def day(n: int) -> date:
    return DAY + timedelta(days=n)


def a_life(by: str, secret: str) -> list[LifeCommand]:
    """Something of most that can happen; `secret` where a person could be recognised."""
    noon = datetime.combine(day(3), time(4), UTC)
    return [
        c.RecordAttempt(attempt_ref="att-1", at=noon, on=day(3), channel="CALL", outcome="RIGHT_PARTY",
                        actor_kind="DIALER", permit=None),
        c.RecordCircumstance(ref="cir_1", topic="REASON", value=f"ILL {secret}", source=f"WIFE {secret}", on=day(3)),
        m.TakePromise(ref="prm_1", on=day(4), amount=cny(2_000), due=day(9), given_by="DEBTOR"),
        m.RecordPayment(ref="pay_1", account=ACCOUNT, on=day(6), amount=cny(2_000), channel="BANK"),
        m.SetPenaltyTerms(ref="ptm_1", account=ACCOUNT, on=day(6), ppm_per_day=400),
        m.RecordPaymentReturn(ref="ret_1", payment="pay_1", on=day(12), amount=None, reason="NO_FUNDS"),
        c.RaiseDispute(ref="dsp_1", scope="AMOUNT", amount=cny(500), on=day(14)),
        c.ResolveDispute(dispute="dsp_1", on=day(16), outcome="PARTLY_UPHELD", adjustment=Parts(0, 0, 0, 300, "CNY"),
                         account=ACCOUNT, first=None, by=by),
        c.ClaimHardship(ref="rlf_1", cause="ILLNESS", on=day(17)),
        c.GrantRelief(relief="rlf_1", on=day(20), until=day(40), measures=("GRACE",), ageing="FREEZE", by=by),
        c.LogComplaint(ref="cmp_1", kind="CONDUCT", on=day(21), attempts=("att-1",)),
        c.AnswerComplaint(complaint="cmp_1", on=day(25), finding="NO_BREACH", redress=None, by=by),
        c.AssignCase(ref="asn_1", on=day(25), collector=by, reason="SKILL"),
        m.QuotePlan(ref="quo_1", on=day(41), total=cny(9_000), count=3, first_due=day(45)),
        m.OfferPlan(ref="pln_1", quote="quo_1", on=day(41), affordability="aff:1"),
        m.AgreePlan(plan="pln_1", on=day(42), supplement="doc:1"),
        m.RecordPayment(ref="pay_2", account=ACCOUNT, on=day(45), amount=cny(3_000), channel="BANK"),
        c.Sweep(on=day(120)),
        c.PlaceWithAgency(ref="plc_1", agency="agency-1", on=day(121), until=day(180), evaluated_on=day(121)),
        c.RecallPlacement(placement="plc_1", on=day(130), reason="ASKED"),
        c.ReferToLegal(ref="ref_1", on=day(131), reason="NO_CONTACT", by=by),
        c.EndLegalReferral(referral="ref_1", on=day(140), outcome="RETURNED"),
        m.ProposeSettlement(ref="stl_1", on=day(141), amount=cny(5_000), pay_by=day(150), by=by),
        m.ApproveSettlement(settlement="stl_1", on=day(142), by="user:second"),
        m.RecordPayment(ref="pay_3", account=ACCOUNT, on=day(143), amount=cny(5_000), channel="BANK"),
    ]  # fmt: skip


async def live_through(ledger: Ledger, debtor: str, between: Between, *, by: str, secret: str) -> str:
    """Open a debtor's case and do all of it; the case."""
    desk = CaseDesk(ledger=ledger, tenant="default", policies=POLICIES)
    case_id, today = desk.case_id(debtor, 1), DAY
    opening = m.OpenCase(
        debtor_ref=debtor, episode=1, debts=(ACCOUNT,), on=DAY, arrears=cny(100_000), days_past_due=120
    )
    for number, command in enumerate([opening, *a_life(by, secret)]):
        today = max(today, command.on)
        meta = Meta(actor="user:clerk", client="law", key=str(number), fingerprint=b"1", today=today)
        await desk.handle(case_id, command, meta)
        if number % 4 == 0:
            await between()
    return case_id


def kind_of_stream(sample: type) -> str:
    """Of the sample events: on whose stream they stand."""
    if sample in get_args(PartyEvent):
        return "party"
    if sample in get_args(AccessEvent):
        return "access"
    if sample.__module__.endswith((".staff", ".allocation")):
        return sample.__module__.rpartition(".")[2]
    return "account" if sample in get_args(AccountEvent) else "case"


async def every_type(ledger: Ledger, between: Between) -> None:
    """One event of each registered type, each after the other on the stream of its kind."""
    people = await ledger.subjects([SAMPLED, "staff:sampled"])
    subjects = {"debtor": people[SAMPLED], "party": people[SAMPLED], "staff": people["staff:sampled"]}
    versions: dict[str, int] = {}
    for name, sample in sorted(SAMPLES.items(), key=lambda item: "CaseOpened" not in item[0]):
        if name not in PRESENT:
            continue
        stream = ledger.stream_id(kind_of_stream(type(sample)), SAMPLED, debtor_ref=SAMPLED)
        write = StreamWrite(
            stream, versions.get(stream, 0), (NewEvent(sample, NOON, subjects, "Asia/Shanghai"),)
        )
        versions[stream] = write.expected + 1
        command_id = ledger.command_id("law", "sample", name)
        await ledger.commit(
            Command(
                tenant="default", command_id=command_id, fingerprint=b"1", actor="user:clerk", writes=(write,),
                policy="cn-retail/1",
            )
        )  # fmt: skip
        if write.expected % 9 == 0:
            await between()


async def populate(ledger: Ledger, between: Between) -> dict[str, str]:
    """Fill a store, `between` being done now and then; debtor -> case."""
    lines = lines_of(12)
    for start in range(0, len(lines), 24):
        await StatementImport(ledger=ledger, policies=POLICIES).run(
            Lines(lines[start : start + 24]), rejects=NoRejects()
        )
        await between()
    cases = {
        DEBTOR: await live_through(ledger, DEBTOR, between, by="user:first", secret=PERSONAL),
        OTHER: await live_through(ledger, OTHER, between, by="user:other", secret="OTHER"),
    }
    await parties.book(ledger, SOMEBODY)
    await every_type(ledger, between)
    await between()
    return cases


@asynccontextmanager
async def store_in(folder: Path) -> AsyncIterator[tuple[Ledger, Projections]]:
    """The ledger of a folder and every view there is."""
    async with opened(SqliteStore(folder / "case.db"), folder) as ledger:
        projections = Projections(
            database=SqliteViews(folder / "case.db"),
            source=LedgerSource(ledger),
            clock=SystemClock(),
            views=VIEWS,
        )
        await projections.open()
        try:
            yield ledger, projections
        finally:
            await projections.close()
