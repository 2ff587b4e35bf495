"""GET /v1/cases/{id}/limitation, and the proofs it rests on: recorded, retracted, restored."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import Field, StringConstraints

from services.legal.api.acting import (
    CASE,
    DEBT,
    DIGEST,
    OF_A_THING,
    Act,
    DatedSent,
    DebtRef,
    Digest,
    PersonRef,
    Word,
    closed,
    one_of,
)
from services.legal.api.desk import Office
from services.legal.application.limitation.shown import shown
from services.legal.domain import commands as c
from services.legal.domain.facts.proofs import ProofRecorded
from services.legal.domain.limitation.act import BY_PEOPLE
from services.legal.domain.refusals import CaseUnheard
from services.legal.domain.thing_ids import PROOF, proofs_of
from shared.eventstore.thing_id import thing_of
from shared.http.asked import moment
from shared.http.bodies import Day, Sent
from shared.http.commands import Asked
from shared.http.language import chosen
from shared.http.operations import command, reading, routes
from shared.http.problems import Problem
from shared.http.wire import Wire
from shared.kernel.evidence import GRADES

HAND = BY_PEOPLE[0]
PROOF_SHOWN = f"{PROOF}_{OF_A_THING}"
CaseId = Annotated[str, Path(description="`case-…`, as the case service shows it.")]
ProofId = Annotated[str, Path(description="`prf_…`, as the case's limitation shows it.")]
Kind = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Field(examples=["demand_delivered"])
]
Thing = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}$"), Field(examples=["SUIT-1"])]
OF_PROOFS = ("not-found", "matter-busy", "legal-day-ahead")


class LimitationProofSent(Sent):
    """Something that bears on limitation, and how well it is proved. A fact has no free text: names cannot slip in."""

    on: Day | None = Field(
        default=None, description="The day it happened, today unless given; of a due date also a day to come."
    )
    kind: Kind = Field(description="A kind of the law pack: demand_delivered, promise, written_consent …")
    evidence: str = one_of(GRADES, description="How well it is proved, strongest first.")
    debts: tuple[DebtRef, ...] = Field(
        default=(), max_length=200, description="None: all that were in the case that day."
    )
    person: PersonRef | None = Field(default=None, description="Towards or by whom; the debtor unless given.")
    others: tuple[PersonRef, ...] = Field(default=(), max_length=50, description="Towards whom besides.")
    thing: Thing | None = Field(
        default=None, description="What names a procedure or an obstacle: its end names the same."
    )
    medium: Word | None = Field(default=None, examples=["LETTER"])
    document: Digest | None = Field(default=None, description="The SHA-256 of the paper that proves it.")


class ProofWordSent(DatedSent):
    """Why, as a code."""

    reason: Word = Field(examples=["FORGED"])


class LimitationLaw(Wire):
    """The law pack that decided."""

    id: str
    version: str
    hash: str


class LimitationLink(Wire):
    """One fact of a chain: what it did, by which article, and the end after it; null while the period stands."""

    proof: str | None
    kind: str
    on: str
    effect: str = Field(
        description="START, RESTART, HELD, RUNS_AGAIN, SUSPENDS, RESUMES, WAIVES, TOO_LATE, UNDONE."
    )
    article: str
    evidence: str | None
    medium: str | None
    thing: str | None
    raw_on: str | None


class LimitationWithout(Wire):
    """What the clock would say without the proof."""

    state: str
    expires_on: str | None
    raw_on: str | None


class WeakestProof(Wire):
    """The poorest proof without which the claim would be over earlier; `better` and `advice`: what would prove more."""

    proof: str | None
    kind: str
    on: str
    evidence: str | None
    better: str | None
    advice: str | None
    without: LimitationWithout


class ClaimLimitation(Wire):
    """One debt against one person. `governs`: by this period it can be enforced or not."""

    debt: str
    person: str | None = Field(description="null: the debtor.")
    role: str = Field(description="DEBTOR, JOINT_DEBTOR, GUARANTOR.")
    period: str = Field(description="LIMITATION, GUARANTEE, GUARANTEE_LIMITATION, TITLE.")
    clock: str
    form: str | None = Field(description="Of a guarantee: GENERAL, JOINT.")
    governs: bool
    state: str = Field(
        description="RUNNING, SUSPENDED, IN_PROCEDURE, EXPIRED, WAIVED, KEPT, NOT_STARTED, CALENDAR_MISSING."
    )
    over: bool = Field(description="Nobody may be sued on it any more.")
    expires_on: str | None = Field(
        description="The last day in time; null while it stands, or that year's working days are not announced."
    )
    raw_on: str | None = Field(description="The last day before it rolls to a working day.")
    begins_on: str | None
    chain: list[LimitationLink]
    weakest: WeakestProof | None


class LimitationProofShown(Wire):
    """A proof on record, also one that was retracted or that no clock looks at."""

    id: str
    kind: str
    on: str
    debts: list[str]
    person: str | None
    others: list[str]
    thing: str | None
    evidence: str
    medium: str | None
    source: str
    matter: str | None
    document: str | None
    retracted: dict[str, str] | None


class LimitationShown(Wire):
    """Until when each debt of the case can be enforced, against whom, and why."""

    case: str
    as_of: str
    known_at: str | None
    law: LimitationLaw
    claims: list[ClaimLimitation]
    proofs: list[LimitationProofShown]


_LINK = {
    "proof": PROOF_SHOWN, "kind": "demand_delivered", "on": "2024-03-04", "effect": "RESTART",
    "article": "民法典 195(1); 诉讼时效规定 8", "evidence": "DATA_REACHED", "medium": "SMS", "thing": None,
    "raw_on": "2027-03-04",
}  # fmt: skip
_WITHOUT = {"state": "EXPIRED", "expires_on": "2024-06-17", "raw_on": "2024-06-15"}
_EXAMPLE: dict[str, Any] = {
    "case": CASE, "as_of": "2026-11-22", "known_at": None,
    "law": {"id": "cn.law", "version": "2026.2.0", "hash": DIGEST},
    "claims": [
        {
            "debt": DEBT, "person": None, "role": "DEBTOR", "period": "LIMITATION", "clock": "limitation", "form": None,
            "governs": True, "state": "CALENDAR_MISSING", "over": False, "expires_on": None, "raw_on": "2027-03-04",
            "begins_on": None,
            "chain": [_LINK],
            "weakest": {
                "proof": PROOF_SHOWN, "kind": "demand_delivered", "on": "2024-03-04", "evidence": "DATA_REACHED",
                "better": "REGISTERED_LETTER", "advice": "a demand by registered letter that the person signs for",
                "without": _WITHOUT,
            },
        }
    ],
    "proofs": [
        {
            "id": PROOF_SHOWN, "kind": "demand_delivered", "on": "2024-03-04", "debts": [], "person": None,
            "others": [], "thing": None, "evidence": "DATA_REACHED", "medium": "SMS", "source": "CONTACT",
            "matter": None, "document": None, "retracted": None,
        }
    ],
}  # fmt: skip


def routers(office: Office) -> tuple[APIRouter, ...]:
    """The routes of this room."""
    found = routes("/v1", tag="limitation")
    _show(found, office)
    _record(found, office)
    _retract(found, office)
    _restore(found, office)
    return (found,)


def _show(found: APIRouter, office: Office) -> None:
    @found.get(
        "/cases/{case_id}/limitation",
        **reading(
            "showCaseLimitation",
            "Until when each debt of the case can be enforced, against whom, and on which proofs that rests",
            scope="legal:read",
            problems=("not-found", "invalid"),
            example=_EXAMPLE,
        ),
    )
    async def show_limitation(
        response: Response,
        case_id: CaseId,
        as_of: Annotated[
            Day | None, Query(description="At the end of that day where the lender is; today unless given.")
        ] = None,
        known_at: Annotated[
            str | None,
            Query(description="By what was recorded up to then: a day to its end, or an RFC 3339 time."),
        ] = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> LimitationShown:
        desk, language = office.open_desk, chosen(accept_language)
        known = moment(known_at, name="known_at", zone=desk.zone)
        try:
            answer = await desk.limitation.case(case_id, as_of=as_of, known_at=known)
        except CaseUnheard:
            raise Problem("not-found") from None
        response.headers["Content-Language"], response.headers["Vary"] = language, "Accept-Language"
        return LimitationShown(**shown(answer, chinese=language.startswith("zh")))


def _record(found: APIRouter, office: Office) -> None:
    @found.post(
        "/cases/{case_id}/limitation/proofs",
        **command(
            "recordLimitationProof",
            "Record what bears on the limitation of a case's debts, and how well it is proved",
            scope="legal:write",
            problems=(
                *OF_PROOFS, "case-unheard", "debt-not-of-case", "limitation-proof-kind-unknown",
                "evidence-grade-unknown",
            ),
            sent={"kind": "demand_delivered", "on": "2024-03-04", "evidence": "SIGNED", "medium": "LETTER"},
            gives={"id": PROOF_SHOWN, "case": CASE, "links": {"limitation": f"/v1/cases/{CASE}/limitation"}},
        ),
    )  # fmt: skip
    async def record_proof(case_id: CaseId, sent: LimitationProofSent, asked: Asked) -> Response:
        closed("/evidence", sent.evidence, GRADES)
        act = _act(office, case_id, asked)
        made = asked.command_id(act.desk.ledger)
        proof = thing_of("case", PROOF, case_id, made)
        fact = ProofRecorded(
            proof=proof, kind=sent.kind, on=act.day(sent.on), case=case_id, debts=sent.debts, person=sent.person,
            medium=sent.medium, to=None, evidence=sent.evidence, source=HAND, source_ref=str(made), matter=None,
            document=sent.document, by=act.by, thing=sent.thing, others=sent.others,
        )  # fmt: skip
        return await act.do(c.RecordProof(proof=fact), links=_links(case_id), id=proof, case=case_id)


def _retract(found: APIRouter, office: Office) -> None:
    @found.post(
        "/limitation-proofs/{proof_id}/retractions",
        **command(
            "retractLimitationProof",
            "A proof does not stand: what it proved is as if it had never been",
            scope="legal:write",
            problems=(*OF_PROOFS, "limitation-proof-unknown"),
            sent={"reason": "FORGED"},
            gives={"id": PROOF_SHOWN, "about": CASE},
        ),
    )
    async def retract_proof(proof_id: ProofId, sent: ProofWordSent, asked: Asked) -> Response:
        act = await _act_on(office, proof_id, asked)
        wanted = c.RetractProof(proof=proof_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        return await act.do(wanted, links=_links(act.about), id=proof_id, about=act.about)


def _restore(found: APIRouter, office: Office) -> None:
    @found.post(
        "/limitation-proofs/{proof_id}/restorations",
        **command(
            "restoreLimitationProof",
            "The retraction of a proof was wrong: it stands again",
            scope="legal:write",
            problems=(*OF_PROOFS, "limitation-proof-unknown"),
            sent={"reason": "CHECKED_AGAIN"},
            gives={"id": PROOF_SHOWN, "about": CASE},
        ),
    )
    async def restore_proof(proof_id: ProofId, sent: ProofWordSent, asked: Asked) -> Response:
        act = await _act_on(office, proof_id, asked)
        wanted = c.RestoreProof(proof=proof_id, on=act.day(sent.on), reason=sent.reason, by=act.by)
        return await act.do(wanted, links=_links(act.about), id=proof_id, about=act.about)


def _act(office: Office, about: str, asked: Asked) -> Act:
    return Act(office, about, asked, stream=proofs_of(about))


async def _act_on(office: Office, proof: str, asked: Asked) -> Act:
    about = await office.open_desk.limitation.home_of(proof)
    if about is None:
        raise Problem("not-found")
    return _act(office, about, asked)


def _links(about: str) -> dict[str, str]:
    return {"limitation": f"/v1/cases/{about}/limitation"} if about.startswith("case-") else {}
