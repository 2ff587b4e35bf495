"""A letter on its way to being signed: asked for, drafted, returned, approved, signed; and its PDF."""

from fastapi import APIRouter
from starlette.responses import Response

from services.legal.api.acting import DIGEST, Act, MatterId, closed, example, ref
from services.legal.api.desk import Office
from services.legal.api.letters.asked import LetterAct
from services.legal.api.letters.wire import (
    LETTER,
    OF_A_LETTER,
    OF_A_PDF,
    OF_THE_LAW,
    VALUES,
    LetterApprovalSent,
    LetterDraftSent,
    LetterId,
    LetterRequestSent,
    LetterReturnSent,
    LetterSignatureSent,
)
from services.legal.application.letters.drafting import Wanted
from services.legal.domain.commands import TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.letters.firm import require_some_firm
from services.legal.domain.parties import ROLES
from services.legal.domain.thing_ids import LETTER as LETTER_PREFIX
from services.legal.domain.thing_ids import STEP
from shared.http.commands import Asked
from shared.http.operations import command
from shared.texts.writing import LANGUAGES

OF_A_DRAFT = (
    "letter-needs-firm", "letter-nobody-there", "letter-nothing-owed", "letter-value-unfit", "letter-says-expired",
    "debt-not-of-case", "currency-mismatch", "service-not-answering", "case-unknown-there", "letter-word-unknown",
)  # fmt: skip


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page, under /v1/legal-matters."""
    _request(found, office)
    _draft(found, office)
    _review(found, office)
    _sign(found, office)


def _request(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters",
        **command(
            "requestLawyerLetter",
            "Ask for a lawyer's letter to the debtor, a joint debtor or a guarantor",
            scope="legal:write",
            problems=(
                *OF_A_LETTER, "letter-template-unknown", "letter-to-somebody-else",
            ),
            sent={"template": "demand", "language": "zh-CN"},
            gives=example("ltr", step=ref("stp")),
            links={
                "draftLawyerLetter": {"matter_id": "$request.path.matter_id", "letter_id": "$response.body#/id"},
                "showLawyerLetter": {"matter_id": "$request.path.matter_id", "letter_id": "$response.body#/id"},
            },
        ),
    )  # fmt: skip
    async def request_letter(matter_id: MatterId, sent: LetterRequestSent, asked: Asked) -> Response:
        closed("/role", sent.role, ROLES)
        closed("/language", sent.language, LANGUAGES)
        act = Act(office, matter_id, asked)
        letter, step, on = act.id(LETTER_PREFIX), act.id(STEP), act.day(sent.on)

        async def wanted() -> TakeStep:
            act.desk.letters.drafting.requested(sent.template, sent.language, sent.role, on=on)
            requested = f.LetterRequested(
                track=letter, step=step, on=on, person=sent.person, role=sent.role, template=sent.template,
                language=sent.language, by=act.by,
            )  # fmt: skip
            return TakeStep(step=requested, by=act.by)

        return await act.do(wanted, id=letter, step=step)


def _draft(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/drafts",
        **command(
            "draftLawyerLetter",
            "Draft the letter from the case's balance at the end of a day; drafted anew, the later draft counts",
            scope="legal:write",
            problems=(*OF_A_LETTER, *OF_A_DRAFT, *OF_A_PDF, *OF_THE_LAW),
            sent={"as_of": "2026-11-20", "values": VALUES},
            gives=example(id=LETTER, step=ref("stp"), sha256=DIGEST, pages=1),
            links={
                "letterPdf": {"matter_id": "$request.path.matter_id", "letter_id": "$request.path.letter_id"}
            },
        ),
    )
    async def draft_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterDraftSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        wanted = Wanted(as_of=sent.as_of or act.desk.acts.today, debts=sent.debts, values=sent.values)

        async def drafted() -> f.LetterDrafted:
            return await act.desk.letters.drafting.draft(
                letter_id, wanted, act.desk.case_file, step=act.id(STEP), by=act.by
            )

        return await act.drafted(drafted)


def _review(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/returns",
        **command(
            "returnLawyerLetter",
            "Send the draft back to be changed",
            scope="legal:write",
            problems=(*OF_A_LETTER, "letter-already-out"),
            sent={"reason": "AMOUNT"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def return_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterReturnSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        return await act.take(
            f.LetterReturned(
                track=letter_id, step=act.id(STEP), on=act.day(sent.on), reason=sent.reason,
                remark=sent.remark, by=act.by,
            )
        )  # fmt: skip

    @found.post(
        "/{matter_id}/letters/{letter_id}/approvals",
        **command(
            "approveLawyerLetter",
            "Approve the draft with this hash, as somebody else than who drafted it",
            scope="legal:approve",
            problems=(*OF_A_LETTER, "letter-text-changed", "maker-is-checker"),
            sent={"sha256": DIGEST},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def approve_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterApprovalSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        return await act.take(
            f.LetterApproved(
                track=letter_id, step=act.id(STEP), on=act.day(sent.on), sha256=sent.sha256, by=act.by
            )
        )


def _sign(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/signatures",
        **command(
            "signLawyerLetter",
            "The firm that has the matter has signed the draft with this hash",
            scope="legal:write",
            problems=(
                *OF_A_LETTER, *OF_THE_LAW, "letter-text-changed", "letter-needs-firm", "letter-of-another-firm",
                "letter-says-expired",
            ),
            sent={"sha256": DIGEST, "seal": DIGEST, "firm": "FIRM-9", "lawyer": "lawyer:chen"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )  # fmt: skip
    async def sign_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterSignatureSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        on, step = act.day(sent.on), act.id(STEP)

        async def signed() -> TakeStep:
            matter = (await act.desk.acts.load(matter_id)).matter
            placed = require_some_firm(matter, on)
            signature = f.LetterSigned(
                track=letter_id, step=step, on=on, placement=placed.placement, firm=sent.firm, sha256=sent.sha256,
                seal=sent.seal, lawyer=sent.lawyer,
            )  # fmt: skip
            return TakeStep(step=signature, by=act.by)

        return await act.do(signed, id=letter_id, step=step)
