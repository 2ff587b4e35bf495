"""`quittance token`: an access token for a development machine."""

from typing import Annotated

import typer

from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "token", "quittance token", "quittance token --scope case:read --scope feed:read")
    def token(
        scope: Annotated[
            list[str] | None,
            typer.Option(
                "--scope", help="A scope; repeat it for more  [default: every scope]", show_default=False
            ),
        ] = None,
        tenant: Annotated[
            str | None,
            typer.Option("--tenant", help="[default: QUITTANCE_TENANT, else default]", show_default=False),
        ] = None,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Print an access token of the development issuer, valid for 12 hours, for HTTP on this machine.

        There is a development issuer only where QUITTANCE_ISSUER is not set.
        """
        from services.main.tokens import development_token
        from shared.http.access import SCOPES

        if unknown := set(scope or ()) - set(SCOPES):
            raise WrongUsage(
                en=f"{len(unknown)} of the scopes are not known; there is: {', '.join(SCOPES)}",
                zh=f"有 {len(unknown)} 个权限范围无法识别；可用：{'、'.join(SCOPES)}",
            )
        session = Session.begin(store=store, as_json=json)
        found = development_token(session.settings, scopes=tuple(scope or ()), tenant=tenant)
        if json:
            session.console.answer({"token": found})
        session.console.say(found)
