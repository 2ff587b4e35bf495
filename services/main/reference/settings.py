"""docs/reference/settings.md: what the platform reads from the environment."""

from services.main.settings import VARIABLES

_HEAD = """\
# Settings

<!-- Made from code by `make docs`; do not edit. -->

Read once, when a command starts, from the environment. A wrong value stops the command with exit code 2 and says which
variable it is.

| variable | default | means |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"| `{one.name}` | {one.default} | {one.means} |\n" for one in VARIABLES)
