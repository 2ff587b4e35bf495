"""The page at `/`: where to go from here."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from shared.http.operations import open_to_all, routes

OF_ALL = {
    "feeds": "/v1/feeds",
    "openapi": "/openapi.json",
    "alive": "/livez",
    "ready": "/readyz",
    "metrics": "/metrics",
}


def router(links: Mapping[str, str]) -> APIRouter:
    """The index; `links`: what the services served here are entered by."""
    found = routes("", tag="operations")

    @found.get(
        "/", **open_to_all("showIndex", "What is served here", example={"name": "quittance", "links": {}})
    )
    async def index() -> dict[str, Any]:
        return {"name": "quittance", "links": {**links, **OF_ALL}}

    return found
