"""Every kind of wrong request to every operation of the OpenAPI document, each with the planted person's data in it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import httpx

from tests.canary.needles import CANARY, in_text

TEXT, ASCII = CANARY.name + CANARY.address, CANARY.mobile
_KEYS = itertools.count()
_HEADERS = (
    "If-Match",
    "Prefer",
    "Min-Position",
    "Accept-Language",
    "Authorization",
    "Idempotency-Key",
    "Request-Id",
)


def replaced(document: Any, canary: Any) -> Any:
    """The document with the canary for every leaf."""
    if isinstance(document, dict):
        return {name: replaced(value, canary) for name, value in document.items()}
    if isinstance(document, list):
        return [replaced(value, canary) for value in document]
    return canary


def one_by_one(document: Any, canary: Any) -> Iterator[Any]:
    """The document with the canary for one leaf of its first level at a time, and with one field too many."""
    for name in document:
        yield {**document, name: canary}
    yield {**document, canary: canary}


def requests(method: str, path: str, said: Any, case: str) -> Iterator[dict[str, Any]]:
    """What is asked of one operation."""
    declared = said.get("parameters", [])
    filled = path.replace("{case_id}", case)
    plain, wrong = filled, filled
    for one in declared:
        if one["in"] == "path":
            plain = plain.replace(f"{{{one['name']}}}", f"{one['name']}-1")
            wrong = wrong.replace(f"{{{one['name']}}}", TEXT)
    query = {one["name"]: TEXT for one in declared if one["in"] == "query"}
    content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = content.get("example")
    yield {"url": wrong, "json": body}
    yield {"url": path.replace("{", "").replace("}", "") + f"/{ASCII}", "json": body}
    yield {"url": plain, "params": {CANARY.name: TEXT}, "json": body}
    for name in query:
        for value in (TEXT, ASCII):
            yield {"url": plain, "params": {name: value}, "json": body}
    for name in _HEADERS:
        yield {"url": plain, "headers": {name: ASCII}, "json": body}
    if isinstance(body, dict):
        for changed in (replaced(body, TEXT), replaced(body, 15412977341), *one_by_one(body, TEXT)):
            yield {"url": plain, "json": changed}
        for raw in (f'{{"{TEXT}": ', json.dumps(TEXT), f'{{"a": "{TEXT}", "a": 1}}', f"{TEXT}"):
            yield {"url": plain, "content": raw.encode(), "headers": {"Content-Type": "application/json"}}
        yield {"url": plain, "content": TEXT.encode("gb18030"), "headers": {"Content-Type": "text/plain"}}


def provoke(http: httpx.Client, document: Any, case: str) -> tuple[int, list[str]]:
    """Ask all of it; how many were asked, and every answer that gives the person away."""
    asked, leaks = 0, []
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            for request in requests(method, path, said, case):
                headers = dict(request.pop("headers", {}))
                if method == "post":
                    headers.setdefault("Idempotency-Key", f"provoked-{next(_KEYS)}")
                    if request.get("json") is None and "content" not in request:
                        request.pop("json", None)
                else:
                    request.pop("json", None)
                answer = http.request(method.upper(), headers={"Prefer": "wait=0"} | headers, **request)
                asked += 1
                assert answer.status_code != 500, (method, path, answer.text)
                told = answer.text + "\n" + "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
                leaks += in_text(told, f"{method} {path} {answer.status_code}")
    return asked, leaks
