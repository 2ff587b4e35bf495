"""The fields a mapping of history can fill, by entity, in the order in which a row is read."""

from typing import NamedTuple

from services.case.domain.history import rows
from shared.kernel.evidence import GRADES

REFERENCE, WORD, LABEL, DATE, TIME, CURRENCY, AMOUNT, WHOLE = (
    "reference", "word", "label", "date", "time", "currency", "amount", "whole",
)  # fmt: skip
CONSENTS = ("CALLS", "SMS", "EMAIL")
CODED = (WORD, CURRENCY, LABEL)
"""What a code table or a constant may give."""


class Field(NamedTuple):
    """A field of our rows. `needed`: never blank. `among`: a closed list."""

    name: str
    reads: str
    needed: bool = False
    among: tuple[str, ...] = ()


class Entity(NamedTuple):
    """A kind of row."""

    name: str
    row: type
    fields: tuple[Field, ...]


_DEBTOR = Field("debtor_ref", REFERENCE, needed=True)
_REF = Field("ref", REFERENCE, needed=True)
_ON = Field("on", DATE, needed=True)
_CURRENCY = Field("currency", CURRENCY, needed=True)
_REASON = Field("reason", WORD)
_NUMBER = Field("number", REFERENCE)
_SOURCE = (Field("origin", WORD, needed=True), Field("evidence", WORD, needed=True))

_ACCOUNT, _PERSON = Field("account_ref", REFERENCE), Field("person_ref", REFERENCE)
_PROVED = (_SOURCE[0], Field("evidence", WORD, needed=True, among=tuple(GRADES)))
"""What bears on limitation is weighed by the finer grades."""


def _amount(name: str = "amount") -> Field:
    return Field(name, AMOUNT, needed=True)


_ALL = (
    Entity("cases", rows.CaseRow, (
        _DEBTOR, Field("account_ref", REFERENCE, needed=True), Field("opened_on", DATE, needed=True), _CURRENCY,
        _amount("arrears"), Field("days_past_due", WHOLE, needed=True), Field("closed_on", DATE), _REASON, *_SOURCE,
    )),
    Entity("plans", rows.PlanRow, (
        _DEBTOR, _REF, _ON, _CURRENCY, _amount("total"), Field("count", WHOLE), Field("first_due", DATE),
        Field("supplement", LABEL), Field("ended_on", DATE), _REASON, *_SOURCE,
    )),
    Entity("plan_instalments", rows.InstalmentRow, (
        _DEBTOR, _REF, Field("number", WHOLE, needed=True), Field("due", DATE, needed=True), _CURRENCY, _amount(),
        *_SOURCE,
    )),
    Entity("promises", rows.PromiseRow, (
        _DEBTOR, _REF, _ON, _CURRENCY, _amount(), Field("due", DATE, needed=True), Field("given_by", WORD),
        Field("cancelled_on", DATE), _REASON, *_SOURCE,
    )),
    Entity("attempts", rows.AttemptRow, (
        _DEBTOR, _REF, Field("at", TIME, needed=True), Field("channel", WORD, needed=True),
        Field("outcome", WORD, needed=True), Field("actor_kind", WORD, needed=True), _NUMBER, *_SOURCE,
    )),
    Entity("placements", rows.PlacementRow, (
        _DEBTOR, _REF, Field("agency", WORD, needed=True), _ON, Field("until", DATE, needed=True),
        Field("evaluated_on", DATE, needed=True), Field("recalled_on", DATE), _REASON, Field("confirmed_on", DATE),
        *_SOURCE,
    )),
    Entity("payments", rows.PaymentRow, (
        _DEBTOR, _REF, Field("account_ref", REFERENCE), _ON, _CURRENCY, _amount(), Field("channel", WORD, needed=True),
        Field("returned_on", DATE), _REASON, *_SOURCE,
    )),
    Entity("holds", rows.HoldRow, (
        _DEBTOR, _REF, Field("kind", WORD, needed=True), _ON, Field("until", DATE),
        Field("reason", WORD, needed=True), *_SOURCE,
    )),
    Entity("consents", rows.ConsentRow, (
        _DEBTOR, _REF, Field("at", TIME, needed=True), Field("kind", WORD, needed=True, among=CONSENTS), _NUMBER,
        Field("until", DATE), Field("revoked_on", DATE), *_SOURCE,
    )),
    Entity("optouts", rows.OptOutRow, (
        _DEBTOR, _REF, Field("at", TIME, needed=True), Field("channel", WORD), _NUMBER, *_SOURCE,
    )),
    Entity("demands", rows.DemandRow, (
        _DEBTOR, _REF, _ACCOUNT, _PERSON, _ON, Field("medium", WORD, needed=True), Field("to", WORD),
        Field("retracted_on", DATE), _REASON, *_PROVED,
    )),
    Entity("filings", rows.FilingRow, (
        _DEBTOR, _REF, _ACCOUNT, _PERSON, Field("kind", WORD, needed=True, among=rows.FILINGS),
        Field("court", WORD, needed=True), _ON, Field("ended_on", DATE),
        Field("outcome", WORD, among=rows.FILING_ENDS), *_PROVED,
    )),
)  # fmt: skip
ENTITY = {entity.name: entity for entity in _ALL}
"""By name, in the order in which a debtor's rows are taken in."""
RANK = {name: rank for rank, name in enumerate(ENTITY)}
