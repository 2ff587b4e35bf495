"""Finding the route of a request without trying every route: by method, number of segments and last segment.

The framework tries its routes one after another, each with a regular expression; of a hundred of them that costs a
sixth of what a command costs. Which route is found is the same: the first that fits, in the order they were added.
"""

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

Place = tuple[str, int, str]
"""Method, number of slashes, last segment; an empty last segment stands for any that no route names."""


class Directory(BaseRoute):
    """Stands before the routes it knows and passes a request on to the one that fits, if one does.

    What fits none (another method, an unknown path) goes on to the routes themselves, whose answer that is.
    """

    path_format = None

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        known = [(route, _last(route.path)) for route in routes]
        self._places: dict[Place, list[APIRoute]] = {}
        names = {"", *(last for _, last in known if last is not None)}
        for route, own in known:
            for name in names if own is None else {own}:
                for method in route.methods or ():
                    self._places.setdefault((method, route.path.count("/"), name), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of the routes takes the request; the scope then names it."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path: str = scope["path"]
        method, slashes, last = scope["method"], path.count("/"), path[path.rfind("/") + 1 :]
        found = self._places.get((method, slashes, last)) or self._places.get((method, slashes, ""))
        for route in found or ():
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return match, child_scope
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route answer that `matches` found."""
        route: APIRoute = scope["route"]
        await route.handle(scope, receive, send)


def _last(path: str) -> str | None:
    """The last segment of a route's path, None where it is a parameter.

    Raises ValueError for parameters with a converter: one that spans segments would stand in many places.
    """
    if ":" in path:
        raise ValueError(f"{path}: parameters are whole segments")
    last = path.rpartition("/")[2]
    return None if "{" in last else last
