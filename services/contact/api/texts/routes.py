"""The routes of templates and scripts."""

from fastapi import APIRouter

from services.contact.api.desk import Office
from services.contact.api.texts import lists, looking, templates
from services.contact.api.texts.wire import HERE
from shared.http.operations import routes


def routers(office: Office) -> tuple[APIRouter, ...]:
    """/v1/templates and /v1/scripts."""
    found, scripts = routes(HERE, tag="templates"), routes("/v1/scripts", tag="templates")
    for add in (
        lists.add_list, lists.add_one, templates.add_writing, templates.add_next, templates.add_deciding,
        templates.add_retiring, looking.add_previews,
    ):  # fmt: skip
        add(found, office)
    looking.add_scripts(scripts, office)
    return found, scripts
