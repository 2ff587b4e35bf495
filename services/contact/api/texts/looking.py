"""Looking at texts: a template with values, and the script for whoever speaks."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request

from services.contact.api.desk import Office
from services.contact.api.texts import wire as w
from services.contact.application.texts.shown import chosen, script
from services.contact.domain.texts.document import SCRIPTS, STAGES
from services.contact.domain.texts.rendering import hidden, render
from services.contact.domain.texts.template import TemplateUnknown
from services.contact.domain.texts.values import samples
from services.contact.projections.texts import templates as template_list
from shared.http import bodies
from shared.http.language import chosen as language_of
from shared.http.operations import command, reading
from shared.http.problems import Problem
from shared.texts.writing import LANGUAGES

_PREVIEW = {
    "template": "optout-confirmation-sms", "version": 1, "language": "en", "subject_line": None,
    "text": "Example Bank: We have stopped messages to this number. To undo it, call 021-95588.",
    "markers": ["identifies_institution", "stops_contact"], "hash": "9f" * 32,
}  # fmt: skip
_SCRIPT: dict[str, Any] = {
    "template": "wrong-number-script", "version": 1, "content": "9f" * 32, "channel": "voice",
    "situation": "wrong_number", "stages": [], "language": "en", "markers": ["stops_contact"],
    "lines": [{"say": "I am sorry, I have the wrong number.", "says": [], "must": False}],
    "variables": [{"name": "institution", "kind": "institution", "choices": []}],
    "never": [{"rule": "W-INSULT", "marker": "insult", "reason": "Nobody is insulted"}],
    "must_not": [{"rule": "R-STRANGER-NOTHING", "parts": ["discloses_debt"], "reason": "A stranger is told nothing"}],
}  # fmt: skip


def _preview() -> dict[str, Any]:
    said = command(
        "previewTemplate",
        "A text with values in their places, names hidden; nothing is recorded, so the key is not kept either",
        scope="contact:decide",
        problems=(
            "template-unknown", "template-not-in-force", "template-language-missing", "template-value-unfit",
        ),
        sent={"language": "en"},
        gives={},
    )  # fmt: skip
    responses = {status: answer for status, answer in said["responses"].items() if status != 201}
    responses[200] = {
        "description": "The text",
        "content": {bodies.MEDIA_TYPE: {"example": _PREVIEW}},
    }
    return {**said, "status_code": 200, "responses": responses}


def add_previews(found: APIRouter, office: Office) -> None:
    """POST /v1/templates/{template_id}/previews: values are personal data and stand in no address."""

    @found.post("/{template_id}/previews", **_preview())
    async def preview_template(template_id: w.TemplateId, sent: w.PreviewSent) -> w.PreviewShown:
        desk = office.open_desk.texts
        template = await desk.known(template_id)
        if not template.versions:
            raise TemplateUnknown
        one = template.in_force(desk.today) if sent.version is None else template.of(sent.version)
        values = samples(one.text.variables) if sent.values is None else sent.values
        exact = render(one.text, sent.language, values, desk.words)
        subject_line, text = hidden(one.text, sent.language, values)
        return w.PreviewShown(
            template=template.code, version=one.number, language=sent.language, subject_line=subject_line,
            text=text, markers=list(exact.markers), hash=exact.hash,
        )  # fmt: skip


def add_scripts(found: APIRouter, office: Office) -> None:
    """GET /v1/scripts/{situation}."""

    @found.get(
        "/{situation}",
        **reading(
            "showScript",
            "What to say in a situation: line by line, with what must be said and what never is",
            scope="contact:decide",
            problems=("script-unknown", "template-unknown"),
            example=_SCRIPT,
        ),
    )
    async def show_script(
        request: Request,
        situation: Annotated[str, Path(description="Such as `call_opening`, `hardship`, `wrong_number`.")],
        lang: Annotated[str | None, Query(json_schema_extra={"enum": list(LANGUAGES)})] = None,
        stage: Annotated[str | None, Query(json_schema_extra={"enum": list(STAGES)})] = None,
        channel: Annotated[str, Query(json_schema_extra={"enum": list(SCRIPTS)})] = "voice",
        version: Annotated[
            int | None,
            Query(ge=1, description="That version of the script that is found, not the one in force."),
        ] = None,
    ) -> w.ScriptShown:
        for name, value, codes in (
            ("lang", lang, LANGUAGES),
            ("stage", stage, STAGES),
            ("channel", channel, SCRIPTS),
        ):
            if value is not None and value not in codes:
                raise Problem("invalid", errors=[(name, "NOT_ONE_OF")], context={"allowed": list(codes)})
        desk = office.open_desk
        texts = desk.texts
        known = await texts.all_known(await desk.ask(template_list.codes))
        template, one = chosen(known, situation, channel=channel, stage=stage, today=texts.today)
        if version is not None:
            one = template.of(version)
        language = lang or language_of(request.headers.get("accept-language"))
        return w.ScriptShown(**script(template, one, language, texts.words))
