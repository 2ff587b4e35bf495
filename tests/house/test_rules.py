"""Each rule of the house holds over the checkout, and bites on a source that breaks it."""

from __future__ import annotations

import importlib
import os
import re
import site
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import rules

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = rules.sources(ROOT / "services", ROOT / "shared")
EVERYTHING = rules.sources(ROOT / "services", ROOT / "shared", ROOT / "deploy", ROOT / "tests")
MAY_ASK_THE_WORLD = {ROOT / "shared/kernel/clock.py", ROOT / "shared/kernel/ids.py"}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_only_the_clock_and_the_ids_ask_the_world() -> None:
    assert rules.clock_and_id_calls(path for path in PRODUCT if path not in MAY_ASK_THE_WORLD) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()\n",
        "import datetime\nx = datetime.datetime.now(datetime.UTC)\n",
        "import datetime as dt\nx = dt.date.today()\n",
        "from datetime import date as day\nx = day.today\n",
        "from datetime import datetime\nx = datetime.utcnow()\n",
        "import time\nx = time.time()\n",
        "from time import time\n",
        "import uuid\nx = uuid.uuid4()\n",
        "from uuid import uuid1 as fresh\n",
        "from dataclasses import field\nfrom datetime import datetime\nx = field(default_factory=datetime.now)\n",
    ],
)
def test_a_clock_or_id_call_is_found_however_it_is_written(tmp_path: Path, source: str) -> None:
    assert rules.clock_and_id_calls([written(tmp_path, "rule.py", source)])


def test_durations_and_our_own_names_are_no_clock_calls(tmp_path: Path) -> None:
    source = "import time\nfrom shared.kernel.clock import now\nx = time.monotonic() + now()\n"
    assert rules.clock_and_id_calls([written(tmp_path, "rule.py", source)]) == []


def test_modules_and_functions_are_small() -> None:
    assert rules.sizes(EVERYTHING) == []


def test_a_long_module_and_a_long_function_are_found(tmp_path: Path) -> None:
    long_module = written(tmp_path, "long.py", "x = 1\n" * 401)
    long_function = written(tmp_path, "wide.py", "async def act():\n" + "    x = 1\n" * 60)
    just_right = written(tmp_path, "fits.py", "def act():\n" + "    x = 1\n" * 59 + "x = 1\n" * 340)
    assert len(rules.sizes([long_module, long_function, just_right])) == 2


def test_names_say_what_they_are_about() -> None:
    assert rules.refused_names(EVERYTHING, root=ROOT) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("utils.py", ""),
        ("case_helpers.py", ""),
        ("common/money.py", ""),
        ("case.py", "class CaseManager: pass\n"),
    ],
)
def test_a_name_about_nothing_is_found(tmp_path: Path, name: str, source: str) -> None:
    assert rules.refused_names([written(tmp_path, name, source)], root=tmp_path)


def test_nothing_is_left_for_later() -> None:
    assert rules.placeholders(path for path in EVERYTHING if path != Path(__file__).resolve()) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 1  # TO" + "DO: the other currencies\n",
        "def decide():\n    raise NotImplemented" + "Error\n",
        "def decide():\n    ...\n",
        "class Store:\n    def read(self):\n        pass\n",
    ],
)
def test_work_left_for_later_is_found(tmp_path: Path, source: str) -> None:
    assert rules.placeholders([written(tmp_path, "later.py", source)])


def test_a_protocol_may_declare_what_others_do(tmp_path: Path) -> None:
    source = "from typing import Protocol\nclass Store(Protocol):\n    def read(self) -> int: ...\n"
    assert rules.placeholders([written(tmp_path, "port.py", source)]) == []


def test_every_module_says_what_it_is_for(tmp_path: Path) -> None:
    assert rules.missing_docstrings(PRODUCT) == []
    assert rules.missing_docstrings([written(tmp_path, "mute.py", "x = 1\n")])


def test_every_service_has_the_same_rooms(tmp_path: Path) -> None:
    assert rules.missing_rooms(ROOT / "services") == []
    written(tmp_path, "billing/domain/__init__.py", "")
    assert len(rules.missing_rooms(tmp_path)) == len(rules.ROOMS) - 1


def traces_of_this_machine() -> list[str]:
    """Folders and package hosts of the machine at hand, from its own settings; nothing is written down here."""
    settings = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    ).stdout
    named = settings + "\n".join(
        value for key, value in os.environ.items() if key.startswith(("PIP_", "UV_"))
    )
    hosts = set(re.findall(r"https?://(?:[^/@\s']*@)?([^/:\s']+)", named))
    hosts |= {"files.python" + "hosted.org", "registry.npm" + "js.org"}
    folders = {f"{ROOT}/", str(Path.home()) + "/" if str(Path.home()) != "/" else ""}
    return sorted(hosts | {folder for folder in folders if folder})


def test_no_committed_file_names_a_package_host_or_this_machine(tmp_path: Path) -> None:
    traces = traces_of_this_machine()
    assert rules.traces_of_a_machine(rules.committed(ROOT), traces=traces) == []
    leak = written(tmp_path, "leak.md", f"see {ROOT}/notes\n")
    assert rules.traces_of_a_machine([leak], traces=traces)


def test_locks_are_hashed_and_free_of_hosts(tmp_path: Path) -> None:
    assert rules.unhashed_locks([ROOT / "requirements.lock", ROOT / "requirements-test.lock"]) == []
    hashed = "a==1 \\\n    --hash=sha256:00\n"
    assert rules.unhashed_locks([written(tmp_path, "good.lock", hashed)]) == []
    assert rules.unhashed_locks([written(tmp_path, "host.lock", "--index-url https://x.example/\n" + hashed)])
    assert rules.unhashed_locks([written(tmp_path, "bare.lock", hashed + "b==2\n")])


def test_the_test_lock_holds_all_of_the_other() -> None:
    entries = [
        {
            line.split(" ;")[0].rstrip(" \\")
            for line in (ROOT / name).read_text().splitlines()
            if "==" in line[:60]
        }
        for name in ("requirements.lock", "requirements-test.lock")
    ]
    assert entries[0] <= entries[1]


def test_our_top_level_names_have_one_owner(tmp_path: Path) -> None:
    folders = [Path(folder) for folder in site.getsitepackages()]
    names = ("services", "shared")
    assert rules.foreign_owners(names, ours="quittance", folders=folders) == []
    for name in names:
        assert Path(importlib.import_module(name).__file__ or "").parent == ROOT / name
    written(
        tmp_path,
        "services-0.1.1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: services\nVersion: 0.1.1\n",
    )
    written(tmp_path, "services-0.1.1.dist-info/RECORD", "services/__init__.py,,\n")
    assert rules.foreign_owners(names, ours="quittance", folders=[tmp_path])
