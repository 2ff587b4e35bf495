"""Where each service stands in what it hears of the others: the readers, as `projection status` shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from services.main.hearing import READERS, places_of
from shared.messaging.place import VERSION, Standing

if TYPE_CHECKING:
    from services.main.session import AnyService


@dataclass(frozen=True, slots=True)
class Stood:
    """A service's readers by the publisher's lanes, and the heads of the service's own lanes."""

    readers: Mapping[str, Sequence[Standing]]
    heads: Sequence[int]


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """A reader over all lanes of the feed it reads; `reads`: whose that is."""

    name: str
    reads: str
    lanes: Sequence[Standing]

    @property
    def version(self) -> int:
        """Of how its place is kept."""
        return VERSION

    @property
    def position(self) -> int:
        """Events heard or looked through."""
        return sum(lane.position for lane in self.lanes)

    @property
    def lag(self) -> int:
        """Events still to hear."""
        return sum(lane.lag for lane in self.lanes)

    @property
    def parked(self) -> int:
        """Streams that wait."""
        return sum(lane.parked for lane in self.lanes)

    @property
    def workers(self) -> list[str]:
        """Who reads just now."""
        return sorted({lane.worker for lane in self.lanes if lane.worker})

    def as_json(self) -> dict[str, Any]:
        """As views are described, and `reads`; how old what waits is only the publisher knows."""
        return {
            "view": self.name,
            "version": self.version,
            "reads": self.reads,
            "position": self.position,
            "lag": self.lag,
            "lag_seconds": None,
            "parked": self.parked,
            "lanes": [
                {
                    "lane": lane.lane,
                    "position": lane.position,
                    "head": lane.head,
                    "lag": lane.lag,
                    "parked": lane.parked,
                    "worker": lane.worker,
                }
                for lane in self.lanes
            ],
        }


async def stood(service: "AnyService") -> Stood:
    """Where a service's readers stand now."""
    lanes = await service.ledger.lanes(service.tenant)
    standing = {place.name: await place.standing() for place in places_of(service)}
    return Stood(standing, [lane.head for lane in lanes])


def readers(found: Mapping[str, Stood]) -> list[ReaderStatus]:
    """The readers that ever heard anything, of services by name.

    A lag is by the publisher's newest event where the publisher is among them, else by the newest the reader saw.
    """
    shown = []
    for one in found.values():
        for name, standing in one.readers.items():
            publisher, lanes = READERS[name].publisher, standing
            heads = found[publisher].heads if publisher in found else ()
            if len(heads) == len(lanes):
                lanes = [replace(lane, head=head) for lane, head in zip(lanes, heads, strict=True)]
            if lanes:
                shown.append(ReaderStatus(name, publisher, lanes))
    return shown
