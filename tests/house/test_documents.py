"""What the documents tell a reader to type exists, and what they point to is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERBS = {"help", "demo", "test", "check", "bench", "fresh-check", "lint", "format", "docs"}
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])


def make_targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def unknown_targets(text: str, targets: set[str]) -> list[str]:
    """`make …` commands in code spans whose target the Makefile does not have."""
    typed = (word for code in CODE.findall(text) for word in re.findall(r"\bmake ([a-z][a-z-]*)", code))
    return sorted(set(typed) - targets)


def dead_links(path: Path) -> list[str]:
    """Relative links of a document that lead nowhere."""
    linked = (target for target in LINK.findall(path.read_text()) if not re.match(r"[a-z]+:", target))
    return [target for target in linked if not (path.parent / target).exists()]


def test_the_makefile_has_the_verbs_and_says_what_each_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert make_targets(makefile) >= VERBS
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    ).stdout
    assert set(re.findall(r"make ([a-z-]+)", listed)) >= VERBS


def test_documents_name_only_targets_and_files_that_exist() -> None:
    targets = make_targets((ROOT / "Makefile").read_text())
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in documents()
        if (found := unknown_targets(path.read_text(), targets) + dead_links(path))
    }
    assert wrong == {}


@pytest.mark.parametrize("text", ["run `make everything`", "```\nmake demo\nmake sandwich\n```\n"])
def test_a_target_that_does_not_exist_is_found(text: str) -> None:
    assert unknown_targets(text, {"demo"})


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("[here](page.md#top), [web](https://example.org), [gone](gone.md)\n")
    assert dead_links(document) == ["gone.md"]
