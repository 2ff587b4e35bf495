"""`quittance demo`: the product on real statements in a minute."""

from typing import Annotated

import typer

from services.main.options import Json, Store, command
from services.main.session import Session


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "demo", "quittance demo", "quittance demo --no-serve")
    def demo(
        serve: Annotated[
            bool, typer.Option("--serve/--no-serve", help="Serve at the end, until Ctrl-C.")
        ] = True,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Import the bundled sample of real statements, work on it, prove it, and serve it."""
        from services.main.demo.walk import run

        run(Session.begin(store=store, as_json=json), then_serve=serve)
