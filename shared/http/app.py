"""An HTTP application as every service has it: problems, request ids, probes, metrics and problem pages."""

import html
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from shared.http import answers, problems
from shared.http.access import Access
from shared.http.directory import Directory
from shared.http.document import describe
from shared.http.operations import GuardedRoute, methods_at, open_to_all, require_declared, routes
from shared.http.problems import Problem
from shared.http.traffic import Traffic
from shared.telemetry import metrics as meters
from shared.telemetry.metrics import Metrics

Ready = Callable[[], Awaitable[dict[str, str]]]
"""What is not ready, by part; empty when all is."""
Measure = Callable[[], Awaitable[None]]
"""Brings the gauges up to date before they are read."""


def _page(kind: problems.ProblemType) -> str:
    said = [html.escape(text) for text in (kind.title_en, kind.detail_en, kind.title_zh, kind.detail_zh)]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{kind.code}</title>'
        f"<h1>{kind.code} ({kind.status})</h1><h2>{said[0]}</h2><p>{said[1]}</p>"
        f'<div lang="zh-CN"><h2>{said[2]}</h2><p>{said[3]}</p></div></html>\n'
    )


def _probes(*, ready: Ready, measure: Measure, metrics: Metrics) -> APIRouter:
    router = routes("", tag="operations")

    @router.get("/livez", **open_to_all("isAlive", "Is the process alive?", example={"status": "ok"}))
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    told = open_to_all("isReady", "Can it answer requests?", example={"status": "ok"})
    told["responses"][503] = {"description": "Not ready; `missing` says which part."}

    @router.get("/readyz", **told)
    async def readyz() -> JSONResponse:
        missing = await ready()
        state = {"status": "not ready", "missing": missing} if missing else {"status": "ok"}
        return JSONResponse(state, status_code=503 if missing else 200, headers={"Cache-Control": "no-store"})

    @router.get(
        "/metrics",
        **open_to_all("readMeters", "Meters, as Prometheus reads them"),
        response_class=PlainTextResponse,
    )
    async def read_metrics() -> Response:
        await measure()
        return Response(metrics.text(), media_type=meters.CONTENT_TYPE)

    @router.get(
        "/problems/{code}",
        **open_to_all("explainProblem", "What a problem means and what to do", problems=("not-found",)),
        response_class=HTMLResponse,
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
    access: Access,
    hosts: frozenset[str] | None = None,
) -> FastAPI:
    """An application with these routers; everything it answers with 4xx or 5xx is a problem of the catalogue.

    `hosts`: the names it answers under (None: any).

    Raises Undeclared for a route that declares no scope, or enforces none.
    """
    every = (_probes(ready=ready, measure=measure, metrics=metrics), *routers)
    require_declared(every)
    app = FastAPI(
        title=title,
        version=version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    app.add_middleware(
        Traffic,
        metrics=metrics,
        answer_failure=answers.answer_failure,
        answer_misdirected=answers.answer_misdirected,
        hosts=hosts,
    )
    answers.install(app)
    app.state.access, app.state.methods_at = access, methods_at(every)
    own = [route for router in every for route in router.routes if isinstance(route, GuardedRoute)]
    app.router.routes += [Directory(own), *own]
    describe(app)
    return app
