"""A matter as it is answered."""

from typing import Any

from pydantic import Field

from services.legal.api.acting import CASE, DEBT, DIGEST, MATTER, PERSON, ref
from services.legal.domain.deadlines.deadline import STATES, WHOSE
from shared.http.wire import Wire


class SumShown(Wire):
    """An amount of money."""

    amount: str
    currency: str


class ClaimPartsShown(Wire):
    """An amount by what it is for."""

    costs: SumShown
    interest: SumShown
    penalty: SumShown
    principal: SumShown
    total: SumShown


class LegalPartyShown(Wire):
    """Somebody the matter is against; `person` null: the debtor."""

    id: str
    role: str
    person: str | None
    debts: list[str]
    guarantee: str | None
    until: str | None


class ClaimShown(Wire):
    """What is claimed on a debt, of the balance at the end of `as_of`."""

    id: str
    debt: str
    as_of: str
    owed: ClaimPartsShown
    claimed: ClaimPartsShown
    reason: str


class FeasibilityShown(Wire):
    """What going to law may bring; `benefit` is recovery by likelihood less cost."""

    id: str
    on: str
    asset_signs: list[str]
    cost: SumShown
    recovery: SumShown
    likelihood_percent: int
    benefit: SumShown
    advice: str
    words: str | None


class LawFirmPlacementShown(Wire):
    """The firm that has the matter."""

    id: str
    firm: str
    licence: str
    mandate: str
    on: str
    until: str | None
    counsel: str | None


class TrackStepShown(Wire):
    """A step that stands."""

    id: str
    step: str
    on: str


class TrackShown(Wire):
    """A proceeding or a letter: where it stands, and `next`, the steps that may follow."""

    id: str
    kind: str
    status: str | None
    under_way: bool
    against: list[str]
    steps: list[TrackStepShown]
    next: list[str]


class MediationShown(Wire):
    """Mediation before suit."""

    id: str
    body: str
    on: str
    status: str
    amount: SumShown | None
    pay_by: str | None
    confirmed: bool
    reason: str | None


class LegalDocumentShown(Wire):
    """A paper by its hash."""

    id: str
    kind: str
    sha256: str
    on: str
    pages: int | None
    location: str | None


class LegalCostShown(Wire):
    """A cost; `reversed`: it is none after all."""

    id: str
    kind: str
    amount: SumShown
    on: str
    borne_by: str
    firm: str | None
    track: str | None
    reversed: bool


class RepresentationShown(Wire):
    """An attorney of a party."""

    id: str
    person: str | None
    attorney: str
    on: str
    ended_on: str | None


class RefusedStepShown(Wire):
    """A step that the law did not let through."""

    track: str
    wanted: str
    rule: str
    source: str
    debts: list[str]
    on: str


class MatterDeadlineShown(Wire):
    """A deadline of the matter. `expires_on` null: that year's working days are not announced, `raw_on` counts."""

    name: str
    thing: str
    begun_by: str
    whose: str = Field(json_schema_extra={"enum": list(WHOSE)})
    raw_on: str
    expires_on: str | None
    state: str = Field(json_schema_extra={"enum": list(STATES)})
    article: str | None
    person: str | None


class MatterShown(Wire):
    """Everything of a matter that stands."""

    id: str
    case: str
    referral: str | None
    reason: str
    opened_on: str
    status: str
    outcome: str | None
    closed_on: str | None
    owed_when_referred: ClaimPartsShown | None
    parties: list[LegalPartyShown]
    claims: list[ClaimShown]
    assessments: list[FeasibilityShown]
    placement: LawFirmPlacementShown | None
    tracks: list[TrackShown]
    letters: list[TrackShown]
    mediations: list[MediationShown]
    documents: list[LegalDocumentShown]
    costs: list[LegalCostShown]
    representations: list[RepresentationShown]
    refused: list[RefusedStepShown]
    deadlines: list[MatterDeadlineShown]
    as_of: str
    version: int


_SUM = {"amount": "1234.50", "currency": "CNY"}
_PARTS = dict.fromkeys(("costs", "interest", "penalty", "principal", "total"), _SUM)
EXAMPLE: dict[str, Any] = {
    "id": MATTER, "case": CASE, "referral": None, "reason": "BROKEN_PROMISES", "opened_on": "2026-11-01",
    "status": "OPEN", "outcome": None, "closed_on": None, "owed_when_referred": None,
    "parties": [
        {
            "id": ref("pty"), "role": "GUARANTOR", "person": PERSON, "debts": [DEBT], "guarantee": "JOINT",
            "until": None,
        }
    ],
    "claims": [
        {
            "id": ref("clm"), "debt": DEBT, "as_of": "2026-11-20", "owed": _PARTS, "claimed": _PARTS,
            "reason": "STATED",
        }
    ],
    "assessments": [], "placement": None,
    "tracks": [
        {
            "id": ref("trk"), "kind": "SUIT", "status": "ASSESSED", "under_way": True, "against": [ref("pty")],
            "steps": [{"id": ref("stp"), "step": "SUIT_ASSESSED", "on": "2026-11-20"}],
            "next": ["SUIT_APPROVED", "SUIT_REJECTED"],
        }
    ],
    "letters": [], "mediations": [],
    "documents": [
        {
            "id": ref("doc"), "kind": "MANDATE", "sha256": DIGEST, "on": "2026-11-02", "pages": 2,
            "location": None,
        }
    ],
    "costs": [], "representations": [], "refused": [], "deadlines": [], "as_of": "2026-11-22", "version": 7,
}  # fmt: skip
