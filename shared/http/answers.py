"""From exceptions to problems: one place turns everything that goes wrong into the same shape of answer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from shared.eventstore.port import Busy, LedgerClosed, OutcomeUnknown, StoreFull, StoreUnavailable
from shared.eventstore.projection.port import ViewsUnavailable
from shared.http import problems
from shared.http.language import chosen
from shared.http.problems import CATALOGUE, Problem, ProblemType
from shared.http.traffic import request_id_of
from shared.kernel.refusal import Refused

RETRY_AFTER_S = "2"
_BY_STATUS = {404: "not-found", 405: "method-not-allowed", 400: "malformed-request"}
_QUOTED = re.compile(r"'([^']*)'")
_STORE_TROUBLE = (Busy, StoreFull, StoreUnavailable, LedgerClosed, OutcomeUnknown, ViewsUnavailable)


def answer(
    request: Request,
    kind: ProblemType,
    *,
    errors: tuple[tuple[str, str], ...] = (),
    context: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as a response, in the caller's language."""
    language = chosen(request.headers.get("accept-language"))
    said = problems.body(
        kind, language=language, request_id=request_id_of(request.scope), errors=errors, context=context
    )
    sent = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if kind.retryable:
        sent["Retry-After"] = RETRY_AFTER_S
    return JSONResponse(
        said, status_code=kind.status, headers=sent | dict(headers or {}), media_type=problems.MEDIA_TYPE
    )


def _problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)
    return answer(
        request, problem.kind, errors=problem.errors, context=problem.context, headers=problem.headers
    )


def _refusal(request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refused)
    wait = refusal.context.get("retry_after_s")
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return answer(request, problems.of_refusal(type(refusal)), context=refusal.context, headers=headers)


def _from_framework(request: Request, raised: Exception) -> JSONResponse:
    assert isinstance(raised, HTTPException)
    code = _BY_STATUS.get(raised.status_code, "malformed-request" if raised.status_code < 500 else "internal")
    # The framework names the methods of the first route that fits the path; a path may have several.
    allowed = request.app.state.methods_at(request.url.path) if raised.status_code == 405 else set()
    return answer(request, CATALOGUE[code], headers={"Allow": ", ".join(sorted(allowed))} if allowed else {})


def _invalid(request: Request, raised: Exception) -> JSONResponse:
    """Names the parameters by our own names for them; what was sent stays unsaid."""
    assert isinstance(raised, RequestValidationError)
    found = {
        (_place(error, raised.body), str(error["type"]).upper())
        for error in raised.errors()
        if error.get("loc")
    }
    return answer(
        request, CATALOGUE["invalid"], errors=tuple(sorted(found)), context=_allowed(raised.errors())
    )


def _allowed(errors: Sequence[Mapping[str, Any]]) -> dict[str, list[str]] | None:
    """The words that the one field which is wrong may hold, where they are a closed list of ours."""
    told = [error.get("ctx", {}) for error in errors]
    listed = told[0].get("expected_tags") or told[0].get("expected") if len(told) == 1 else None
    words = _QUOTED.findall(str(listed)) if listed else []
    return {"allowed": words} if words else None


def _place(error: Mapping[str, Any], body: Any) -> str:
    """The parameter's name, or a pointer into the body; a field that is not ours is named by what it stands in."""
    where, *inside = error["loc"]
    if where != "body":
        return str(error["loc"][-1])
    told_by = error.get("ctx", {}).get("discriminator")
    if told_by is not None:  # the field that tells the bodies apart, which the library quotes
        inside = [*inside, told_by.strip("'")]
    known = inside[:-1] if error["type"] == "extra_forbidden" else inside
    return "".join(f"/{part}" for part in _in_body(known, body, last=error["loc"][-1]))


def _in_body(known: Sequence[Any], body: Any, *, last: Any) -> Iterator[Any]:
    """The parts of a place, without the names of the bodies that are told apart, which the library puts among them."""
    for part in known:
        if isinstance(body, dict) and part not in body and part in body.values() and part != last:
            continue
        yield part
        body = body.get(part) if isinstance(body, dict) else None


def _store_trouble(request: Request, _: Exception) -> JSONResponse:
    return answer(request, CATALOGUE["temporary-reduced-capacity"])


async def answer_failure(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 500 for a fault of ours: the request id, and nothing of the fault."""
    response = answer(Request(scope), CATALOGUE["internal"])
    await response(scope, receive, send)


async def answer_misdirected(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 421 to a request under a name that is not ours."""
    await answer(Request(scope), CATALOGUE["misdirected"])(scope, receive, send)


def install(app: FastAPI) -> None:
    """Make every refusal of this application a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(Refused, _refusal)
    app.add_exception_handler(HTTPException, _from_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in _STORE_TROUBLE:
        app.add_exception_handler(kind, _store_trouble)


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route in OpenAPI: these problems, by status."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in dict.fromkeys(problems.named(code) for code in codes):
        entry = found.setdefault(
            kind.status,
            {
                "description": "",
                "content": {
                    problems.MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        entry["description"] = "; ".join(
            filter(None, (entry["description"], f"{kind.code}: {kind.title_en}"))
        )
        entry["content"][problems.MEDIA_TYPE]["examples"][kind.code] = {
            "summary": kind.title_en,
            "value": problems.body(kind, language="en", request_id="req_0123456789abcdef"),
        }
    return found
