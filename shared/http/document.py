"""The OpenAPI document: what the framework cannot know of problems, tokens and the answers of commands."""

from typing import Any

from fastapi import FastAPI

from shared.http.operations import SCHEME

_PROBLEM: dict[str, Any] = {
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
                "required": ["code"],
                "properties": {
                    "parameter": {"type": "string"},
                    "pointer": {"type": "string", "description": "RFC 6901, into the body."},
                    "code": {"type": "string"},
                },
            },
        },
        "context": {"type": "object"},
    },
}


_DONE: dict[str, Any] = {
    "type": "object",
    "description": "What a command led to: references to what it made, and the events it recorded. A repeated request "
    "gets the same.",
    "required": ["events"],
    "properties": {
        "id": {"type": "string"},
        "events": {"type": "array", "items": {"type": "string"}},
        "version": {"type": "integer", "description": "Of the thing it was about, after the command."},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_NOT_RECORDED: dict[str, Any] = {
    "type": "object",
    "required": ["dry_run", "events"],
    "properties": {
        "id": {"type": "string", "description": "Of what is on record already, where it is told."},
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
        "dry_run": {"type": "boolean", "description": "false: there was nothing to add."},
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "facts"],
                "properties": {"type": {"type": "string"}, "facts": {"type": "object"}},
            },
        },
    },
}
_TOKEN: dict[str, Any] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An OAuth 2.0 access token of the configured issuer (RFC 6750, RFC 9068). The scopes an operation "
    "needs stand in its `security`.",
}


def describe(app: FastAPI) -> None:
    """Complete the application's OpenAPI document."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            components = document.setdefault("components", {})
            components["securitySchemes"] = {SCHEME: _TOKEN}
            schemas = components.setdefault("schemas", {})
            schemas |= {"Problem": _PROBLEM, "Done": _DONE, "NotRecorded": _NOT_RECORDED}
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]
