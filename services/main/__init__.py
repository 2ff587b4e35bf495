"""The `quittance` command: the one package that sees every service.

Owns: the command line, settings from the environment, `serve`, the demo and the benchmarks.
Never: decides anything about a case; it asks the services.
"""


def run() -> None:
    """Entry point of the `quittance` command."""
    from services.main.cli import app

    app()
