"""Who hears whom: each service reads the other's feed, in this process or at the address the settings name."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from services.contact.adapters.told.sheets_over_http import SheetsOverHttp
from services.main.clocks import clock_of
from services.main.settings import Settings
from services.main.tokens import development_issuer
from services.main.usage import Stopped
from shared.messaging.over_http import FeedOverHttp
from shared.messaging.place import Place
from shared.messaging.reader import FeedReader
from shared.messaging.source import FeedInProcess, FeedSource
from shared.messaging.told import Cursor, Told
from shared.telemetry import logs

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.contact.application.told.people import SheetSource
    from services.contact.wiring import ContactService
    from services.main.session import AnyService, Session

SCOPES = ("feed:read", "contact:address")
CLIENT = "quittance-contact"
"""Under which name the contact service asks."""
TOKEN_FOR_S = 600
"""How long a token of the development issuer is used before the next is made."""


CASE, CONTACT = "case", "contact"
READERS = {"case": "case.hears_contact", "contact": "contact.hears_case"}
"""Service -> under which name it hears the other one."""


def place_of(service: "AnyService") -> Place:
    """Where a service stands in the feed that it hears."""
    return Place(READERS[service.ledger.service], service.projections.database, service.clock)


def between(case: "CaseService", contact: "ContactService") -> list[FeedReader]:
    """Both hear each other in this process."""
    return [
        contact_hears(contact, FeedInProcess(case.feed), SheetsInProcess(case)),
        case_hears(case, FeedInProcess(contact.feed)),
    ]


def from_elsewhere(
    settings: Settings, case: "CaseService | None", contact: "ContactService | None"
) -> tuple[list[FeedReader], list[tuple[str, str]]]:
    """The readers of services that are served elsewhere, and who hears nobody with the variable that is missing."""
    readers: list[FeedReader] = []
    deaf: list[tuple[str, str]] = []
    if contact is not None:
        if settings.case_url is None:
            deaf.append(("contact", "QUITTANCE_CASE_URL"))
        else:
            token = _token(settings, "contact")
            source = FeedOverHttp(settings.case_url, "case", token=token)
            readers.append(contact_hears(contact, source, SheetsOverHttp(settings.case_url, token=token)))
    if case is not None:
        if settings.contact_url is None:
            deaf.append(("case", "QUITTANCE_CONTACT_URL"))
        else:
            source = FeedOverHttp(settings.contact_url, "contact", token=_token(settings, "case"))
            readers.append(case_hears(case, source))
    return readers, deaf


@asynccontextmanager
async def reading(session: "Session", service: "AnyService") -> AsyncIterator[FeedReader]:
    """The reader of the feed that a service hears: of the same store where both are kept there, else over HTTP.

    Raises Stopped where nobody says where the other service is.
    """
    from services.case.wiring import CaseService, open_case
    from services.contact.wiring import open_contact

    async with AsyncExitStack() as opened:
        other = CONTACT if isinstance(service, CaseService) else CASE
        if other in session.kept():
            if isinstance(service, CaseService):
                found = open_contact(session.contact_settings, clock=session.clock, views=False)
                yield case_hears(service, FeedInProcess((await opened.enter_async_context(found)).feed))
            else:
                there = open_case(session.case_settings, clock=session.clock)
                case = await opened.enter_async_context(there)
                yield contact_hears(service, FeedInProcess(case.feed), SheetsInProcess(case))
            return
        if isinstance(service, CaseService):
            readers, deaf = from_elsewhere(session.settings, service, None)
        else:
            readers, deaf = from_elsewhere(session.settings, None, service)
        if deaf:
            raise Stopped(
                en=f"what waits is read from the other service: set {deaf[0][1]} to where that is served",
                zh=f"等待中的事件需从另一服务读取：请将 {deaf[0][1]} 设为其地址",
            )
        opened.push_async_callback(readers[0].close)
        yield readers[0]


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


def case_hears(case: "CaseService", source: FeedSource) -> FeedReader:
    """The case service's reader of contact's feed."""
    from services.case.application.told import contact as told

    return FeedReader(
        name=told.NAME, source=source, types=told.TYPES, hear=case.told.hear,
        database=case.projections.database, clock=case.clock, on_fault=_named(told.NAME),
    )  # fmt: skip


def _named(reader: str) -> Callable[[str], None]:
    log = logs.logger("feed")
    return lambda error: log.warning("fault", view=reader, error=error)


def _token(settings: Settings, client: str) -> Callable[[], str]:
    """The token to read another service with: of the file, or the development issuer's. Raises Stopped."""
    if (file := settings.token_file) is not None:
        return lambda: file.read_text("ascii").strip()
    if settings.issuer is not None:
        raise Stopped(
            en="QUITTANCE_TOKEN_FILE must name the token by which this service reads the other",
            zh="请用 QUITTANCE_TOKEN_FILE 指明本服务读取另一服务所用的令牌文件",
        )
    issuer, clock = development_issuer(settings), clock_of(settings)
    made: list[tuple[float, str]] = []

    def token() -> str:
        now = clock.now().timestamp()
        if not made or now - made[0][0] > TOKEN_FOR_S:
            text = issuer.token(
                audience=settings.audience, tenant=settings.tenant, clock=clock, client=f"quittance-{client}",
                scopes=SCOPES,
            )  # fmt: skip
            made[:] = [(now, text)]
        return made[0][1]

    return token
