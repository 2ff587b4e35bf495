"""A matter placed with a firm, over a case service that knows a debtor and a guarantor, and a contact service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from services.case.domain.events import AccountBooked, RoleLinked
from services.contact.domain.commands import DescribeSubject
from services.legal.application.handle import Handled
from services.legal.application.letters.drafting import Wanted
from services.legal.domain import commands as c
from services.legal.domain.facts import letter as f
from services.legal.domain.facts import matter as m
from services.legal.domain.letters.machine import MACHINE
from services.legal.domain.thing_ids import LETTER, PLACEMENT, STEP
from shared.kernel.clock import FixedClock
from tests.kit import parties
from tests.kit.parties import Person
from tests.kit.platform import All, all_three

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
REF, GUARANTOR = "D-4711", "P-2"
POST, MAIL = "北京市朝阳区建国路1号", "zhang@example.com"
SEAL = "a7" * 32
VALUES = {
    "firm_name": "示例律师事务所", "firm_address": "上海市静安区南京西路 1 号", "firm_phone": "021-95588",
    "lawyer": "陈静", "institution": "示例银行",
}  # fmt: skip


@dataclass
class Firm:
    """What tests do with letters."""

    it: All
    clock: FixedClock
    case: str = ""
    matter: str = ""
    placement: str = ""
    keys: count[int] = field(default_factory=lambda: count(1))

    @property
    def room(self) -> Any:
        """The letters of the legal service."""
        return self.it.legal.letters

    def thing(self, prefix: str, name: str) -> str:
        """The id of a thing of the matter."""
        return self.it.legal.acts.thing_id(prefix, self.matter, client="test", operation="thing", key=name)

    def step_id(self) -> str:
        """A fresh one."""
        return self.thing(STEP, f"step{next(self.keys)}")

    async def do(self, command: Any, *, by: str = "user:lin") -> Handled:
        """A command about the matter."""
        return await self.it.on_legal(self.matter, command, f"k{next(self.keys)}")

    async def take(self, kind: Any, letter: str, *, by_time: bool = False, **said: Any) -> Handled:
        """A step of a letter, today."""
        said = {"on": self.it.today, **said}
        step = kind(track=letter, step=self.step_id(), **said)
        return await self.do(c.TakeStep(step=step, by="user:lin", by_time=by_time))

    async def steps(self, letter: str) -> tuple[Any, ...]:
        """What stands of a letter."""
        return (await self.it.legal.acts.load(self.matter)).matter.steps(letter)

    async def status(self, letter: str) -> str | None:
        """Where it stands."""
        return MACHINE.status(await self.steps(letter))

    async def requested(
        self, template: str = "demand", *, language: str = "zh-CN", person: str | None = None
    ) -> str:
        """A letter that is asked for; its id."""
        letter = self.thing(LETTER, f"letter{next(self.keys)}")
        role = "DEBTOR" if person is None else "GUARANTOR"
        self.room.drafting.requested(template, language, role, on=self.it.today)
        await self.take(
            f.LetterRequested, letter, person=person, role=role, template=template, language=language,
            by="user:lin",
        )  # fmt: skip
        return letter

    async def draft(self, letter: str, *, as_of: date | None = None, **values: str) -> f.LetterDrafted:
        """As it would be drafted."""
        wanted = Wanted(as_of=as_of or self.it.today, values=VALUES | values)
        found: f.LetterDrafted = await self.room.drafting.draft(
            letter, wanted, self.it.legal.case_file, step=self.step_id(), by="user:lin"
        )
        return found

    async def drafted(self, template: str = "demand", **how: Any) -> tuple[str, f.LetterDrafted]:
        """A letter with its draft on record."""
        letter = await self.requested(template, **how)
        draft = await self.draft(letter)
        await self.do(c.TakeStep(step=draft, by="user:lin"))
        return letter, draft

    async def signed(self, template: str = "demand", **how: Any) -> tuple[str, f.LetterDrafted]:
        """A letter that was approved and signed."""
        letter, draft = await self.drafted(template, **how)
        await self.take(f.LetterApproved, letter, sha256=draft.sha256, by="user:zhao")
        await self.take(
            f.LetterSigned, letter, placement=self.placement, firm="FIRM-9", sha256=draft.sha256, seal=SEAL,
            lawyer="lawyer:chen",
        )  # fmt: skip
        return letter, draft

    async def posted(self, letter: str, channel: str = "letter", *, key: str | None = None) -> f.LetterStep:
        """What the route does, in one."""
        from services.legal.application.handle import Meta

        sending, key = self.room.dispatching, key or f"d{next(self.keys)}"
        begun = await sending.begin(letter, channel, Meta(actor="user:lin", client="test", key=key))
        step: f.LetterStep = await sending.post(begun, self.it.legal.contact_file)
        await self.do(c.TakeStep(step=step, by="user:lin"))
        return step

    async def sent(self) -> int:
        """Contact sends what is due; everybody hears of it."""
        await self.it.contact.projections.catch_up()
        count_ = await self.it.contact.sending.dispatcher.drain()
        await self.it.hear()
        return count_


@asynccontextmanager
async def firm_in(
    folder: Path, *, placed: bool = True, at: datetime = NOON, **channels: str
) -> AsyncIterator[Firm]:
    """Three services, a debtor with two addresses, a guarantor, a case, and a matter that a firm has."""
    clock = FixedClock(at)
    said = {"QUITTANCE_LETTER_SPOOL": str(folder / "spool"), **channels}
    async with all_three(folder, clock, channels=said) as it:
        found = Firm(it, clock)
        found.case = await _booked(it)
        found.matter = it.legal.acts.matter_by_hand(found.case, client="test", key="matter")
        await found.do(
            c.OpenMatter(
                opened=m.MatterOpened(
                    matter=found.matter, case=found.case, referral=None, reason="DEFAULT", on=it.today, owed=None,
                    by="user:lin",
                )
            )
        )  # fmt: skip
        found.placement = found.thing(PLACEMENT, "placement")
        if placed:
            await found.do(c.Record(fact=_mandate(found)))
            await found.do(
                c.Record(
                    fact=m.PlacedWithFirm(
                        placement=found.placement, firm="FIRM-9", licence="31110000E00017891X", mandate=SEAL,
                        on=it.today, until=None, counsel=None,
                    )
                )
            )  # fmt: skip
        yield found


def _mandate(firm: Firm) -> m.DocumentFiled:
    return m.DocumentFiled(
        document=firm.thing("doc", "mandate"), kind="MANDATE", sha256=SEAL, on=firm.it.today, pages=2,
        location=None, by="user:lin",
    )  # fmt: skip


async def _booked(it: All) -> str:
    account, ledger = f"{REF}-1", it.case.ledger
    debtor = await parties.book(ledger, Person(ref=REF, points=(("ADDRESS", POST), ("EMAIL", MAIL))))
    at = it.case.decisions.account_id(REF, account)
    booked = AccountBooked(
        account_ref=account, debtor_ref=REF, debtor=debtor, product="CARD", currency="CNY", on=parties.DAY,
        revision=0, opened_on=None, rate_ppm=None, penalty_ppm_per_day=None, lender=None, credit_limit=None,
    )  # fmt: skip
    await parties.append(ledger, at, [booked], about=REF)
    guarantor = await parties.book(ledger, Person(ref=GUARANTOR, name="李四", points=(("ADDRESS", POST),)))
    linked = RoleLinked(
        role="rol_P-2", kind="GUARANTOR", party=guarantor, on=parties.DAY, guarantee="JOINT", from_=None,
        until=None, relation=None,
    )  # fmt: skip
    await parties.append(ledger, at, [linked], about=REF)
    case = await it.open_case(REF)
    await it.hear()
    described = DescribeSubject(debtor_ref=REF, jurisdictions=("CN",), zones=("Asia/Shanghai",))
    await it.on_subject(REF, described, "described")
    for number, (medium, value) in enumerate((("post", POST), ("email", MAIL))):
        from services.contact.domain.commands import RecordPoint

        point = RecordPoint(point=it.contact.acts.point_id(medium, value), medium=medium, value=value)
        await it.on_subject(REF, point, f"point{number}")
    return case
