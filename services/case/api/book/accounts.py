"""The accounts of the lender's book: a list, and one on two clocks with its schedule, roles and collateral."""

from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import Field

from services.case.api.books import listed
from services.case.api.clocks import AsOf, KnownAt, day_asked
from services.case.api.desk import Office
from services.case.api.wire import Amount, Asked, PartsShown
from services.case.application.book.account_asked import (
    STANDINGS,
    AccountAsOf,
    AccountUnknown,
    InstalmentAsOf,
)
from services.case.domain.book.rows import GUARANTEES, ROLES
from services.case.projections.account_cases import key_of
from services.case.projections.book import accounts as book_accounts
from shared.http.asked import moment
from shared.http.listing import OF_A_LIST, AskedPage, YesOrNo
from shared.http.operations import reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire
from shared.kernel.money import Money, to_json
from shared.kernel.parts import NAMES, Parts
from shared.messaging.published import instant

ACCOUNTS = "/v1/accounts"
ACCOUNT = "account-6f1c0d1e-0000-8000-8000-000000000001"
PARTY = "party-6f1c0d1e-0000-8000-8000-000000000002"
AccountId = Annotated[str, Path(description="`account-…`, as lists show it.")]
PartyId = Annotated[
    str | None,
    Query(
        alias="party",
        pattern=r"^party-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Those on which this party is the debtor, or has another role.",
        examples=[PARTY],
    ),
]
Code = Annotated[str | None, Query(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
AccountRef = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=600,
        description="The lender's reference of one account, percent-encoded where it is not plain ASCII. "
        "A reference points to a person, so it never stands in an address.",
    ),
]
_EXAMPLE: dict[str, Any] = {
    "id": ACCOUNT,
    "debtor": PARTY,
    "product": "CONSUMER_LOAN",
    "lender": "EXAMPLE_BANK",
    "currency": "CNY",
    "opened_on": "2026-01-15",
    "rate_ppm": 146_000,
    "penalty_ppm_per_day": 500,
    "credit_limit": None,
    "balance": {"amount": "9450.00", "currency": "CNY"},
    "balance_on": "2026-12-31",
    "booked_on": "2026-11-30",
    "left_on": None,
    "left_reason": None,
    "version": 17,
}
_ZERO = {"amount": "0.00", "currency": "CNY"}
_DUE = {"amount": "1050.00", "currency": "CNY"}
_PARTS = {"costs": _ZERO, "interest": {"amount": "50.00", "currency": "CNY"}, "penalty": _ZERO,
          "principal": {"amount": "1000.00", "currency": "CNY"}, "total": _DUE}  # fmt: skip


class AccountShown(Wire):
    """An account of the book. Rates are in parts per million: a year's, and a day's on overdue principal."""

    id: str
    debtor: str = Field(description="The debtor's party.")
    product: str
    lender: str | None
    currency: str
    opened_on: str | None
    rate_ppm: int | None
    penalty_ppm_per_day: int | None
    credit_limit: Amount | None
    balance: Amount | None = Field(description="As the lender reported last; null where it reports none.")
    balance_on: str | None
    booked_on: str = Field(description="When the book named it first.")
    left_on: str | None = Field(description="When it left the book; null while it is in it.")
    left_reason: str | None = Field(description="PAID, SOLD, RECALLED or ENTERED_IN_ERROR.")
    version: int


class AccountPage(Wire):
    """A page of accounts."""

    items: list[AccountShown]
    page: PageLinks


class InstalmentShown(Wire):
    """An instalment as of the day asked about."""

    number: str
    due: str
    amounts: PartsShown
    fee: Amount = Field(description="The fee within the costs.")
    paid: Amount
    paid_on: str | None
    left: PartsShown
    standing: str = Field(json_schema_extra={"enum": list(STANDINGS)})
    days_past_due: int = Field(description="From its due date, once the days of grace are over.")
    revision: int = Field(description="How often the book has said otherwise.")


class RoleShown(Wire):
    """What a party is to the account; `until` is exclusive."""

    id: str
    party: str
    kind: str = Field(json_schema_extra={"enum": list(ROLES)})
    guarantee: str | None = Field(
        description=f"How a guarantor is liable: {' or '.join(GUARANTEES)} (Civil Code art. 687, 688)."
    )
    from_: str | None = Field(alias="from", description="The guarantee period begins.")
    until: str | None
    relation: str | None


class PledgeShown(Wire):
    """What secures the account."""

    id: str
    kind: str
    value: Amount | None
    valued_on: str | None
    priority: int | None


class AccountSheet(AccountShown):
    """An account on two clocks."""

    account_ref: str | None = Field(description="The lender's reference; null once erased.")
    debtor_ref: str | None = Field(description="The lender's reference of the debtor; null once erased.")
    asked: Asked
    days_past_due: int | None = Field(
        description="From the oldest instalment that is overdue, else as reported; null where nobody says."
    )
    overdue: Amount | None
    schedule: list[InstalmentShown]
    roles: list[RoleShown]
    collateral: list[PledgeShown]
    links: dict[str, str]


def router(office: Office) -> APIRouter:
    """GET /v1/accounts and /v1/accounts/{account_id}."""
    found = routes("/v1", tag="accounts")
    _list(found, office)
    _one(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/accounts",
        **reading(
            "listAccounts",
            "The accounts of the lender's book, by the day they came into it",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [_EXAMPLE], "page": {"next": None}},
            links={"showAccount": {"account_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_accounts(
        turn: AskedPage,
        lender: Code = None,
        product: Code = None,
        party: PartyId = None,
        in_book: Annotated[YesOrNo | None, Query(description="Whether it is in the book still.")] = None,
        account_ref: AccountRef = None,
    ) -> AccountPage:
        key = None
        if account_ref is not None:
            account = await office.open_desk.books.account_named(unquote(account_ref))
            key = key_of(account) if account else "none"
        wanted = book_accounts.Wanted(
            lender=lender, product=product, party=party, key=key,
            in_book=None if in_book is None else in_book == "true",
        )  # fmt: skip
        rows, page = await listed(
            office,
            turn,
            path=ACCOUNTS,
            view=book_accounts.VIEW,
            filters={"lender": lender, "product": product, "party": party, "in_book": in_book},
            rows=lambda connection, part: book_accounts.page(
                connection, wanted, after=part.after, limit=part.limit, pin=part.pin
            ),
        )
        items = [AccountShown(**row.as_json()) for row in rows]
        return AccountPage(items=items, page=PageLinks(**page))


def _one(found: APIRouter, office: Office) -> None:
    asked = {
        "account_ref": "L-0001", "debtor_ref": "P-0001", "asked": {"as_of": "2026-12-31", "known_at": None},
        "days_past_due": 40, "overdue": _DUE,
        "schedule": [
            {"number": "1", "due": "2026-11-21", "amounts": _PARTS, "fee": _ZERO, "paid": _ZERO, "paid_on": None,
             "left": _PARTS, "standing": "OVERDUE", "days_past_due": 40, "revision": 0}
        ],
        "roles": [
            {"id": "rol_6f1c0d1e000080008000000000000003", "party": PARTY, "kind": "GUARANTOR",
             "guarantee": "JOINT", "from": "2026-01-15", "until": "2029-01-15", "relation": None}
        ],
        "collateral": [], "links": {"self": f"{ACCOUNTS}/{ACCOUNT}"},
    }  # fmt: skip

    @found.get(
        "/accounts/{account_id}",
        **reading(
            "showAccount",
            "One account with its schedule, roles and collateral, on two clocks",
            scope="case:read",
            problems=("not-found",),
            example=_EXAMPLE | asked,
        ),
    )
    async def show_account(
        response: Response, account_id: AccountId, as_of: AsOf = None, known_at: KnownAt = None
    ) -> AccountSheet:
        desk, day = office.open_desk, day_asked(office, as_of)
        known = moment(known_at, name="known_at", zone=desk.zone)
        try:
            seen = await desk.books.account(account_id, as_of=day, known_at=known)
        except AccountUnknown:
            raise Problem("not-found") from None
        response.headers["ETag"] = etag(seen.version)
        return _sheet(seen)


def _sheet(seen: AccountAsOf) -> AccountSheet:
    record, terms = seen.record, seen.record.terms
    assert terms is not None, "an account of the book has terms"
    currency, balance, overdue = record.currency, record.newest_balance, seen.overdue
    roles = [
        RoleShown.model_validate(
            {
                "id": name, "party": role.party, "kind": role.kind, "guarantee": role.guarantee,
                "from": _day(role.from_), "until": _day(role.until), "relation": role.relation,
            }
        )
        for name, role in record.roles.items()
    ]  # fmt: skip
    pledges = [
        PledgeShown(
            id=name,
            kind=one.kind,
            value=_amount(one.value),
            valued_on=_day(one.valued_on),
            priority=one.priority,
        )
        for name, one in seen.pledges.items()
    ]
    return AccountSheet(
        id=seen.account,
        debtor=record.debtor,
        product=terms.product,
        lender=terms.lender,
        currency=currency,
        opened_on=_day(terms.opened_on),
        rate_ppm=terms.rate_ppm,
        penalty_ppm_per_day=terms.penalty_ppm_per_day,
        credit_limit=_amount(terms.credit_limit),
        balance=_amount(Money(balance.balance, currency)) if balance else None,
        balance_on=_day(balance.as_of) if balance else None,
        booked_on=seen.booked_on.isoformat(),
        left_on=_day(seen.left_on),
        left_reason=record.left,
        version=seen.version,
        account_ref=seen.account_ref,
        debtor_ref=seen.debtor_ref,
        asked=Asked(as_of=seen.as_of.isoformat(), known_at=instant(seen.known_at) if seen.known_at else None),
        days_past_due=overdue.days_past_due if overdue else None,
        overdue=_amount(Money(overdue.arrears, currency)) if overdue else None,
        schedule=[_instalment(one, currency) for one in seen.schedule],
        roles=roles,
        collateral=pledges,
        links={"self": f"{ACCOUNTS}/{seen.account}", "debtor": f"/v1/parties/{record.debtor}"},
    )


def _instalment(one: InstalmentAsOf, currency: str) -> InstalmentShown:
    return InstalmentShown(
        number=one.number,
        due=one.due.due.isoformat(),
        amounts=_parts(one.due.amounts),
        fee=Amount(**to_json(Money(one.due.fee, currency))),
        paid=Amount(**to_json(Money(one.due.paid, currency))),
        paid_on=_day(one.due.paid_on),
        left=_parts(one.left),
        standing=one.standing,
        days_past_due=one.days_past_due,
        revision=one.due.revision,
    )


def _parts(amounts: Parts) -> PartsShown:
    shown = {
        name: Amount(**to_json(Money(minor, amounts.currency)))
        for name, minor in zip(NAMES, amounts.minors, strict=True)
    }
    return PartsShown(**shown, total=Amount(**to_json(amounts.total)))


def _amount(money: Money | None) -> Amount | None:
    return None if money is None else Amount(**to_json(money))


def _day(value: Any) -> str | None:
    return None if value is None else str(value)
