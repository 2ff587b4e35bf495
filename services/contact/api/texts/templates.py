"""Writing a template, and approving, rejecting or retiring a version of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response

from services.contact.api.desk import Office
from services.contact.api.texts import wire as w
from services.contact.application.texts.templates import Verdict
from services.contact.domain.texts import document
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command

OF_WRITING = (
    "template-malformed", "template-unfit", "template-kind-changed", "template-begins-in-the-past",
)  # fmt: skip
OF_DECIDING = ("template-unknown", "not-awaiting-approval", "maker-is-checker")
_NUMBER = {"version": "$response.body#/number"}


def add_writing(found: APIRouter, office: Office) -> None:
    """POST /v1/templates."""

    @found.post(
        "",
        **command(
            "draftTemplate",
            "Write a template; nothing of it is used until a second person approves it",
            scope="rules:propose",
            problems=(*OF_WRITING, "template-exists"),
            sent={"template": "stop-sms", **w.OF_A_TEXT},
            gives=_given("stop-sms", 1),
            links={
                "approveTemplateVersion": {
                    "template_id": "$response.body#/template",
                    "version": "$response.body#/number",
                }
            },
        ),
    )
    async def draft_template(sent: w.TemplateSent, asked: Asked) -> Response:
        desk, text = office.open_desk.texts, document.read(sent.raw())
        code = _code(sent.template)
        return await _carried(
            office,
            asked,
            code,
            lambda: desk.draft(
                code, text, actor=asked.caller.actor, effective_from=sent.effective_from, new=True,
                dry_run=asked.dry_run,
            ),
            named_by_body=True,
        )  # fmt: skip


def add_next(found: APIRouter, office: Office) -> None:
    """POST a new version of a template."""

    @found.post(
        "/{template_id}/versions",
        **command(
            "draftTemplateVersion",
            "Write the next version of a template",
            scope="rules:propose",
            problems=(*OF_WRITING, "template-unknown"),
            sent=w.OF_A_TEXT,
            gives=_given("optout-confirmation-sms", 2),
            links={
                "approveTemplateVersion": {
                    "template_id": "$request.path.template_id",
                    "version": "$response.body#/number",
                }
            },
        ),
    )
    async def draft_template_version(template_id: w.TemplateId, sent: w.TextSent, asked: Asked) -> Response:
        desk, text = office.open_desk.texts, document.read(sent.raw())
        code = _code(template_id)
        return await _carried(
            office,
            asked,
            code,
            lambda: desk.draft(
                code, text, actor=asked.caller.actor, effective_from=sent.effective_from, new=False,
                dry_run=asked.dry_run,
            ),
        )  # fmt: skip


def add_deciding(found: APIRouter, office: Office) -> None:
    """POST approvals and rejections of a version."""

    @found.post(
        "/{template_id}/versions/{version}/approvals",
        **command(
            "approveTemplateVersion",
            "Approve a version that another person wrote; today's list of forbidden words decides again",
            scope="rules:commit",
            problems=(*OF_DECIDING, "template-unfit"),
            sent={},
            gives=_given("stop-sms", 1),
        ),
    )
    async def approve_template_version(
        template_id: w.TemplateId, version: w.VersionNo, sent: w.ApprovalSent, asked: Asked
    ) -> Response:
        desk, code = office.open_desk.texts, _code(template_id)
        return await _carried(
            office, asked, code,
            lambda: desk.approve(code, version, actor=asked.caller.actor, dry_run=asked.dry_run),
        )  # fmt: skip

    @found.post(
        "/{template_id}/versions/{version}/rejections",
        **command(
            "rejectTemplateVersion",
            "Reject a version that another person wrote",
            scope="rules:commit",
            problems=OF_DECIDING,
            sent={"reason": "TOO_STERN"},
            gives=_given("stop-sms", 1),
        ),
    )
    async def reject_template_version(
        template_id: w.TemplateId, version: w.VersionNo, sent: w.ReasonSent, asked: Asked
    ) -> Response:
        desk, code = office.open_desk.texts, _code(template_id)
        return await _carried(
            office, asked, code,
            lambda: desk.reject(
                code, version, reason=sent.reason, actor=asked.caller.actor, dry_run=asked.dry_run
            ),
        )  # fmt: skip


def add_retiring(found: APIRouter, office: Office) -> None:
    """POST the retirement of a version."""

    @found.post(
        "/{template_id}/versions/{version}/retirements",
        **command(
            "retireTemplateVersion",
            "Use a version no more from today on; what was sent can still be made again",
            scope="rules:commit",
            problems=("template-unknown", "template-not-in-force"),
            sent={"reason": "REPLACED"},
            gives=_given("stop-sms", 1),
        ),
    )
    async def retire_template_version(
        template_id: w.TemplateId, version: w.VersionNo, sent: w.ReasonSent, asked: Asked
    ) -> Response:
        desk, code = office.open_desk.texts, _code(template_id)
        return await _carried(
            office, asked, code,
            lambda: desk.retire(
                code, version, reason=sent.reason, actor=asked.caller.actor, dry_run=asked.dry_run
            ),
        )  # fmt: skip


def _code(template: str) -> str:
    """A template's code, before it becomes part of an address. Raises TemplateMalformed."""
    if len(template) > document.CODE_CHARS_MAX or not document.CODE.fullmatch(template):
        raise document.refused(["template: CODE_MALFORMED"])
    return template


def _given(code: str, version: int) -> dict[str, Any]:
    return {"template": code, "number": version, "links": {"self": f"{w.HERE}/{code}/versions/{version}"}}


async def _carried(
    office: Office,
    asked: Envelope,
    code: str,
    ask: Callable[[], Awaitable[Verdict]],
    *,
    named_by_body: bool = False,
) -> Response:
    """Carry a decision about a template out once."""
    desk = office.open_desk

    async def decide() -> Decided:
        verdict = await ask()
        given = _given(code, verdict.version)
        return Decided(writes=verdict.writes, policy=verdict.policy, refs=given, known=given)

    stream = desk.texts.stream(code)
    return await asked.carry_out(desk.ledger, stream=stream, decide=decide, named_by_body=named_by_body)
