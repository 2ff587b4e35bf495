"""The routers of letters."""

from fastapi import APIRouter

from services.legal.api.acting import MATTERS
from services.legal.api.desk import Office
from services.legal.api.letters import drafting, looking, sending
from shared.http.operations import routes


def routers(office: Office) -> tuple[APIRouter, ...]:
    """What is under /v1/legal-matters/{id}/letters, and the texts."""
    letters, texts = routes(MATTERS, tag="legal-letters"), routes("/v1", tag="legal-letters")
    for page in (drafting, looking, sending):
        page.add(letters, office)
    looking.add_texts(texts, office)
    return (letters, texts)
