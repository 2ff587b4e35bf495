"""Templates: those there are, writing one, and approving, rejecting or retiring a version."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from services.contact.api.desk import Office
from services.contact.api.texts import wire as w
from services.contact.application.texts.shown import summary, whole
from services.contact.application.texts.templates import Verdict
from services.contact.domain.texts import document
from services.contact.domain.texts.template import STATUSES, TemplateUnknown
from services.contact.projections.texts import templates as template_list
from shared.http.asked import MinPosition, caught_up
from shared.http.commands import Asked, Decided, Envelope
from shared.http.operations import command, reading
from shared.http.preconditions import etag
from shared.http.problems import Problem

OF_WRITING = (
    "template-malformed", "template-unfit", "template-kind-changed", "template-begins-in-the-past",
)  # fmt: skip
OF_DECIDING = ("template-unknown", "not-awaiting-approval", "maker-is-checker")
_NUMBER = {"version": "$response.body#/number"}
_EXAMPLE = {
    "id": "optout-confirmation-sms", "channel": "sms", "situation": "optout_confirmation", "stages": [],
    "purpose": "optout_confirmation", "audience": "debtor", "languages": ["zh-CN", "en"], "in_force": 1,
    "versions": [w.OF_A_VERSION],
}  # fmt: skip


def add_lists(found: APIRouter, office: Office) -> None:
    """GET /v1/templates, GET /v1/templates/{template_id} and one version of it."""

    @found.get(
        "",
        **reading(
            "listTemplates",
            "Templates and scripts: the shipped ones, the tenant's own, and versions that wait for a second person",
            scope="contact:decide",
            problems=("projection-behind",),
            example={"items": [_EXAMPLE]},
            links={"showTemplate": {"template_id": "$response.body#/items/0/id"}},
        ),
    )
    async def list_templates(
        request: Request,
        min_position: MinPosition = None,
        channel: Annotated[str | None, Query(json_schema_extra={"enum": list(document.CHANNELS)})] = None,
        situation: Annotated[str | None, Query(json_schema_extra={"enum": list(document.SITUATIONS)})] = None,
        stage: Annotated[str | None, Query(json_schema_extra={"enum": list(document.STAGES)})] = None,
        status: Annotated[str | None, Query(json_schema_extra={"enum": list(STATUSES)})] = None,
    ) -> w.TemplateList:
        _known("channel", channel, document.CHANNELS)
        _known("situation", situation, document.SITUATIONS)
        _known("stage", stage, document.STAGES)
        _known("status", status, STATUSES)
        desk = office.open_desk
        await caught_up(request, desk, template_list.VIEW)
        codes = await desk.ask(template_list.codes)
        shown = [summary(one, desk.texts.today) for one in await desk.texts.all_known(codes)]
        return w.TemplateList(
            items=[
                w.TemplateShown(**one)
                for one in shown
                if channel in (None, one["channel"])
                and situation in (None, one["situation"])
                and (stage is None or not one["stages"] or stage in one["stages"])
                and (status is None or any(version["status"] == status for version in one["versions"]))
            ]
        )

    @found.get(
        "/{template_id}",
        **reading(
            "showTemplate",
            "One template with its versions",
            scope="contact:decide",
            problems=("template-unknown",),
            example=_EXAMPLE,
        ),
    )
    async def show_template(response: Response, template_id: w.TemplateId) -> w.TemplateShown:
        desk = office.open_desk.texts
        template = await desk.known(template_id)
        if not template.versions:
            raise TemplateUnknown
        if template.stream_version:
            response.headers["ETag"] = etag(template.stream_version)
        return w.TemplateShown(**summary(template, desk.today))

    @found.get(
        "/{template_id}/versions/{version}",
        **reading(
            "showTemplateVersion",
            "One version with its text in every language",
            scope="contact:decide",
            problems=("template-unknown",),
            example=w.OF_A_VERSION
            | {
                "template": "optout-confirmation-sms",
                "markers": ["stops_contact"],
                "words": "house.words/2026.1.0",
            }
            | w.OF_A_TEXT,
        ),
    )
    async def show_template_version(template_id: w.TemplateId, version: w.VersionNo) -> w.VersionWhole:
        template = await office.open_desk.texts.known(template_id)
        return w.VersionWhole(**whole(template, template.of(version)))


def add_writing(found: APIRouter, office: Office) -> None:
    """POST /v1/templates and a new version of one."""

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
    """POST approvals, rejections and retirements of a version."""

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


def _known(name: str, value: str | None, codes: tuple[str, ...]) -> None:
    if value is not None and value not in codes:
        raise Problem("invalid", errors=[(name, "NOT_ONE_OF")], context={"allowed": list(codes)})


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
