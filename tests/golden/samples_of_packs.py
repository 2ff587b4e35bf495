"""One of each event of evidence packs."""

from datetime import date

from msgspec import Struct

from services.legal.domain.facts import pack as f

PACK, DAY = "pack-6f1c0d1e-0000-8000-8000-000000000001", date(2026, 11, 22)
_ALL: tuple[Struct, ...] = (
    f.EvidencePackAsked(
        pack=PACK, case="case-6f1c0d1e-0000-8000-8000-000000000001", as_of=DAY, language="zh-CN", reason="SUIT",
        on=DAY, by="crm/lin",
    ),
    f.EvidencePackMade(
        pack=PACK, manifest="9f" * 32, zip_sha256="7c" * 32, size=412_331, files=24,
        gaps=("contacts:service-not-answering",), on=DAY,
    ),
    f.EvidencePackFailed(pack=PACK, reason="case-unknown-there", on=DAY),
    f.EvidencePackFetched(pack=PACK, manifest="9f" * 32, on=DAY, by="crm/lin"),
)  # fmt: skip
SAMPLES_OF_PACKS: dict[str, Struct] = {f"legal.{type(one).__name__}/v1": one for one in _ALL}
