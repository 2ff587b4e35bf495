"""An HTTP application as every service has it: problems, request ids, probes, metrics and problem pages."""

import html
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse

from shared.http import answers, problems
from shared.http.answers import documented
from shared.http.parameters import only_declared
from shared.http.problems import Problem
from shared.http.traffic import Traffic
from shared.telemetry import metrics as meters
from shared.telemetry.metrics import Metrics

Ready = Callable[[], Awaitable[dict[str, str]]]
"""What is not ready, by part; empty when all is."""
Measure = Callable[[], Awaitable[None]]
"""Brings the gauges up to date before they are read."""

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `type` is the address of a page that says what happened and what to do.",
    "required": ["type", "title", "status", "code", "detail", "request_id", "retryable"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "retryable": {"type": "boolean"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"parameter": {"type": "string"}, "code": {"type": "string"}},
            },
        },
        "context": {"type": "object"},
    },
}


def _page(kind: problems.ProblemType) -> str:
    said = [html.escape(text) for text in (kind.title_en, kind.detail_en, kind.title_zh, kind.detail_zh)]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{kind.code}</title>'
        f"<h1>{kind.code} ({kind.status})</h1><h2>{said[0]}</h2><p>{said[1]}</p>"
        f'<div lang="zh-CN"><h2>{said[2]}</h2><p>{said[3]}</p></div></html>\n'
    )


def _probes(*, ready: Ready, measure: Measure, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/livez", summary="Is the process alive?")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="Can it answer requests?", responses={503: {"description": "Not ready"}})
    async def readyz() -> JSONResponse:
        missing = await ready()
        state = {"status": "not ready", "missing": missing} if missing else {"status": "ok"}
        return JSONResponse(state, status_code=503 if missing else 200, headers={"Cache-Control": "no-store"})

    @router.get("/metrics", summary="Meters, as Prometheus reads them", response_class=Response)
    async def read_metrics() -> Response:
        await measure()
        return Response(metrics.text(), media_type=meters.CONTENT_TYPE)

    @router.get(
        "/problems/{code}",
        summary="What a problem means and what to do",
        response_class=HTMLResponse,
        responses=documented("not-found"),
    )
    async def problem_page(code: str) -> HTMLResponse:
        kind = problems.every_problem().get(code)
        if kind is None:
            raise Problem("not-found")
        return HTMLResponse(_page(kind))

    return router


def make(
    *,
    title: str,
    version: str,
    routers: Sequence[APIRouter],
    ready: Ready,
    measure: Measure,
    metrics: Metrics,
    hosts: frozenset[str] | None = None,
) -> FastAPI:
    """An application with these routers; everything it answers with 4xx or 5xx is a problem of the catalogue.

    `hosts`: the names it answers under (None: any).
    """
    app = FastAPI(
        title=title,
        version=version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(only_declared)],
        responses=documented("invalid", "internal", "temporary-reduced-capacity"),
    )
    app.add_middleware(
        Traffic,
        metrics=metrics,
        answer_failure=answers.answer_failure,
        answer_misdirected=answers.answer_misdirected,
        hosts=hosts,
    )
    answers.install(app)
    app.include_router(_probes(ready=ready, measure=measure, metrics=metrics))
    for router in routers:
        app.include_router(router)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Put the problem's schema into the OpenAPI document, in place of the framework's own error."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = PROBLEM_SCHEMA
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]
