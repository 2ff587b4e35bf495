"""`quittance serve` and `quittance work`: the services on the loopback, and the workers that keep views current."""

from typing import Annotated

import typer

from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

NAMES = ("all", "case", "contact", "legal")
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=0,
        max=65535,
        help="0 takes a free one  [default: QUITTANCE_PORT, else 8700]",
        show_default=False,
    ),
]


def _known(name: str) -> str:
    if name not in NAMES:
        raise WrongUsage(en=f"there is: {', '.join(NAMES)}", zh=f"可用：{'、'.join(NAMES)}")
    return name


def declare(app: typer.Typer) -> None:
    """Add the commands."""

    @command(app, "serve", "quittance serve all", "quittance serve contact --port 8702")
    def serve(
        name: Annotated[str, typer.Argument(metavar="all|case|contact|legal", help="Which service.")],
        port: Port = None,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Serve HTTP on 127.0.0.1 until Ctrl-C or SIGTERM. `all` is every service on one port, and what `work` does.

        Callers need an access token of QUITTANCE_ISSUER; where none is configured, tokens of the development issuer
        count and one is printed (`quittance token` prints more). Only the loopback is served. Logs go to standard
        error; with --json standard output carries one object with the address, and that token, once requests are taken.
        """
        from services.main.serving import serve as run

        session = Session.begin(store=store, as_json=json)
        run(session, _known(name), port=session.settings.port if port is None else port)

    @command(app, "work", "quittance work case", "quittance work contact")
    def work(
        name: Annotated[str, typer.Argument(metavar="all|case|contact|legal", help="Whose views.")],
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Keep the views of a service current, sweep the days of case as they end, and hear the other services.

        Until Ctrl-C or SIGTERM. Several workers share by leases. Days that were missed are swept in order; `quittance
        sweep` does it by hand. The others are heard over HTTP where QUITTANCE_CASE_URL, QUITTANCE_CONTACT_URL and
        QUITTANCE_LEGAL_URL say; `work all` hears all in one process.
        """
        from services.main.serving import work as run

        run(Session.begin(store=store, as_json=json), _known(name))
