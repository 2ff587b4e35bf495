"""Query parameters: the declared ones and no others, each at most once.

An unknown parameter is refused, because a filter that is misspelled and ignored answers a question nobody asked.
"""

from fastapi import Request
from fastapi.dependencies.models import Dependant

from shared.http.problems import Problem


def _declared(dependant: Dependant) -> set[str]:
    own = {parameter.alias for parameter in dependant.query_params}
    return own.union(*(_declared(inner) for inner in dependant.dependencies))


def only_declared(request: Request, dependant: Dependant) -> None:
    """Refuses what the matched route, whose parameters `dependant` holds, does not declare. Raises Problem."""
    if not request.scope["query_string"]:
        return
    allowed = _declared(dependant)
    sent = [name for name, _ in request.query_params.multi_items()]
    if set(sent) - allowed:
        raise Problem(
            "invalid", errors=[("query", "UNKNOWN_PARAMETER")], context={"allowed": sorted(allowed)}
        )
    if repeated := sorted({name for name in sent if sent.count(name) > 1}):
        raise Problem("invalid", errors=[(name, "REPEATED") for name in repeated])
