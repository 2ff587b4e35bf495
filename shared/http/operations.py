"""How an operation is declared: its name, its scope, what it can answer, and examples; and the route that enforces it.

    found = routes("/v1/cases", tag="promises")

    @found.get("/{case_id}/balance", **reading("showBalance", "…", scope="case:read", example={…}))
    @found.post("/{case_id}/promises", **command("takePromise", "…", scope="case:write", sent={…}, gives={…}))

What stands in the OpenAPI document is what is enforced: the route reads its scope from its own `security`.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from shared.http import bodies
from shared.http.access import SCOPES, Access, Caller
from shared.http.answers import documented
from shared.http.commands import receive_command
from shared.http.parameters import only_declared

SCHEME = "token"
"""The name of the security scheme in the OpenAPI document."""
COMMAND = "x-command"
CALLER = "caller"
OF_ALL = ("invalid", "internal")
OF_READERS = ("invalid-token", "insufficient-scope", "tenant-not-served", "temporary-reduced-capacity")
OF_COMMANDS = (
    "not-found", "malformed-request", "malformed-json", "idempotency-key-missing", "idempotency-key-reused",
    "body-too-large", "unsupported-media-type", "version-conflict",
)  # fmt: skip
_SHOWN_OF_FILES = ("application/octet-stream", "text/csv", "application/xml", "text/xml")
"""A file of any kind may go as octets, so the document names no more: clients are made from it."""
MEDIA_TYPES_OF_FILES = (
    *_SHOWN_OF_FILES,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
Links = Mapping[str, Mapping[str, str]]
"""Operation -> its parameters, as runtime expressions over the answer (OpenAPI 3.1, 4.8.20)."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Undeclared(TypeError):
    """A route says neither which scope it needs nor that it is open to all."""


def open_to_all(
    operation_id: str, summary: str, *, problems: tuple[str, ...] = (), example: Any = None
) -> dict[str, Any]:
    """An operation without a token: probes, pages about the interface itself."""
    return {
        "operation_id": operation_id,
        "summary": summary,
        "responses": _success(200, "What was asked for", example) | documented(*OF_ALL, *problems),
        "openapi_extra": {"security": []},
    }


def reading(
    operation_id: str,
    summary: str,
    *,
    scope: str,
    problems: tuple[str, ...] = (),
    example: Any = None,
    links: Links | None = None,
) -> dict[str, Any]:
    """An operation that reads; `example`: an answer; `links`: operations that go on from it, with their parameters."""
    success = _success(200, "What was asked for", example)
    if links:
        success[200]["links"] = _links(links)
    return {
        "operation_id": operation_id,
        "summary": summary,
        "responses": success | documented(*OF_ALL, *OF_READERS, *problems),
        "openapi_extra": {"security": _security(scope)},
    }


def command(
    operation_id: str,
    summary: str,
    *,
    scope: str,
    sent: Mapping[str, Any],
    gives: Mapping[str, Any],
    problems: tuple[str, ...] = (),
    if_match: bool = False,
    links: Links | None = None,
    bytes_max: int = bodies.BODY_BYTES_MAX,
) -> dict[str, Any]:
    """An operation that acts; `sent`: an example body, `gives`: example references of the answer.

    `links`: as in `reading`. `if_match`: the caller must say which version the decision was made on (428 without).
    `bytes_max`: how large a body may be.
    """
    own = (*problems, "precondition-required") if if_match else problems
    done = _described(
        "Recorded, or recorded before under this key", "Done", {**gives, "events": ["…"], "version": 18}
    )
    done |= {"headers": _answer_headers(), "links": _links(links or {})}
    return {
        "operation_id": operation_id,
        "summary": summary,
        "status_code": 201,
        "responses": {
            201: done,
            200: _described(
                "Nothing was recorded: a dry run, or there was nothing to add",
                "NotRecorded",
                {"dry_run": True, "events": []},
            ),
        }
        | documented(*OF_ALL, *OF_READERS, *OF_COMMANDS, *own),
        "openapi_extra": {
            "security": _security(scope),
            COMMAND: {"if_match": if_match, "bytes_max": bytes_max},
            "parameters": _command_headers(if_match=if_match),
            "requestBody": {"content": {bodies.MEDIA_TYPE: {"example": dict(sent)}}},
        },
    }


def upload(
    operation_id: str,
    summary: str,
    *,
    scope: str,
    gives: Mapping[str, Any],
    problems: tuple[str, ...] = (),
    links: Links | None = None,
) -> dict[str, Any]:
    """An operation that takes a file as it is, and acts once; the route reads it as it comes (uploads.py)."""
    said = command(
        operation_id, summary, scope=scope, sent={}, gives=gives, problems=problems, links=links
    )  # fmt: skip
    extra = {name: value for name, value in said["openapi_extra"].items() if name != COMMAND}
    schema = {"type": "string", "format": "binary"}
    extra["requestBody"] = {
        "required": True,
        "content": {kind: {"schema": schema, "example": "account_ref,as_of\n"} for kind in _SHOWN_OF_FILES},
    }
    extra["parameters"] = [
        one for one in extra["parameters"] if one["name"] == "Idempotency-Key"
    ] + [
        {
            "name": "Content-Digest",
            "in": "header",
            "required": False,
            "description": "`sha-256=:<base64>:` (RFC 9530): what arrives must hash to that.",
            "schema": {"type": "string", "maxLength": 200},
        }
    ]  # fmt: skip
    return {**said, "openapi_extra": extra}


def routes(prefix: str, *, tag: str) -> APIRouter:
    """A router whose routes enforce what they declare."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=GuardedRoute)


class GuardedRoute(APIRoute):
    """Admits the caller before anything of the request is read; reads a command's body and headers strictly."""

    def get_route_handler(self) -> Handler:
        """The framework's handler behind our checks."""
        handle = super().get_route_handler()
        scope = scope_of(self)
        extra = self.openapi_extra or {}
        asks: dict[str, Any] | None = extra.get(COMMAND)
        operation = self.operation_id or ""

        async def open_to_anyone(request: Request) -> Response:
            only_declared(request, self.dependant)
            return await handle(request)

        if scope is None:
            return open_to_anyone

        async def guarded(request: Request) -> Response:
            access: Access = request.app.state.access
            caller = await access.admit(request, scope)
            setattr(request.state, CALLER, caller)
            if asks is None:
                only_declared(request, self.dependant)
                return await handle(request)
            body = await receive_command(
                request,
                caller,
                operation=operation,
                must_match=bool(asks["if_match"]),
                bytes_max=int(asks["bytes_max"]),
            )
            only_declared(request, self.dependant)

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(Request(request.scope, receive))

        return guarded


def scope_of(route: APIRoute) -> str | None:
    """The scope a route needs, None if it is open to all. Raises Undeclared."""
    security = (route.openapi_extra or {}).get("security")
    if security is None or not route.operation_id:
        raise Undeclared(f"{route.path} declares no scope, or no operation id")
    if not security:
        return None
    [scope] = security[0][SCHEME]
    if scope not in SCOPES:
        raise Undeclared(f"{route.path}: {scope} is no scope of ours")
    return str(scope)


def require_declared(routers: Iterable[APIRouter]) -> None:
    """Every route says its scope and enforces it, under a name of its own. Raises Undeclared."""
    seen: set[str] = set()
    for route in (route for router in routers for route in router.routes):
        if not isinstance(route, GuardedRoute):
            raise Undeclared(f"{route} is not made with `routes(…)`, so nothing enforces its scope")
        scope_of(route)
        if str(route.operation_id) in seen:
            raise Undeclared(f"two operations are called {route.operation_id}")
        seen.add(str(route.operation_id))


def methods_at(routers: Iterable[APIRouter]) -> Callable[[str], set[str]]:
    """A function that tells which methods a path takes, over all routes that it fits."""
    known = [
        (route.path_regex, frozenset(route.methods or ()))
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
    ]

    def at(path: str) -> set[str]:
        return set().union(*(methods for fits, methods in known if fits.match(path)))

    return at


def caller_of(request: Request) -> Caller:
    """Who asks; only in operations that need a scope."""
    caller: Caller = getattr(request.state, CALLER)
    return caller


def _security(scope: str) -> list[dict[str, list[str]]]:
    return [{SCHEME: [scope]}]


def _success(status: int, description: str, example: Any) -> dict[int | str, dict[str, Any]]:
    if example is None:
        return {}
    return {
        status: {"description": description, "content": {bodies.MEDIA_TYPE: {"example": example}}},
    }


def _described(description: str, schema: str, example: Any) -> dict[str, Any]:
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    return {"description": description, "content": {bodies.MEDIA_TYPE: content}}


def _links(links: Links) -> dict[str, Any]:
    return {name: {"operationId": name, "parameters": dict(given)} for name, given in links.items()}


def _answer_headers() -> dict[str, Any]:
    return {
        name: {"description": means, "schema": {"type": "string"}}
        for name, means in (
            ("ETag", "The version of the thing after this command."),
            ("Event-Position", "Send it as `Min-Position` to read what this command wrote."),
            ("Idempotent-Replayed", "`true` if the key was known: this is the answer of the first time."),
        )
    }


def _command_headers(*, if_match: bool) -> list[dict[str, Any]]:
    def header(name: str, means: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
        return {"name": name, "in": "header", "required": required, "description": means, "schema": schema}

    key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    version = {"type": "string", "pattern": '^"v[1-9][0-9]{0,8}"$', "examples": ['"v17"']}
    return [
        header(
            "Idempotency-Key",
            "Yours, new for each act and the same when you send it again; kept for ever.",
            key,
            required=True,
        ),
        header(
            "If-Match", "The version you decided on, as `ETag` gave it; 412 if there is a newer one.", version,
            required=if_match,
        ),
        header(
            "Prefer", "`dry-run`: say what would be recorded, and record nothing.",
            {"type": "string", "examples": ["dry-run"]},
        ),
    ]  # fmt: skip
