"""docs/reference/problems.md: every refusal and every problem that HTTP answers, with what to do about it."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import services
import shared
from shared.http.problems import CATALOGUE, ProblemType, of_refusal
from shared.kernel.refusal import Refused, all_refusals

_HEAD = """\
# Problems

<!-- Made from code by `make docs`; do not edit. -->

A refusal has a stable code. Over HTTP it is a problem document of RFC 9457 with `type` `/problems/<code>`, in the
language of `Accept-Language`; on the command line it is one line on standard error and exit code 1. Nothing was
written. A problem never repeats a submitted value.
"""


def page() -> str:
    """The whole page."""
    rules = [(of_refusal(refusal), _said(refusal)) for refusal in ours()]
    return (
        f"{_HEAD}\n## Refusals of a rule\n\n"
        "The status is what HTTP answers where the refusal can occur there.\n"
        f"{''.join(_problem(problem, said) for problem, said in rules)}"
        "\n## Problems of HTTP\n"
        f"{''.join(_problem(problem, problem.detail_en) for problem in _of_http())}"
    )


def ours() -> list[type[Refused]]:
    """Every refusal that our packages define, by code."""
    for package in (services, shared):
        _import_all(package)
    return [one for one in all_refusals().values() if one.__module__.startswith(("services.", "shared."))]


def _import_all(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        # Alembic runs its environment and revisions itself; a __main__ would act.
        if not module.name.endswith(("__main__", ".schema.env")) and ".schema.versions" not in module.name:
            importlib.import_module(module.name)


def _of_http() -> list[ProblemType]:
    return [CATALOGUE[code] for code in sorted(CATALOGUE)]


def _said(refusal: type[Refused]) -> str:
    return inspect.getdoc(refusal) or ""


def _problem(problem: ProblemType, said: str) -> str:
    again = " · may succeed when sent again" if problem.retryable else ""
    titles = f"{problem.title_en} · {problem.title_zh}"
    return f"\n### {problem.code}\n\n{titles} · status {problem.status}{again}\n\n{said}\n"
