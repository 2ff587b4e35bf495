"""An evidence pack: asked for, made or failed, and fetched as often as somebody fetches it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from services.legal.domain.facts import pack as f
from shared.kernel.refusal import Refused

PACK = "pack"
ASKED, MADE, FAILED = "ASKED", "MADE", "FAILED"
LANGUAGES = ("zh-CN", "en")
_PACK = re.compile(r"pack-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PackUnknown(LookupError):
    """There is no such pack."""


class PackNotMade(Refused):
    """The pack is not made yet, or could not be made: there is nothing to fetch. Ask how it stands, then again."""

    code = "evidence-pack-not-made"
    title_en = "The evidence pack is not there yet"
    title_zh = "证据包尚未生成"


class PackGone(Refused):
    """The pack was removed, as every pack is some time after it was made, or it lies on another server.

    Ask for another one: as long as nothing else is recorded of the case it says the same.
    """

    code = "evidence-pack-gone"
    title_en = "The evidence pack is not here any more"
    title_zh = "证据包已被清除"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as its stream has it; `version` 0: nobody asked for it."""

    version: int = 0
    asked: f.EvidencePackAsked | None = None
    made: f.EvidencePackMade | None = None
    failed: f.EvidencePackFailed | None = None
    fetched: int = 0

    @property
    def status(self) -> str:
        """ASKED, MADE or FAILED."""
        return MADE if self.made else FAILED if self.failed else ASKED


def is_pack(text: str) -> bool:
    """Is it written as a pack's stream is?"""
    return _PACK.fullmatch(text) is not None


def fold_pack(events: Iterable[Any]) -> Pack:
    """The pack that these events make; what was erased only counts."""
    found = Pack()
    for event in events:
        found = replace(found, version=found.version + 1)
        match event:
            case f.EvidencePackAsked():
                found = replace(found, asked=event)
            case f.EvidencePackMade():
                found = replace(found, made=event)
            case f.EvidencePackFailed():
                found = replace(found, failed=event)
            case f.EvidencePackFetched():
                found = replace(found, fetched=found.fetched + 1)
    return found
