"""`quittance bench`: measure, with the base in the same round."""

from pathlib import Path
from typing import Annotated

import typer

from services.main.options import Json, Store, command
from services.main.usage import Exit


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "bench", "quittance bench all --out bench.jsonl", "quittance bench import.statements")
    def bench(
        name: Annotated[str, typer.Argument(metavar="NAME", help="A benchmark, or `all`.")],
        out: Annotated[
            Path | None, typer.Option("--out", metavar="FILE", help="Append one JSON object a line there.")
        ] = None,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Run benchmarks: a table, and one JSON object a line. They use stores and servers of their own."""
        from services.main.bench import run

        code = run(name, out, as_json=json)
        if code:
            raise typer.Exit(Exit(code))
