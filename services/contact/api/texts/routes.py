"""The routes of templates and scripts."""

from fastapi import APIRouter

from services.contact.api.desk import Office
from services.contact.api.texts import looking, templates
from services.contact.api.texts.wire import HERE
from shared.http.operations import routes


def routers(office: Office) -> tuple[APIRouter, ...]:
    """/v1/templates and /v1/scripts."""
    found, scripts = routes(HERE, tag="templates"), routes("/v1/scripts", tag="templates")
    templates.add_lists(found, office)
    templates.add_writing(found, office)
    templates.add_deciding(found, office)
    looking.add_previews(found, office)
    looking.add_scripts(scripts, office)
    return found, scripts
