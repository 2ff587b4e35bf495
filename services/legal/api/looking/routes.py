"""The routers of the lists."""

from fastapi import APIRouter

from services.legal.api.acting import MATTERS
from services.legal.api.desk import Office
from services.legal.api.looking import board, costs, diary, happened, risks
from shared.http.operations import routes


def routers(office: Office) -> tuple[APIRouter, ...]:
    """The board and what happened in a matter, the diary, limitation at risk, costs."""
    matters, lists = routes(MATTERS, tag="legal-matters"), routes("/v1", tag="legal lists")
    board.add(matters, office)
    happened.add(matters, lists, office)
    for page in (diary, risks, costs):
        page.add(lists, office)
    return (matters, lists)
