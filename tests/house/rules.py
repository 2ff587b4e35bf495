"""The rules of the house over source text: each function reads given files and returns complaints, `[]` if none.

A complaint is one line, `path:line: what is wrong`. `test_rules.py` runs each rule over the checkout, and over a
source that breaks it.
"""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import tokenize
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import TypeGuard

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
NAMES_REFUSED = frozenset(
    {"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "misc"}
)
CLASS_ENDINGS_REFUSED = ("Manager", "Helper", "Helpers", "Util", "Utils", "Base")
CALLS_REFUSED = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "uuid.uuid1",
        "uuid.uuid4",
    }
)
MARKERS_REFUSED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ROOMS = ("domain", "application", "projections", "api", "adapters", "wiring")

# What the build leaves in a checkout that has no git to ask.
NOT_OURS = frozenset(
    {
        ".git",
        ".venv",
        ".quittance",
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
    }
)


def sources(*roots: Path) -> list[Path]:
    """Every Python file under the roots, sorted, without caches."""
    found = (path for root in roots for path in (root.rglob("*.py") if root.is_dir() else [root]))
    return sorted(path for path in found if not NOT_OURS.intersection(path.parts))


def committed(checkout: Path) -> list[Path]:
    """Every file git tracks; in a checkout without git, every file that no build leaves behind."""
    if (checkout / ".git").exists() and shutil.which("git"):
        command = ["git", "-c", f"safe.directory={checkout}", "-C", str(checkout), "ls-files", "-z"]
        names = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.split(
            "\0"
        )
        return [path for name in names if name and (path := checkout / name).is_file()]
    return sorted(
        path for path in checkout.rglob("*") if path.is_file() and not NOT_OURS.intersection(path.parts)
    )


def clock_and_id_calls(paths: Iterable[Path]) -> list[str]:
    """Uses of the wall clock or of random ids, however they were imported, called or only passed on."""
    complaints = []
    for path in paths:
        tree = ast.parse(path.read_text())
        known = dict(_imported_names(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name) and (name := _dotted(node, known)) in CALLS_REFUSED:
                complaints.append(f"{path}:{node.lineno}: {name}; the clock and ids are arguments")
            if isinstance(node, ast.ImportFrom) and node.module in {"time", "uuid"}:
                banned = [a.name for a in node.names if f"{node.module}.{a.name}" in CALLS_REFUSED]
                complaints.extend(f"{path}:{node.lineno}: imports {node.module}.{name}" for name in banned)
    return complaints


def _imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (
                (a.asname or a.name.partition(".")[0], a.name if a.asname else a.name.partition(".")[0])
                for a in node.names
            )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((a.asname or a.name, f"{node.module}.{a.name}") for a in node.names)


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    """The full dotted name behind an expression, or '' when it is not a plain chain of imported names."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, known)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def sizes(paths: Iterable[Path]) -> list[str]:
    """Modules over MODULE_LINES_MAX and functions over FUNCTION_LINES_MAX lines, docstrings included."""
    complaints = []
    for path in paths:
        text = path.read_text()
        if (lines := text.count("\n")) > MODULE_LINES_MAX:
            complaints.append(f"{path}:1: {lines} lines, more than {MODULE_LINES_MAX}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    complaints.append(
                        f"{path}:{node.lineno}: {node.name} has {lines} lines, over {FUNCTION_LINES_MAX}"
                    )
    return complaints


def refused_names(paths: Iterable[Path], *, root: Path) -> list[str]:
    """Modules, folders (below root) and classes named after nothing in particular."""
    complaints = set()
    for path in paths:
        for part in path.relative_to(root).with_suffix("").parts:
            if NAMES_REFUSED.intersection(part.lower().split("_")):
                complaints.add(f"{path}:1: {part!r} names no subject")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and node.name.endswith(CLASS_ENDINGS_REFUSED):
                complaints.add(f"{path}:{node.lineno}: class {node.name} names no subject")
    return sorted(complaints)


def placeholders(paths: Iterable[Path]) -> list[str]:
    """Work left for later: markers in comments, NotImplementedError, empty functions outside protocols."""
    complaints = []
    for path in paths:
        text = path.read_text()
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and MARKERS_REFUSED.search(token.string):
                complaints.append(f"{path}:{token.start[0]}: {token.string.strip()}")
        tree = ast.parse(text)
        declared = {
            id(f) for c in ast.walk(tree) if isinstance(c, ast.ClassDef) and _is_interface(c) for f in c.body
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id == "NotImplementedError":
                complaints.append(f"{path}:{node.lineno}: NotImplementedError")
            if _is_stub(node) and id(node) not in declared:
                complaints.append(f"{path}:{node.lineno}: {node.name} does nothing and does not say why")
    return complaints


def _is_stub(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """A function of `...` or `pass` alone; decorated ones (overloads, abstract methods) declare something."""
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.decorator_list
        and _is_empty(node.body)
    )


def _is_interface(node: ast.ClassDef) -> bool:
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return any(getattr(base, "id", getattr(base, "attr", "")) in {"Protocol", "ABC"} for base in bases)


def _is_empty(body: list[ast.stmt]) -> bool:
    """Only `...` or `pass`; a docstring alone is a reason, so it is not empty."""
    return all(
        isinstance(line, ast.Pass)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and line.value.value is ...)
        for line in body
    )


def missing_docstrings(paths: Iterable[Path]) -> list[str]:
    """Modules that do not say what they are for."""
    return [
        f"{path}:1: no module docstring"
        for path in paths
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]


def missing_rooms(services: Path) -> list[str]:
    """Services that lack one of the six rooms: the map is the same in all of them."""
    return [
        f"{service}: no {room}"
        for service in sorted(services.iterdir())
        if service.is_dir() and service.name not in {"main", "__pycache__"}
        for room in ROOMS
        if not (service / room / "__init__.py").is_file() and not (service / f"{room}.py").is_file()
    ]


def traces_of_a_machine(paths: Iterable[Path], *, traces: Iterable[str]) -> list[str]:
    """Committed text that names a package host or a folder of the machine it was written on."""
    # a folder counts where a path begins, not in the middle of another one (`services/case/quittance/`)
    wanted = {trace: re.compile(r"(?<![\w.])" * trace.startswith("/") + re.escape(trace)) for trace in traces}
    complaints = []
    for path in paths:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            complaints.extend(
                f"{path}:{number}: names {t!r}" for t, named in wanted.items() if named.search(line)
            )
    return complaints


def unhashed_locks(paths: Iterable[Path]) -> list[str]:
    """Lock lines that hold a URL or an option, and pinned packages without a hash."""
    complaints = []
    for path in paths:
        text = path.read_text()
        for number, line in enumerate(text.splitlines(), 1):
            if "://" in line or line.startswith("-"):
                complaints.append(f"{path}:{number}: a lock names packages and hashes, nothing else")
        for entry in re.split(r"\n(?=\S)", text.strip()):
            if "--hash=sha256:" not in entry or "==" not in entry.splitlines()[0]:
                complaints.append(f"{path}: {entry.splitlines()[0]}: not pinned with a hash")
    return complaints


def foreign_owners(names: Iterable[str], *, ours: str, folders: Iterable[Path]) -> list[str]:
    """Installed distributions other than ours that bring a package of one of our top-level names.

    The index has packages called `services` and `shared`; installing one silently overwrites or shadows ours.
    """
    taken = tuple(f"{name}/" for name in names)
    return [
        f"{found.name} brings {file}"
        for found in metadata.distributions(path=[str(folder) for folder in folders])
        if found.name != ours
        for file in found.files or ()
        if str(file).startswith(taken)
    ]
