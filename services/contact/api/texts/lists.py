"""Templates: those there are, one of them, one version of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from services.contact.api.desk import Office
from services.contact.api.texts import wire as w
from services.contact.application.texts.shown import summary, whole
from services.contact.domain.texts import document
from services.contact.domain.texts.template import STATUSES, TemplateUnknown
from services.contact.projections.texts import templates as template_list
from shared.http.asked import MinPosition, caught_up
from shared.http.operations import reading
from shared.http.preconditions import etag
from shared.http.problems import Problem

_EXAMPLE = {
    "id": "optout-confirmation-sms", "channel": "sms", "situation": "optout_confirmation", "stages": [],
    "purpose": "optout_confirmation", "audience": "debtor", "languages": ["zh-CN", "en"], "in_force": 1,
    "versions": [w.OF_A_VERSION],
}  # fmt: skip


def add_list(found: APIRouter, office: Office) -> None:
    """GET /v1/templates."""

    @found.get(
        "",
        **reading(
            "listTemplates",
            "Templates and scripts: the shipped ones, the tenant's own, and versions that wait for a second person",
            scope="contact:decide",
            problems=("malformed-request", "projection-behind"),
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


def add_one(found: APIRouter, office: Office) -> None:
    """GET /v1/templates/{template_id} and one version of it."""

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


def _known(name: str, value: str | None, codes: tuple[str, ...]) -> None:
    if value is not None and value not in codes:
        raise Problem("invalid", errors=[(name, "NOT_ONE_OF")], context={"allowed": list(codes)})
