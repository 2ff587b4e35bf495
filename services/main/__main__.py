"""`python -m services.main` is the `quittance` command."""

from services.main import run

run()
