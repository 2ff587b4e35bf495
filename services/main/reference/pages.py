"""Which pages are made from code, and writing them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from services.main.reference import cli, events, problems, settings

PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli.page,
    "events.md": events.page,
    "problems.md": problems.page,
    "settings.md": settings.page,
}


def write(folder: Path) -> list[str]:
    """Write every page into `folder`; the names of those whose content changed."""
    changed = []
    for name, page in PAGES.items():
        path, text = folder / name, page()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
