"""Many things in one request: each taken or refused by itself, told item by item (207)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from shared.eventstore.port import LedgerError
from shared.http import bodies, problems
from shared.http.language import Language
from shared.http.problems import Problem
from shared.http.traffic import request_id_of
from shared.kernel.refusal import Refused

ITEMS_MAX = 1_000
BYTES_MAX = 1024 * 1024
S = TypeVar("S", bound=BaseModel)


def many(said: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """A declared command whose answer is 207 with an answer an item."""
    responses = dict(said["responses"])
    done = dict(responses.pop(201))
    done["content"] = {bodies.MEDIA_TYPE: {"schema": {"type": "object"}, "example": dict(example)}}
    done["description"] = "Each item's own answer, in the order they were sent"
    return {**said, "status_code": 207, "responses": {**responses, 207: done}}


async def each(
    request: Request,
    items: Sequence[Mapping[str, Any]],
    *,
    of: type[S],
    language: Language,
    take: Callable[[S], Awaitable[dict[str, Any]]],
) -> Response:
    """The answers: `take` gives an item's, with its `status`; its refusals are told as a single request's would be."""
    answers = []
    for place, item in enumerate(items):
        answers.append({"item": place, **await _one(request, item, of=of, language=language, take=take)})
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
    return JSONResponse({"items": answers}, status_code=207, headers=headers)


async def _one(
    request: Request,
    item: Mapping[str, Any],
    *,
    of: type[S],
    language: Language,
    take: Callable[[S], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    def problem(kind: problems.ProblemType, errors: Any = (), context: Any = None) -> dict[str, Any]:
        said = problems.body(
            kind, language=language, request_id=request_id_of(request.scope), errors=errors, context=context
        )
        return {"status": kind.status, "problem": said}

    try:
        return await take(of.model_validate(item))
    except ValidationError as raised:
        places = sorted(
            {("/" + "/".join(map(str, error["loc"])), error["type"].upper()) for error in raised.errors()}
        )
        return problem(problems.CATALOGUE["invalid"], errors=places)
    except Problem as met:
        return problem(met.kind, met.errors, met.context)
    except Refused as refused:
        return problem(problems.of_refusal(type(refused)), context=refused.context)
    except LedgerError:
        return problem(problems.CATALOGUE["temporary-reduced-capacity"])
