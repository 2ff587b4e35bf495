"""Running one of our SQL files on the driver itself: its text holds what SQLAlchemy would take for parameters."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

FOLDER = Path(__file__).parent


def run_file(connection: Connection, name: str) -> None:
    """Execute the file inside the connection's transaction."""
    script = (FOLDER / name).read_text(encoding="utf-8")
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        driver.execute(script)  # PostgreSQL takes a whole script when it has no parameters
        return
    for statement in _statements(script):
        driver.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """One statement at a time: `executescript` would commit the transaction that is open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
