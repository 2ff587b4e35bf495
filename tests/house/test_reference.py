"""The pages of docs/reference that are made from code say what the code says now; `make docs` writes them."""

from __future__ import annotations

from pathlib import Path

from services.main.reference import pages

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"


def test_the_reference_is_what_code_says() -> None:
    stale = [name for name, page in pages.PAGES.items() if (REFERENCE / name).read_text() != page()]
    assert stale == [], "run `make docs` and commit what it wrote"


def test_writing_tells_which_page_was_stale(tmp_path: Path) -> None:
    assert pages.write(tmp_path) == sorted(pages.PAGES)
    assert pages.write(tmp_path) == []
    (tmp_path / "events.md").write_text("# Events\n")
    assert pages.write(tmp_path) == ["events.md"]
