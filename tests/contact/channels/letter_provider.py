"""Letters under the contract suite: our spool in a real folder, whose disk can be made to fail."""

import errno
import os
import shutil
import time
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from services.contact.adapters.letters import spool as spool_module
from services.contact.adapters.letters.letterhead import letterhead
from services.contact.adapters.letters.sheet import number_of
from services.contact.adapters.letters.spool import LetterSpool, Side
from shared.kernel.clock import SystemClock
from tests.contact.channels.provider import SLOW_S, Accepted, Behaviour
from tests.shared.printing.letters import MM, SHEET_MM, read, through_the_window

STRANGER = "another letter that has this number"
TITLE_PT = 13
BODY_MM = (98, 269)
"""Where the text of a first page begins and the text of any page ends, from the top of the sheet."""


@dataclass
class Disk:
    """The system's calls by which the spool makes a file last; some of them can be made to fail or to take long."""

    behaviour: Behaviour = "takes"
    linked: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def fsync(self, opened: int) -> None:
        """As the disk behaves."""
        if self.behaviour == "busy":
            raise OSError(errno.ENOSPC, "full")
        if self.behaviour == "slow":
            time.sleep(SLOW_S / 2)
        if self.behaviour == "lost_before" or (self.behaviour == "lost_after" and self.linked):
            raise OSError(errno.EIO, "broken")
        os.fsync(opened)

    def link(self, source: Path, target: Path) -> None:
        """The step that puts the letter there."""
        os.link(source, target)
        self.linked = True


@dataclass
class LetterProvider:
    """The letter channel and its folder."""

    channel: LetterSpool
    disk: Disk
    address: str = "上海市徐汇区漕溪北路 88 号 1201 室\n200030"
    hostile_addresses: tuple[str, ...] = ("", " \n\t\n ", "路" * 700, "WWW" * 500, "一行\n" * 40)
    keeps_keys: bool = True
    has_subject: bool = True
    planted: list[Path] = field(default_factory=list)

    def behave(self, how: Behaviour) -> None:
        """From the next letter on. A number that another letter has is what a spool refuses for good."""
        self.disk.behaviour, self.disk.linked = how, False
        for path in self.planted:
            path.unlink()
        self.planted.clear()
        if how == "refuses":
            for key in ("cat_1", "cat_refuses"):
                self._plant(number_of(key))

    def _plant(self, number: str) -> None:
        folder = self.channel.folder / "letters" / number[:2]
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in (
            ("pdf", b""),
            ("json", msgspec.json.encode(Side(key=STRANGER, postal="STANDARD"))),
        ):
            path = folder / f"{number}.{suffix}"
            if not path.exists():
                path.write_bytes(content)
                self.planted.append(path)

    def as_shown(self, text: str) -> str | None:
        """Without the spaces and breaks, which paper has where its lines end; pictures have no sign in the font."""
        if any(unicodedata.category(c) in ("So", "Cf") for c in text):
            return None
        return "".join(text.split())

    def accepted(self) -> list[Accepted]:
        """What lies in the spool, oldest first."""
        files = sorted(
            (self.channel.folder / "letters").rglob("*.pdf"), key=lambda file: file.stat().st_mtime_ns
        )
        return [_accepted(file) for file in files if file not in self.planted]

    async def stop(self) -> None:
        """The folder is gone, and something else stands where it was."""
        shutil.rmtree(self.channel.folder)
        self.channel.folder.touch()


def _accepted(file: Path) -> Accepted:
    pdf, head = file.read_bytes(), letterhead().of("zh-CN")
    side = msgspec.json.decode(file.with_suffix(".json").read_bytes(), type=Side)
    lines = [line for line in through_the_window(pdf).splitlines() if line]
    assert lines[0] == head.return_line
    parts = list(_body(pdf))
    text = "".join("".join(text for text, size in parts if size != TITLE_PT).split()).replace("\u200b", "")
    return Accepted(
        key=side.key,
        address="\n".join(lines[1:]),
        text=text.removesuffix("".join("".join(head.signature).split())),
        subject_line="".join(text for text, size in parts if size == TITLE_PT).replace("\n", ""),
    )


def _body(pdf: bytes) -> Iterator[tuple[str, float]]:
    """The pieces of text between letterhead and footer, each with the size of its letters."""
    for number, page in enumerate(read(pdf).pages):
        found: list[tuple[str, float]] = []

        def visit(
            text: str,
            place: list[float],
            within: list[float],
            _font: Any,
            size: float,
            *,
            found: Any = found,
            first: bool = number == 0,
        ) -> None:
            y = SHEET_MM[1] - (place[5] + within[5]) / MM
            if (BODY_MM[0] if first else 0) <= y <= BODY_MM[1]:
                found.append((text, round(size, 1)))

        page.extract_text(visitor_text=visit)
        yield from found


@contextmanager
def _on(disk: Disk) -> Iterator[None]:
    spool_module.os = disk  # type: ignore[attr-defined]
    try:
        yield
    finally:
        spool_module.os = os  # type: ignore[attr-defined]


@asynccontextmanager
async def letters() -> AsyncIterator[LetterProvider]:
    """The provider, running."""
    disk = Disk()
    with TemporaryDirectory() as folder, _on(disk):
        channel = LetterSpool(
            Path(folder) / "spool", letterhead=letterhead(), clock=SystemClock(), zone_name="Asia/Shanghai"
        )
        try:
            yield LetterProvider(channel, disk)
        finally:
            await channel.close()
