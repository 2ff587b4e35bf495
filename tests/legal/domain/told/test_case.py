"""What the case service says as proofs of limitation: once, whatever was told before, and taken back where need be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from services.legal.adapters.law_files import shipped
from services.legal.domain.act import act
from services.legal.domain.facts import proofs as p
from services.legal.domain.ground import Ground
from services.legal.domain.limitation.claims import Claims, Proofs, fold_proofs
from services.legal.domain.matter import Matter
from services.legal.domain.told import case as rules
from services.legal.domain.told.said import Said

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CASE = "case-6f1c0d1e-0000-8000-8000-000000000001"
DEBT, OTHER = (
    "account-6f1c0d1e-0000-8000-8000-0000000000a1",
    "account-6f1c0d1e-0000-8000-8000-0000000000b1",
)
PARTY = "party-6f1c0d1e-0000-8000-8000-0000000000c1"
GROUND = Ground(law=shipped()["cn.law"])
MONEY = {"minor": 10_000, "currency": "CNY"}


@dataclass
class Book:
    """What legal knows, by case and account, as the ledger would have it."""

    streams: dict[str, Proofs] = field(default_factory=dict)
    told: int = 0

    def hear(self, name: str, about: str = CASE, event: str | None = None, **data: Any) -> int:
        """One event of the case service; how many events it led to."""
        self.told += 1
        said = Said(name=name, about=about, at=NOW, event=event or f"e{self.told}", data=data)
        count = 0
        for command in rules.follow(said, Claims(case=about, streams=self.streams)):
            led = act(Matter(), Claims(case=about, streams=self.streams), command, GROUND, now=NOW)
            for where, events in led.proofs.items():
                self.streams[where] = fold_proofs(events, begin=self.streams.get(where))
                count += len(events)
        return count

    def standing(self, about: str = CASE) -> dict[str, p.ProofRecorded]:
        """The proofs that stand on a stream, by kind."""
        known = self.streams.get(about, Proofs())
        return {one.kind: one for ref, one in known.proofs.items() if ref not in known.retracted}

    def opened(self, *debts: str, days: int = 40) -> Book:
        self.hear("CaseOpened", debts=list(debts or (DEBT,)), as_of="2026-11-20", days_past_due=days)
        return self


def roles(book: Book, debt: str = DEBT) -> list[Any]:
    return list(book.streams[debt].roles)


def test_a_case_brings_its_debts_once_and_the_day_they_fell_due() -> None:
    book = Book().opened(DEBT, OTHER)
    assert [one.debt for one in book.streams[CASE].debts] == [DEBT, OTHER]
    assert len(book.streams[DEBT].debts) == 1
    assert book.standing()["performance_due"].on == date(2026, 10, 11)
    again = book.hear("DebtAttached", account=DEBT, on="2026-11-20", days_past_due=40)
    assert again == 0, "the debt that opened the case is attached to it as well"
    assert book.hear("DebtDetached", account=DEBT, on="2026-11-21") == 2
    assert book.hear("DebtAttached", account=DEBT, on="2026-11-22", days_past_due=0) == 2


def test_the_last_instalment_that_stands_counts() -> None:
    book = Book()
    for number, due in ((1, "2026-01-20"), (2, "2026-02-20"), (3, "2026-03-20")):
        book.hear("InstalmentScheduled", DEBT, instalment=number, due=due, on="2026-01-01")
    assert book.streams[DEBT].last_due == ("3", date(2026, 3, 20))
    again = book.hear("InstalmentScheduled", DEBT, instalment=3, due="2026-03-20", on="2026-02-01")
    assert again == 0, "what was paid of it is no matter here"
    book.hear("InstalmentWithdrawn", DEBT, instalment=3, on="2026-02-01")
    assert book.streams[DEBT].last_due == ("2", date(2026, 2, 20))
    assert book.hear("InstalmentWithdrawn", DEBT, instalment=3, on="2026-02-01") == 0
    book.hear("InstalmentScheduled", DEBT, instalment=2, due="2026-05-20", on="2026-02-01")
    assert book.streams[DEBT].last_due == ("2", date(2026, 5, 20))


def test_guarantors_and_joint_debtors_as_the_book_has_them() -> None:
    book = Book()
    linked: dict[str, Any] = {
        "role": "rol_1", "kind": "GUARANTOR", "party": PARTY, "on": "2026-01-01", "guarantee": None,
        "until": "2026-12-01",
    }  # fmt: skip
    book.hear("RoleLinked", DEBT, **linked)
    [told] = roles(book)
    assert (told.form, told.until) == ("GENERAL", date(2026, 11, 30)), (
        "the book's day is the first that is not in it"
    )
    assert told.person == "prs_6f1c0d1e000080008000" + "0000000000c1"
    book.hear(
        "RoleLinked", DEBT, **{**linked, "role": "rol_2", "kind": "JOINT_DEBTOR", "person": "prs_known"}
    )
    assert roles(book)[-1].person == "prs_known"
    assert book.hear("RoleLinked", DEBT, **{**linked, "role": "rol_3", "kind": "RESERVED_CONTACT"}) == 0
    assert book.hear("RoleEnded", DEBT, role="rol_3", on="2026-02-01") == 0
    assert book.hear("RoleEnded", DEBT, role="rol_1", on="2026-02-01") == 1
    assert roles(book)[-1].role_ref == "rol_1"


def test_a_promise_counts_where_it_is_the_debtors_own() -> None:
    book = Book().opened()
    promise: dict[str, Any] = {"promise": "prm_1", "on": "2026-11-20", "due": "2026-11-23", "amount": MONEY}
    assert book.hear("PromiseToPay", **promise, given_by="PAYER") == 0
    assert book.hear("PromiseAmended", promise="prm_1", revision=1, on="2026-11-21") == 0
    assert book.hear("PromiseToPay", **promise, given_by="DEBTOR") == 1
    assert book.standing()["promise"].evidence == "STATED"
    assert book.hear("PromiseAmended", promise="prm_1", revision=1, on="2026-11-21") == 1
    assert book.standing()["promise"].on == date(2026, 11, 21)
    assert book.hear("PromiseCancelled", promise="prm_1", on="2026-11-21", reason="DEBTOR_ASKED") == 0
    assert book.hear("PromiseCancelled", promise="prm_1", on="2026-11-21", reason="ENTERED_IN_ERROR") == 1


def test_what_was_said_of_the_evidence_of_an_older_fact_counts() -> None:
    book = Book().opened()
    history: dict[str, Any] = {
        "what": "PROMISE",
        "thing": "prm_1",
        "fact": "PromiseToPay",
        "on": "2026-06-01",
    }
    assert book.hear("HistoryTaken", **history, origin="OLD_CORE", evidence="RECORDED", run="imp_1") == 1
    book.hear("PromiseToPay", promise="prm_1", on="2026-06-01", given_by="DEBTOR")
    assert book.standing()["promise"].evidence == "RECORDED"


def test_money_counts_until_it_goes_back() -> None:
    book = Book().opened()
    paid: dict[str, Any] = {
        "account": None,
        "period_from": "2026-11-21",
        "period_until": "2026-11-22",
        "payment": "pay_1",
    }
    assert book.hear("PaymentReceived", **paid, channel="BANK_TRANSFER") == 1
    assert book.hear("PaymentReceived", **paid, channel="BANK_TRANSFER") == 0
    assert book.standing()["part_payment"].evidence == "BANK_RECORD"
    month: dict[str, Any] = {
        "account": OTHER,
        "period_from": "2026-10-01",
        "period_until": "2026-11-01",
        "payment": None,
    }
    assert book.hear("PaymentReceived", **month, channel=None) == 1
    found = [one for one in book.streams[CASE].proofs.values() if one.kind == "part_payment"]
    assert [(one.on, one.evidence, one.debts) for one in found][1:] == [(date(2026, 10, 1), "BOOK", (OTHER,))]
    assert book.hear("PaymentReturned", payment="pay_1", on="2026-11-22") == 1
    assert book.hear("PaymentReturned", payment="pay_1", on="2026-11-22") == 0
    assert book.hear("PaymentReturned", payment="pay_9", on="2026-11-22") == 0


def test_a_settlement_that_was_paid_is_an_acknowledgment_as_long_as_the_money_stays() -> None:
    book = Book().opened()
    assert book.hear("Settled", settlement="stl_1", as_of="2026-11-21") == 1
    assert book.hear("SettlementDefaulted", settlement="stl_1", as_of="2026-11-22") == 1
    assert "settlement_accepted" not in book.standing()
    assert book.hear("Settled", settlement="stl_1", as_of="2026-11-22") == 1
    assert "settlement_accepted" in book.standing()


def test_a_plan_is_signed() -> None:
    book = Book().opened()
    book.hear("PlanAgreed", plan="pln_1", on="2026-11-21")
    assert book.standing()["plan_agreed"].evidence == "SIGNED"


def test_what_bears_on_nothing_is_not_heard() -> None:
    book = Book()
    assert book.hear("StageEntered", stage="M1", as_of="2026-11-21") == 0


def test_all_of_it_heard_twice_is_what_it_was_once() -> None:
    def life(book: Book) -> Iterable[int]:
        yield book.hear("CaseOpened", debts=[DEBT], as_of="2026-11-20", days_past_due=40, event="e1")
        yield book.hear("PromiseToPay", promise="prm_1", on="2026-11-20", given_by="DEBTOR", event="e2")
        yield book.hear("PlanAgreed", plan="pln_1", on="2026-11-21", event="e3")

    book = Book()
    assert all(life(book))
    assert not any(life(book))
