"""`quittance legal …`: legal deadlines, derived from facts by the law packs; without a store."""

from pathlib import Path
from typing import Annotated

import typer

from services.main.options import Json, Store, command, group
from services.main.session import Session

app = group("legal", "Legal deadlines, derived and never typed.")


@app.callback()
def _legal() -> None:
    """Legal deadlines, derived and never typed."""


@command(
    app,
    "clocks",
    "quittance legal clocks --cases cases.json",
    "quittance legal clocks --cases cases.json --why --json",
)
def clocks(
    cases: Annotated[
        Path,
        typer.Option(
            "--cases", metavar="FILE", help="Clock cases as JSON: a list of {id, pack, clock, as_of, facts}"
        ),
    ],
    why: Annotated[
        bool, typer.Option("--why", help="With the chain: each fact, what it did, by which article")
    ] = False,
    store: Store = None,
    json: Json = False,
) -> None:
    """Answer clock cases: [{id, state, raw_on, expires_on}], one JSON document with or without --json.

    Exit code 0 whatever the states. Nothing is read from a store and nothing is stored.
    """
    from services.legal.adapters.clock_cases import answers
    from services.legal.adapters.law_files import shipped

    session = Session.begin(store=store, as_json=json)
    session.console.answer(list(answers(cases, shipped(), why=why)))
