"""The file that a command takes in, and where the lines of it that are rejected go."""

from pathlib import Path
from typing import Annotated

import typer

from services.main.usage import WrongUsage

Rejects = Annotated[
    Path | None,
    typer.Option("--rejects", help="Where rejected lines go  [default: FILE.rejects.csv beside the file]"),
]


def rejects_path(file: Path, rejects: Path | None, *, mapping: Path | None = None, en: str, zh: str) -> Path:
    """Where rejected lines go; `en` and `zh` call what the path must not be: the file, or its mapping.

    Raises: FileNotFoundError, IsADirectoryError for the file; WrongUsage.
    """
    from services.case.adapters.rejects_file import default_path

    if not file.exists():
        raise FileNotFoundError(2, "no such file", str(file))
    if file.is_dir():
        raise IsADirectoryError(21, "is a folder", str(file))
    to = rejects or default_path(file, working_folder=Path.cwd())
    if to.exists() and any(to.samefile(one) for one in (file, mapping) if one and one.exists()):
        raise WrongUsage(
            en=f"--rejects names the {en} itself; name another",
            zh=f"--rejects 指向了{zh}本身；请换一个路径",
        )
    return to
