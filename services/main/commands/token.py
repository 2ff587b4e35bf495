"""`quittance token`: an access token for a development machine."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from services.main.options import Json, Store, command
from services.main.session import Session
from services.main.usage import WrongUsage

PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(
        app,
        "token",
        "quittance token",
        "quittance token --scope case:read --scope feed:read",
        "quittance token --person user:9f42",
        "quittance token --person user:5b0e --scope case:read --scope pii:reveal",
    )
    def token(
        scope: Annotated[
            list[str] | None,
            typer.Option(
                "--scope",
                help="A scope; repeat it for more  [default: every scope; pii:reveal only with --person]",
                show_default=False,
            ),
        ] = None,
        tenant: Annotated[
            str | None,
            typer.Option("--tenant", help="[default: QUITTANCE_TENANT, else default]", show_default=False),
        ] = None,
        person: Annotated[
            str | None,
            typer.Option(
                "--person",
                metavar="ID",
                help="For whom it acts, by their staff id: who approves is another than who proposed.",
            ),
        ] = None,
        store: Store = None,
        json: Json = False,
    ) -> None:
        """Print an access token of the development issuer, valid for 12 hours, for HTTP on this machine.

        There is a development issuer only where QUITTANCE_ISSUER is not set.
        """
        from services.main.tokens import development_token

        _require_sense(scope or (), person)
        session = Session.begin(store=store, as_json=json)
        found = development_token(session.settings, scopes=tuple(scope or ()), tenant=tenant, person=person)
        if json:
            session.console.answer({"token": found})
        session.console.say(found)


def _require_sense(scopes: Sequence[str], person: str | None) -> None:
    """Raises WrongUsage for scopes that are none or not for machines, or for what is no staff id."""
    from shared.http.access import OF_PERSONS, SCOPES

    if unknown := set(scopes) - set(SCOPES):
        raise WrongUsage(
            en=f"{len(unknown)} of the scopes are not known; there is: {', '.join(SCOPES)}",
            zh=f"有 {len(unknown)} 个权限范围无法识别；可用：{'、'.join(SCOPES)}",
        )
    if person is not None and not PERSON.fullmatch(person):
        raise WrongUsage(
            en="--person takes a staff id: letters, digits and ._:-, 64 at most; it is written into the ledger",
            zh="--person 应为员工编号：仅限字母、数字和 ._:-，最多 64 个字符；它会写入账本",
        )
    if person is None and OF_PERSONS & set(scopes):
        raise WrongUsage(
            en=f"{', '.join(sorted(OF_PERSONS))} is for people, never for machines: say --person ID",
            zh=f"{'、'.join(sorted(OF_PERSONS))} 仅授予自然人，不授予程序：请加 --person 员工编号",
        )
