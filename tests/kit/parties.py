"""People of an invented book, written into a ledger as a book's import writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.case.domain.book.rows import MEDIA
from services.case.domain.events import (
    AccountBooked,
    ContactPointAdded,
    ContactPointEnded,
    IdentityCorrected,
    PartyRegistered,
    RoleLinked,
)
from shared.eventstore.ledger import Ledger
from shared.eventstore.port import Command, NewEvent, StreamWrite
from shared.kernel import ids

DAY = date(2026, 10, 31)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who does not exist."""

    ref: str = "P-4711"
    name: str = "张三丰"
    identity_no: str | None = "110101199003071234"
    birth_on: date | None = date(1990, 3, 7)
    points: tuple[tuple[str, str], ...] = (("PHONE", "+8613812345678"),)


def registered(person: Person) -> PartyRegistered:
    return PartyRegistered(
        kind="PERSON", on=DAY, language="zh-CN", identity_kind="CN_RIC", party_ref=person.ref,
        name=person.name, identity_no=person.identity_no, birth_on=person.birth_on,
    )  # fmt: skip


def corrected(person: Person, revision: int) -> IdentityCorrected:
    return IdentityCorrected(
        kind="PERSON", on=DAY, revision=revision, language="zh-CN", identity_kind="CN_RIC",
        name=person.name, identity_no=person.identity_no, birth_on=person.birth_on,
    )  # fmt: skip


def point(medium: str, value: str) -> ContactPointAdded:
    assert medium in MEDIA
    return ContactPointAdded(
        point=point_id(medium, value), medium=medium, label=f"label-{medium}", source="APPLICATION",
        zone="Asia/Shanghai", on=DAY, value=value,
    )  # fmt: skip


def ended(medium: str, value: str) -> ContactPointEnded:
    return ContactPointEnded(point=point_id(medium, value), reason="REPLACED", on=date(2026, 11, 5))


def point_id(medium: str, value: str) -> str:
    return f"pnt_{ids.lookup(b'a key of the tests', medium, value).hex()[:24]}"


def party_id(ledger: Ledger, ref: str) -> str:
    return ledger.stream_id("party", ref, debtor_ref=ref)


async def append(ledger: Ledger, stream: str, events: list[Any], *, about: str) -> None:
    """Events behind what the stream holds, about the person with this reference."""
    people = await ledger.subjects([about])
    subjects = {"debtor": people[about], "party": people[about]}
    lane = await ledger.lane_of(stream)
    head = (await ledger.store.heads(lane, [stream])).get(stream)
    now = ledger.clock.now()
    write = StreamWrite(
        stream, head.version if head else 0, tuple(NewEvent(event, now, subjects) for event in events)
    )
    await ledger.commit(
        Command(
            tenant="default", command_id=ledger.command_id("test", "book", ids.new_token()),
            fingerprint=b"1", actor="system:import", writes=(write,), policy="cn-retail/2",
        )
    )  # fmt: skip


async def book(ledger: Ledger, person: Person, *, account: str | None = None, role: str = "DEBTOR") -> str:
    """The person, and a role on an account of a debtor with the account's reference; the party's id."""
    party = party_id(ledger, person.ref)
    await append(
        ledger, party, [registered(person), *(point(*one) for one in person.points)], about=person.ref
    )
    if account is not None:
        await link(ledger, party, account, role=role)
    return party


async def link(ledger: Ledger, party: str, account: str, *, role: str) -> None:
    """A role on the account; the debtor's comes with the account's terms."""
    said: Any = RoleLinked(
        role=f"rol_{ids.lookup(b'a key of the tests', party, role).hex()[:24]}", kind=role, party=party, on=DAY,
        guarantee=None, from_=None, until=None, relation=None,
    )  # fmt: skip
    if role == "DEBTOR":
        said = AccountBooked(
            account_ref=account, debtor_ref=account, debtor=party, product="CARD", currency="CNY", on=DAY,
            revision=0, opened_on=None, rate_ppm=None, penalty_ppm_per_day=None, lender=None, credit_limit=None,
        )  # fmt: skip
    await append(ledger, ledger.stream_id("account", account, debtor_ref=account), [said], about=account)
