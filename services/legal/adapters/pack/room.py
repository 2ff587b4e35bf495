"""Evidence packs, put together: what wiring names once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.legal.adapters.pack.gathering import Gathering
from services.legal.adapters.pack.making import PackMaking
from services.legal.adapters.pack.of_letters import Print
from services.legal.adapters.pack.place import PackFolder
from services.legal.application.elsewhere import CaseFile, ContactFile
from services.legal.application.handle import LegalDesk
from services.legal.application.limitation.asked import LimitationClocks
from services.legal.application.pack.desk import PackDesk
from services.legal.application.pack.making import PackWork
from shared.eventstore.ledger import Ledger
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class PackRoom:
    """The packs of one tenant, and who makes them."""

    desk: PackDesk
    work: PackWork
    maker: PackMaking


def pack_room(
    *,
    ledger: Ledger,
    tenant: str,
    acts: LegalDesk,
    limitation: LimitationClocks,
    clock: Clock,
    printed: Print,
    case_file: Callable[[], CaseFile],
    contact_file: Callable[[], ContactFile],
    keys: Path,
) -> PackRoom:
    """The room. Packs lie beside the keys: the one folder that every store has, and that nobody else may read."""
    now: Callable[[], datetime] = clock.now
    place = PackFolder(keys.parent / "packs" / tenant, now)
    desk = PackDesk(ledger=ledger, tenant=tenant, acts=acts, clock=clock, place=place)
    gathering = Gathering(
        ledger=ledger, tenant=tenant, acts=acts, limitation=limitation, case_file=case_file,
        contact_file=contact_file,
    )  # fmt: skip
    maker = PackMaking(gathering=gathering, printed=printed)
    return PackRoom(desk, PackWork(desk=desk, maker=maker), maker)
