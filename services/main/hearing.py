"""Who hears whom: each service reads the feeds of the others, in this process or at the addresses of the settings.

Every pair has a reader with a place of its own; a service that is not there is no reason for the others to wait.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from services.contact.adapters.told.sheets_over_http import SheetsOverHttp
from services.main.between_tokens import token_of
from services.main.session import CASE, CONTACT, LEGAL, SERVICES
from services.main.settings import Settings
from services.main.usage import Stopped
from shared.messaging.over_http import FeedOverHttp
from shared.messaging.place import Place
from shared.messaging.reader import FeedReader, Hear
from shared.messaging.source import FeedInProcess, FeedSource
from shared.messaging.told import Cursor, Told
from shared.telemetry import logs

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.contact.application.told.people import SheetSource
    from services.contact.wiring import ContactService
    from services.legal.wiring import LegalService
    from services.main.session import AnyService, Session

CLIENT = "quittance-contact"
"""Under which name the contact service asks the case service about people."""
URLS = {CASE: "QUITTANCE_CASE_URL", CONTACT: "QUITTANCE_CONTACT_URL", LEGAL: "QUITTANCE_LEGAL_URL"}


class Pair(NamedTuple):
    """One service hears another."""

    hearer: str
    publisher: str

    @property
    def reader(self) -> str:
        """Under which name it does."""
        return f"{self.hearer}.hears_{self.publisher}"


PAIRS = tuple(Pair(hearer, publisher) for hearer in SERVICES for publisher in SERVICES if hearer != publisher)
READERS = {pair.reader: pair for pair in PAIRS}


class Deaf(NamedTuple):
    """A service that hears nothing of another, and the variable that would say where that is."""

    hearer: str
    publisher: str
    variable: str


def readers_of(service: str) -> tuple[Pair, ...]:
    """Whom a service hears."""
    return tuple(pair for pair in PAIRS if pair.hearer == service)


def place_of(service: "AnyService", pair: Pair) -> Place:
    """Where a service stands in a feed that it hears."""
    return Place(pair.reader, service.projections.database, service.clock)


def places_of(service: "AnyService") -> list[Place]:
    """Where a service stands in each feed that it hears."""
    return [place_of(service, pair) for pair in readers_of(service.ledger.service)]


Services = Mapping[str, "AnyService"]
"""The services that are open in this process, by name."""


def between(services: Services) -> list[FeedReader]:
    """All that are open here hear each other in this process."""
    return [_here(pair, services) for pair in PAIRS if pair.hearer in services and pair.publisher in services]


def from_elsewhere(settings: Settings, services: Services) -> tuple[list[FeedReader], list[Deaf]]:
    """The readers of services that are served elsewhere, and who hears whom not."""
    readers: list[FeedReader] = []
    deaf: list[Deaf] = []
    for pair in PAIRS:
        if pair.hearer not in services or pair.publisher in services:
            continue
        address = settings.address_of(pair.publisher)
        if address is None:
            deaf.append(Deaf(*pair, URLS[pair.publisher]))
            continue
        token = token_of(settings, pair.hearer)
        source = FeedOverHttp(address, pair.publisher, token=token)
        sheets = partial(SheetsOverHttp, address, token=token)
        readers.append(_reader(pair, services[pair.hearer], source, sheets))
    return readers, deaf


@asynccontextmanager
async def reading(session: "Session", service: "AnyService", reader: str) -> AsyncIterator[FeedReader]:
    """The reader of that name: of the same store where both are kept there, else over HTTP.

    Raises Stopped where nobody says where the other service is.
    """
    pair = READERS[reader]
    async with AsyncExitStack() as opened:
        if pair.publisher in session.kept():
            other = await opened.enter_async_context(session.opened(pair.publisher))
            yield _here(pair, {pair.hearer: service, pair.publisher: other})
            return
        readers, deaf = from_elsewhere(session.settings, {pair.hearer: service})
        for one in readers:
            opened.push_async_callback(one.close)
        found = next((one for one in readers if one.name == reader), None)
        if found is None:
            [missing] = [one.variable for one in deaf if one.publisher == pair.publisher]
            raise Stopped(
                en=f"what waits is read from the other service: set {missing} to where that is served",
                zh=f"等待中的事件需从另一服务读取：请将 {missing} 设为其地址",
            )
        yield found


def _here(pair: Pair, services: Services) -> FeedReader:
    publisher: Any = services[pair.publisher]
    source, sheets = FeedInProcess(publisher.feed), partial(SheetsInProcess, publisher)
    return _reader(pair, services[pair.hearer], source, sheets)


def _reader(
    pair: Pair, hearer: "AnyService", source: FeedSource, sheets: "Callable[[], SheetSource]"
) -> FeedReader:
    """The reader of a pair. `sheets`: where contact asks about people, if it is contact that hears the case service."""
    service: Any = hearer
    if pair == (CONTACT, CASE):
        return contact_hears(service, source, sheets())
    hears: Mapping[tuple[str, str], Callable[[Any, FeedSource], FeedReader]] = {
        (CASE, CONTACT): case_hears,
        (CASE, LEGAL): case_hears_legal,
        (CONTACT, LEGAL): contact_hears_legal,
        (LEGAL, CASE): legal_hears_case,
        (LEGAL, CONTACT): legal_hears_contact,
    }
    return hears[pair](service, source)


class SheetsInProcess:
    """Contact sheets of the case service in this process."""

    def __init__(self, case: "CaseService") -> None:
        self._case = case

    async def close(self) -> None:
        """The case service is closed by whoever opened it."""

    async def about(
        self, *, behind: Cursor, case: str | None = None, party: str | None = None, account: str | None = None
    ) -> Sequence[Any]:
        """See SheetSource; the same sheets, on record in the same way."""
        from services.case.application.privacy.access import Reader

        service = self._case
        lanes = await service.ledger.lane_numbers(service.tenant)
        await service.privacy.finder.catch_up(dict(zip(lanes, behind, strict=True)))
        return await service.contact_sheets.about(Reader(CLIENT), case=case, party=party, account=account)


def contact_hears(contact: "ContactService", source: FeedSource, sheets: "SheetSource") -> FeedReader:
    """Contact's reader of the case service's feed; what it hears of people it asks `sheets` about."""
    from services.contact.application.told import case as told
    from services.contact.application.told import people
    from services.contact.domain.point_form import region_of

    places = contact.settings.jurisdictions
    taking = people.PeopleTold(desk=contact.acts, sheets=sheets, places=places, region=region_of(places[0]))

    async def hear(event: Told) -> None:
        await contact.told.hear(event)
        await taking.hear(event)

    return FeedReader(
        name=told.NAME, source=source, types=(*told.TYPES, *people.TYPES), hear=hear,
        database=contact.projections.database, clock=contact.clock, on_fault=_named(told.NAME), besides=(sheets,),
    )  # fmt: skip


def contact_hears_legal(contact: "ContactService", source: FeedSource) -> FeedReader:
    """Contact's reader of the legal service's feed."""
    from services.contact.application.told import legal as told

    return _plain(contact, source, _Hearing(told.NAME, told.TYPES, contact.told_by_legal.hear))


def case_hears(case: "CaseService", source: FeedSource) -> FeedReader:
    """The case service's reader of contact's feed."""
    from services.case.application.told import contact as told

    return _plain(case, source, _Hearing(told.NAME, told.TYPES, case.told.hear))


def case_hears_legal(case: "CaseService", source: FeedSource) -> FeedReader:
    """The case service's reader of the legal service's feed."""
    from services.case.application.told import legal as told

    return _plain(case, source, _Hearing(told.NAME, told.TYPES, case.told_by_legal.hear))


def legal_hears_case(legal: "LegalService", source: FeedSource) -> FeedReader:
    """The legal service's reader of the case service's feed."""
    from services.legal.application.told import case as told

    return _plain(legal, source, _Hearing(told.NAME, told.TYPES, legal.told_by_case.hear))


def legal_hears_contact(legal: "LegalService", source: FeedSource) -> FeedReader:
    """The legal service's reader of contact's feed."""
    from services.legal.application.told import contact as told

    return _plain(legal, source, _Hearing(told.NAME, told.TYPES, legal.told_by_contact.hear))


@dataclass(frozen=True, slots=True)
class _Hearing:
    name: str
    types: tuple[str, ...]
    hear: Hear


def _plain(service: "AnyService", source: FeedSource, hearing: _Hearing) -> FeedReader:
    return FeedReader(
        name=hearing.name, source=source, types=hearing.types, hear=hearing.hear,
        database=service.projections.database, clock=service.clock, on_fault=_named(hearing.name),
    )  # fmt: skip


def _named(reader: str) -> Callable[[str], None]:
    log = logs.logger("feed")
    return lambda error: log.warning("fault", view=reader, error=error)
