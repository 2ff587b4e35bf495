"""What is owed: debts that join and leave a case, instalments that fell due, charges, penalty interest."""

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.case.api.acting import (
    OF_A_CASE,
    OF_MONEY,
    Act,
    CaseId,
    DatedSent,
    PartsSent,
    Word,
    example,
)
from services.case.api.desk import Office
from services.case.domain.money_commands import (
    AttachDebt,
    BookCharge,
    BookInstalment,
    DetachDebt,
    SetPenaltyTerms,
)
from shared.http.bodies import AmountSent, Day, Ref, Sent, Whole
from shared.http.commands import Asked
from shared.http.operations import command, routes
from shared.http.problems import Problem

ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000002"
PPM_MAX = 1_000_000


class DebtSent(DatedSent):
    """An account of the same debtor, as of `on`."""

    account_ref: Ref = Field(description="The lender's reference of the account.", examples=["A-78"])
    arrears: AmountSent
    days_past_due: Whole = Field(ge=0, le=36_500, examples=[5])


class OfAnAccount(Sent):
    """A request about one debt of the case."""

    account: Ref = Field(description="One of the case's `debts`.", examples=[ACCOUNT])


class DetachmentSent(DatedSent, OfAnAccount):
    """Why the account leaves."""

    reason: Word = Field(examples=["SOLD"])


class InstalmentSent(OfAnAccount):
    """An instalment that fell due; days past due count from the oldest one that is not covered."""

    due_on: Day
    amounts: PartsSent


class ChargeSent(DatedSent, OfAnAccount):
    """What is owed more; a part below zero takes an earlier charge back."""

    amounts: PartsSent
    reason: Word = Field(examples=["COURT_FEE"])


class PenaltyTermsSent(DatedSent, OfAnAccount):
    """The contract's penalty interest on overdue principal from `on`; the law's cap applies whatever it says."""

    ppm_per_day: Whole = Field(ge=0, le=PPM_MAX, description="Parts per million a day.", examples=[500])


def router(office: Office) -> APIRouter:
    """The debts of a case and what is booked on them."""
    found = routes("/v1", tag="debts")
    _debts(found, office)
    _bookings(found, office)
    _penalty(found, office)
    return found


def _debts(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/debts",
        **command(
            "attachDebt",
            "Add an account of the same debtor to the case",
            scope="case:write",
            problems=(
                *OF_A_CASE,
                *OF_MONEY,
                "debt-already-in-case",
                "debt-left-that-day",
                "amount-not-positive",
            ),
            sent={
                "account_ref": "A-78",
                "arrears": {"amount": "80.00", "currency": "CNY"},
                "days_past_due": 5,
            },
            gives={"account": ACCOUNT, **example()},
        ),
    )
    async def attach_debt(case_id: CaseId, sent: DebtSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        account = await act.account(sent.account_ref)
        debt = AttachDebt(
            account=account,
            on=act.day(sent.on),
            arrears=sent.arrears.money(),
            days_past_due=sent.days_past_due,
        )
        return await act.do(debt, money_at="/arrears", account=account)

    @found.post(
        "/cases/{case_id}/debt-detachments",
        **command(
            "detachDebt",
            "Take an account out of the case",
            scope="case:write",
            problems=(*OF_A_CASE, "debt-not-in-case"),
            sent={"account": ACCOUNT, "reason": "SOLD"},
            gives=example(),
            if_match=True,
        ),
    )
    async def detach_debt(case_id: CaseId, sent: DetachmentSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        return await act.do(DetachDebt(account=sent.account, on=act.day(sent.on), reason=sent.reason))


def _bookings(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/instalments",
        **command(
            "bookInstalment",
            "Record that an instalment of a debt fell due",
            scope="case:write",
            problems=(*OF_A_CASE, *OF_MONEY, "debt-not-in-case", "amount-not-positive"),
            sent={
                "account": ACCOUNT,
                "due_on": "2026-11-15",
                "amounts": {"interest": "12.50", "principal": "200.00", "currency": "CNY"},
            },
            gives=example("itm"),
        ),
    )
    async def book_instalment(case_id: CaseId, sent: InstalmentSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref, on = act.id("itm"), act.day(sent.due_on, at="/due_on")
        item = BookInstalment(ref=ref, account=sent.account, on=on, amounts=sent.amounts.parts())
        return await act.do(item, money_at="/amounts", id=ref)

    @found.post(
        "/cases/{case_id}/charges",
        **command(
            "bookCharge",
            "Record costs, interest or a penalty the debtor owes, or take one back",
            scope="case:write",
            problems=(*OF_A_CASE, *OF_MONEY, "debt-not-in-case"),
            sent={
                "account": ACCOUNT,
                "amounts": {"costs": "50.00", "currency": "CNY"},
                "reason": "COURT_FEE",
            },
            gives=example("chg"),
        ),
    )
    async def book_charge(case_id: CaseId, sent: ChargeSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref, amounts = act.id("chg"), sent.amounts.parts()
        if not any(amounts.minors):
            raise Problem("invalid", errors=[("/amounts", "NOTHING")])
        charge = BookCharge(
            ref=ref, account=sent.account, on=act.day(sent.on), amounts=amounts, reason=sent.reason
        )
        return await act.do(charge, money_at="/amounts", id=ref)


def _penalty(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/penalty-terms",
        **command(
            "setPenaltyTerms",
            "Record the contract's penalty interest on an account",
            scope="case:write",
            problems=(*OF_A_CASE, "debt-not-in-case", "amount-not-positive"),
            sent={"account": ACCOUNT, "ppm_per_day": 500},
            gives=example("pnt"),
        ),
    )
    async def set_penalty_terms(case_id: CaseId, sent: PenaltyTermsSent, asked: Asked) -> Response:
        act = Act(office, case_id, asked)
        ref = act.id("pnt")
        terms = SetPenaltyTerms(
            ref=ref, account=sent.account, on=act.day(sent.on), ppm_per_day=sent.ppm_per_day
        )
        return await act.do(terms, id=ref)
