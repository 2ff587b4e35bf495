"""What every decision about a matter stands on: the law pack and the zone in which days are days."""

from dataclasses import dataclass

from services.legal.domain.clocks.pack import LawPack


@dataclass(frozen=True, slots=True)
class Ground:
    """`law` decides what runs and for how long; its id, version and hash are named in what it decided."""

    law: LawPack
    zone: str = "Asia/Shanghai"

    @property
    def named(self) -> str:
        """`cn.law/2026.1.0`: the policy of the events it led to."""
        return f"{self.law.id}/{self.law.version}"
