"""Options that commands share, and how a command is declared."""

import functools
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer

from services.main.failures import told
from services.main.usage import Exit

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="sqlite:///DIR/ or postgresql://…  [default: QUITTANCE_STORE, else sqlite:///./.quittance/]",
        show_default=False,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="Answer in JSON on standard output; progress on standard error.")
]
Service = Annotated[str, typer.Option("--service", metavar="case|contact|legal", help="Whose ledger.")]

F = TypeVar("F", bound=Callable[..., Any])


def group(name: str, about: str) -> typer.Typer:
    """A noun: `quittance <name> …`."""
    return typer.Typer(
        name=name, help=about, no_args_is_help=True, add_completion=False, rich_markup_mode=None
    )


def command(app: typer.Typer, name: str, *examples: str) -> Callable[[F], F]:
    """Declare a command with its examples; what it raises becomes one line and an exit code."""
    shown = "\n".join(f"  {example}" for example in examples)

    def declare(work: F) -> F:
        @functools.wraps(work)
        def guarded(*args: Any, **kwargs: Any) -> None:
            try:
                work(*args, **kwargs)
                sys.stdout.flush()
            except BrokenPipeError:
                _leave_quietly()
            except (typer.Exit, typer.Abort, KeyboardInterrupt):
                raise
            except Exception as problem:
                telling = told(problem)
                if telling is None:
                    raise
                code, en, zh = telling
                chinese = os.environ.get("QUITTANCE_LANG") == "zh-CN"
                print(f"quittance: {zh if chinese else en}", file=sys.stderr)
                raise typer.Exit(code) from None

        app.command(name, epilog=f"\b\nExamples:\n{shown}")(guarded)
        return work

    return declare


def _leave_quietly() -> None:
    """Whoever read our output has enough (`… | head`): end without a complaint, now and at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(Exit.OK)
