"""`quittance version`."""

import typer

from services.main.console import Console
from services.main.options import Json, Store, command


def declare(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "version", "quittance version", "quittance version --json")
    def version(store: Store = None, json: Json = False) -> None:
        """The version of the platform and of what runs it."""
        import platform
        import sqlite3

        said = {"quittance": number(), "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
        console = Console(as_json=json)
        if json:
            console.answer(said)
        else:
            console.say(f"quittance {said['quittance']} (Python {said['python']}, SQLite {said['sqlite']})")


def number() -> str:
    """The installed version."""
    from importlib.metadata import version as installed

    return installed("quittance")
