"""The import contracts hold, and each one reports the import it is there to forbid."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("domain", "application", "projections", "api", "adapters")
DEADLINE_S = 90
# The folder's own packages come before the installed ones.
PROGRAM = (
    "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; "
    "sys.exit(lint_imports(no_cache=True))"
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the packages of a folder, with the contracts of the checkout."""
    if folder != ROOT:
        shutil.copy(ROOT / "pyproject.toml", folder)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def skeleton(folder: Path) -> None:
    """The house with every room empty."""
    packages = [
        "services",
        "services/main",
        *(f"shared/{p}" for p in (".", "http", "messaging", "eventstore")),
    ]
    packages += [
        "shared/eventstore/library",
        "shared/contracts",
        "shared/telemetry",
        "shared/printing",
        "shared/texts",
        "shared/kernel",
    ]
    for service in ("case", "contact", "legal"):
        packages += [f"services/{service}", *(f"services/{service}/{room}" for room in ROOMS)]
    for package in packages:
        (folder / package).mkdir(parents=True, exist_ok=True)
        (folder / package / "__init__.py").touch()
    for service in ("case", "contact", "legal"):
        (folder / "services" / service / "wiring.py").touch()
    (folder / "shared/eventstore/library/recorder.py").write_text("import eventsourcing.persistence\n")


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    skeleton(tmp_path)
    done = lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("shared/kernel/money.py", "import services.case", "shared knows no service"),
        ("services/legal/domain/suit.py", "import services.case.domain", "a service never imports a sibling"),
        ("services/billing/__init__.py", "", "a service never imports a sibling"),
        ("services/case/domain/plan.py", "import services.case.application", "rooms face inward"),
        ("services/contact/api/app.py", "import services.contact.wiring", "rooms face inward"),
        ("services/case/cellar/__init__.py", "", "rooms face inward"),
        ("services/case/domain/plan.py", "import sqlalchemy", "the core does no I/O"),
        ("shared/kernel/money.py", "import os", "the core does no I/O"),
        ("services/case/domain/plan.py", "import shared.eventstore", "the domain knows the kernel"),
        ("services/case/adapters/ledger.py", "import eventsourcing", "one package knows"),
        ("shared/eventstore/writer.py", "import eventsourcing.persistence", "one package knows"),
        ("shared/kernel/money.py", "import shared.http", "shared is layered"),
        ("shared/utils/__init__.py", "", "shared is layered"),
    ],
)
def test_a_forbidden_import_is_reported(tmp_path: Path, module: str, line: str, contract: str) -> None:
    skeleton(tmp_path)
    path = tmp_path / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    # An undeclared package stops the run with a message of its own instead of a line a contract.
    broken = re.findall(r"^(.*?) BROKEN\b.*$", done.stdout, re.MULTILINE)
    assert any(name.startswith(contract) for name in broken) or (
        not line and "exhaustive" in done.stdout.lower()
    ), done.stdout + done.stderr
