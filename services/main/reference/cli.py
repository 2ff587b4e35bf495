"""docs/reference/cli.md: every command with its options and examples, read off the command line's own declarations."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from services.main.cli import app
from services.main.usage import Exit

_HEAD = """\
# Command line

<!-- Made from code by `make docs`; do not edit. -->

`quittance COMMAND --help` says the same. Every command takes `--store URL` (`sqlite:///DIR/` or `postgresql://…`;
default: `QUITTANCE_STORE`, else `sqlite:///./.quittance/`) and `--json`: standard output then carries JSON alone, and
progress goes to standard error. Other [settings](settings.md) come from the environment.

| exit code | means |
|---|---|
"""
_CODES = {
    Exit.OK: "done",
    Exit.FAILED: "failed, or lines were rejected",
    Exit.USAGE: "the command was called in a way that cannot mean anything",
    Exit.DIFFERENCES: "differences were found",
    Exit.APPROVAL_PENDING: "waits for an approval",
    Exit.VERIFICATION_FAILED: "verification failed",
    Exit.INTERRUPTED: "interrupted",
}
_EVERYWHERE = {"--store", "--json"}
_VALUE: dict[object, str] = {int: "N", Path: "PATH"}


def page() -> str:
    """The whole page."""
    codes = "".join(f"| {code.value} | {means} |\n" for code, means in _CODES.items())
    root: Any = typer.main.get_command(app)
    return _HEAD + codes + "".join(_section(name, found) for name, found in leaves(root, "quittance"))


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name, by name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word in sorted(inner):
        if not inner[word].hidden:
            yield from leaves(inner[word], f"{name} {word}")


def examples(command: Any) -> list[str]:
    """The commands that its help shows as examples."""
    lines = [line.strip() for line in (command.epilog or "").replace("\b", "").splitlines()]
    return [line for line in lines if line.startswith("quittance ")]


def _section(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    called = " ".join([name, *(_argument(one) for one in arguments)])
    own = [one for one in (*arguments, *options) if one.opts[0] not in _EVERYWHERE]
    rows = "".join(f"| {_named(one)} | {_cell(getattr(one, 'help', None))} |\n" for one in own)
    shown = "\n".join(examples(command))
    return (
        f"\n## {called}\n\n{inspect.cleandoc(command.help or '')}\n"
        + (f"\n| | |\n|---|---|\n{rows}" if rows else "")
        + (f"\n```\n{shown}\n```\n" if shown else "")
    )


def _argument(one: Any) -> str:
    word = (one.metavar or one.name.upper()).strip("[].")
    many = "…" if one.nargs == -1 else ""
    return f"{word}{many}" if one.required else f"[{word}{many}]"


def _named(one: Any) -> str:
    if one.param_type_name == "argument":
        return f"`{_cell(_argument(one))}`"
    value = "" if one.is_flag else f" {one.metavar or _VALUE.get(one.type_descriptor.annotation, 'TEXT')}"
    needed = " (needed)" if one.required else ""
    return f"`{'`, `'.join([*one.opts, *one.secondary_opts])}{_cell(value)}`{needed}"


def _cell(text: str | None) -> str:
    """One line that may stand in a table; a leading space is kept."""
    return re.sub(r"\s+", " ", text or "").replace("|", "\\|")
