"""A request finds the same route through the directory as by trying them one after another."""

import itertools

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from services.case.api.app import make_app
from services.case.api.desk import Office
from shared.http.directory import Directory
from shared.http.operations import GuardedRoute
from shared.telemetry.metrics import Metrics
from tests.kit.tokens import nobody


async def _answer() -> None:
    """Never called."""


def route(method: str, path: str) -> APIRoute:
    return APIRoute(path, _answer, methods=[method])


ROUTES = [
    route("GET", "/"),
    route("GET", "/v1/things"),
    route("GET", "/v1/things/newest"),
    route("GET", "/v1/things/{thing}"),
    route("GET", "/v1/things/{thing}/parts"),
    route("POST", "/v1/things/{thing}/parts"),
    route("GET", "/v1/{kind}/all/parts"),
    route("GET", "/v1/things/{thing}/{part}"),
    route("GET", "/v1/{kind}/{thing}/last"),
]


def scope(method: str, path: str) -> Scope:
    return {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}


def by_trying(routes: list[APIRoute], asked: Scope) -> tuple[object, object]:
    for one in routes:
        match, found = one.matches(asked)
        if match is Match.FULL:
            return one, found["path_params"]
    return None, None


def by_directory(directory: Directory, asked: Scope) -> tuple[object, object]:
    match, found = directory.matches(asked)
    return (found["route"], found["path_params"]) if match is Match.FULL else (None, None)


def test_the_first_that_fits_is_found() -> None:
    directory = Directory(ROUTES)
    words = ("", "v1", "things", "newest", "parts", "all", "last", "x")
    for length, method in itertools.product(range(5), ("GET", "POST", "PUT")):
        for segments in itertools.product(words, repeat=length):
            asked = scope(method, "/" + "/".join(segments))
            assert by_directory(directory, asked) == by_trying(ROUTES, asked), asked["path"]


def test_every_operation_of_the_case_service_is_found() -> None:
    app = make_app(Office(), metrics=Metrics(), version="0", access=nobody())
    own = [one for one in app.routes if isinstance(one, GuardedRoute)]
    [directory] = [one for one in app.routes if isinstance(one, Directory)]
    assert len(own) > 50
    for path, method in ((one.path, method) for one in own for method in sorted(one.methods)):
        for value in ("x", "case-6f1c0d1e-0000-8000-8000-000000000001", "payments"):
            segments = [value if "{" in part else part for part in path.split("/")]
            asked = scope(method, "/".join(segments))
            assert by_directory(directory, asked) == by_trying(own, asked), (method, asked["path"])
            assert by_directory(directory, asked)[0] is not None


def test_a_parameter_that_spans_segments_is_refused() -> None:
    with pytest.raises(ValueError, match="whole segments"):
        Directory([route("GET", "/files/{path:path}")])
