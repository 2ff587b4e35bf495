"""A signed letter goes out, arrives or comes back, is answered, and ends."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.legal.api.acting import DIGEST, MatterId, closed, example, ref
from services.legal.api.desk import Office
from services.legal.api.letters.asked import LetterAct
from services.legal.api.letters.wire import (
    LETTER,
    OF_A_LETTER,
    OF_A_PDF,
    OF_THE_LAW,
    LetterAnswerSent,
    LetterDeliverySent,
    LetterDispatchSent,
    LetterEndSent,
    LetterFailureSent,
    LetterId,
)
from services.legal.application.deciding import Verdict
from services.legal.application.handle import Meta
from services.legal.domain.commands import TakeStep
from services.legal.domain.facts import letter as f
from services.legal.domain.letters import kinds
from services.legal.domain.letters.answering import answer_until
from services.legal.domain.letters.machine import DISPATCHING
from services.legal.domain.refusals import MatterUnknown
from services.legal.domain.thing_ids import STEP
from services.legal.domain.tracks.machine import StepOutOfOrder
from shared.http.commands import Asked
from shared.http.operations import command
from shared.http.problems import Problem
from shared.kernel.refusal import Refused

GIVES: dict[str, Any] = {
    "step": ref("stp"), "message": ref("cat"), "status": "POSTED", "permit": ref("cpm"), "rules": [], "until": None,
}  # fmt: skip
"""Of a dispatch: POSTED, or REFUSED with the rules of the contact service."""


def add(found: APIRouter, office: Office) -> None:
    """The routes of this page, under /v1/legal-matters."""
    _dispatch(found, office)
    _arrive(found, office)
    _answer(found, office)
    _end(found, office)


def _dispatch(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/dispatches",
        **command(
            "dispatchLawyerLetter",
            "Have the signed letter posted by the contact service, under its permit; or say that it was posted by hand",
            scope="legal:write",
            problems=(
                *OF_A_LETTER, *OF_A_PDF, *OF_THE_LAW, "letter-text-changed", "letter-needs-firm",
                "letter-of-another-firm", "letter-word-unknown", "letter-not-posted", "service-not-answering",
            ),
            sent={"channel": "letter"},
            gives=example(id=LETTER, **GIVES),
            links={
                "showLawyerLetter": {
                    "matter_id": "$request.path.matter_id", "letter_id": "$request.path.letter_id",
                }
            },
        ),
    )  # fmt: skip
    async def dispatch_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterDispatchSent, asked: Asked
    ) -> Response:
        closed("/channel", sent.channel, kinds.CHANNELS)
        act = LetterAct(office, matter_id, letter_id, asked)
        if sent.carrier_no is not None:
            return await act.take(
                f.LetterDispatched(
                    track=letter_id, step=act.id(STEP), on=act.day(sent.on), channel=sent.channel, try_no=1,
                    message=None, permit=None, carrier_no=sent.carrier_no,
                )
            )  # fmt: skip
        return await _posted(act, sent.channel)


async def _posted(act: LetterAct, channel: str) -> Response:
    """The intent is stored and contact is asked first; what a repetition finds done is answered as it was."""
    asked, found = act.asked, await _outcome(act, channel)
    if not asked.dry_run:  # the intent was begun on the version of `If-Match`, and has moved it
        act.asked = replace(asked, expected=None)

    async def outcome() -> TakeStep:
        if isinstance(found, Refused | Problem):
            raise found
        return TakeStep(step=found, by=act.by)

    async def shows(verdict: Verdict) -> dict[str, Any]:
        return {} if isinstance(found, Refused | Problem) or asked.dry_run else _shown(found)

    return await act.do(outcome, links={"letter": act.page}, shows=shows, id=act.letter)


async def _outcome(act: LetterAct, channel: str) -> f.LetterStep | Refused | Problem:
    """The step that asking contact led to, or what kept it from being asked; a dry run asks nobody."""
    desk, asked = act.desk, act.asked
    dispatching = desk.letters.dispatching
    meta = Meta(actor=act.by, client=asked.caller.client, key=f"{asked.operation}|{asked.key}")
    try:
        intent = await dispatching.intent(act.letter, channel)
        if asked.dry_run:
            return intent or StepOutOfOrder(status=DISPATCHING, next=())
        if intent is not None:
            await asked.require_match(desk.ledger, act.about)
        begun = await dispatching.begin(act.letter, channel, meta)
        return await dispatching.post(begun, desk.contact_file)
    except MatterUnknown:
        raise Problem("not-found") from None
    except (Refused, Problem) as refused:  # it may be that this request was answered before
        return refused


def _shown(step: f.LetterStep) -> dict[str, Any]:
    if isinstance(step, f.LetterDispatchRefused):
        until = None if step.until is None else step.until.isoformat()
        said = {"status": "REFUSED", "permit": step.permit, "rules": list(step.rules), "until": until}
        return {"step": step.step, "message": None, **said}
    assert isinstance(step, f.LetterDispatched), "contact takes it or refuses"
    said = {"status": "POSTED", "permit": step.permit, "rules": [], "until": None}
    return {"step": step.step, "message": step.message, **said}


def _arrive(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/deliveries",
        **command(
            "recordLetterDelivery",
            "Record by hand that the letter arrived, and what proves it; a delivered demand restarts limitation",
            scope="legal:write",
            problems=(*OF_A_LETTER, "letter-word-unknown"),
            sent={"proof": "SIGNED", "document": DIGEST, "on": "2026-11-25"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def record_delivery(
        matter_id: MatterId, letter_id: LetterId, sent: LetterDeliverySent, asked: Asked
    ) -> Response:
        closed("/proof", sent.proof, kinds.PROOF_KINDS)
        act = LetterAct(office, matter_id, letter_id, asked)
        on, step = act.day(sent.on), act.id(STEP)

        async def delivered() -> TakeStep:
            matter = (await act.desk.acts.load(matter_id)).matter
            arrived = f.LetterDelivered(
                track=letter_id, step=step, on=on, proof=sent.proof, message=None, document=sent.document,
                answer_until=answer_until(matter, letter_id, on),
            )  # fmt: skip
            return TakeStep(step=arrived, by=act.by)

        return await act.do(delivered, links={"letter": act.page}, id=letter_id, step=step)

    @found.post(
        "/{matter_id}/letters/{letter_id}/failures",
        **command(
            "recordLetterFailure",
            "Record by hand that the letter came back or cannot be delivered; it may be dispatched again",
            scope="legal:write",
            problems=OF_A_LETTER,
            sent={"reason": "MOVED"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def record_failure(
        matter_id: MatterId, letter_id: LetterId, sent: LetterFailureSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        return await act.take(
            f.LetterUndeliverable(
                track=letter_id, step=act.id(STEP), on=act.day(sent.on), reason=sent.reason, message=None
            )
        )


def _answer(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/answers",
        **command(
            "recordLetterAnswer",
            "Record what was answered; who asks for time, or says that they will pay, restarts limitation",
            scope="legal:write",
            problems=(*OF_A_LETTER, "letter-word-unknown"),
            sent={"answer": "ASKS_FOR_TIME"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def record_answer(
        matter_id: MatterId, letter_id: LetterId, sent: LetterAnswerSent, asked: Asked
    ) -> Response:
        closed("/answer", sent.answer, kinds.ANSWERS)
        act = LetterAct(office, matter_id, letter_id, asked)
        return await act.take(
            f.LetterAnswered(
                track=letter_id, step=act.id(STEP), on=act.day(sent.on), answer=sent.answer,
                document=sent.document,
            )
        )  # fmt: skip


def _end(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{matter_id}/letters/{letter_id}/withdrawals",
        **command(
            "withdrawLawyerLetter",
            "Give the letter up before it is dispatched",
            scope="legal:write",
            problems=(*OF_A_LETTER, "letter-already-out"),
            sent={"reason": "PAID"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def withdraw_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterEndSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        return await act.take(
            f.LetterWithdrawn(track=letter_id, step=act.id(STEP), on=act.day(sent.on), reason=sent.reason)
        )

    @found.post(
        "/{matter_id}/letters/{letter_id}/closures",
        **command(
            "closeLawyerLetter",
            "Nothing more is expected of the letter",
            scope="legal:write",
            problems=OF_A_LETTER,
            sent={"reason": "PAID"},
            gives=example(id=LETTER, step=ref("stp")),
        ),
    )
    async def close_letter(
        matter_id: MatterId, letter_id: LetterId, sent: LetterEndSent, asked: Asked
    ) -> Response:
        act = LetterAct(office, matter_id, letter_id, asked)
        return await act.take(
            f.LetterClosed(track=letter_id, step=act.id(STEP), on=act.day(sent.on), reason=sent.reason)
        )
