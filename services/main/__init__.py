"""The `quittance` command: the one package that sees every service.

Owns: the command line, settings from the environment, `serve`, the demo and the benchmarks.
Never: decides anything about a case; it asks the services.
"""

import gc

YOUNG_OBJECTS = 50_000
"""A page of events is thousands of small objects that live as long as the page. Python's default walks them after
every 700: a fifth of the time it takes to read one. Reference counts free them all the same.
"""


def run() -> None:
    """Entry point of the `quittance` command."""
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
    from services.main.cli import app

    app()
