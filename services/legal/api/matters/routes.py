"""The routers of matters."""

from fastapi import APIRouter

from services.legal.api.acting import MATTERS
from services.legal.api.desk import Office
from services.legal.api.matters import claims, costs, firms, mediations, one, opening, people
from shared.http.operations import routes


def routers(office: Office) -> tuple[APIRouter, ...]:
    """What is under /v1/legal-matters, and the things of a matter that are addressed by themselves."""
    matters, things = routes(MATTERS, tag="legal-matters"), routes("/v1", tag="legal-matters")
    for page in (opening, one, people, claims, firms, mediations, costs):
        page.add(matters, office)
    for page_of_things in (people, firms, mediations, costs):
        page_of_things.add_things(things, office)
    return (matters, things)
