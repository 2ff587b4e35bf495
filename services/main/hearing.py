"""Who hears whom: each service reads the other's feed, in this process or at the address the settings name."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from services.main.clocks import clock_of
from services.main.settings import Settings
from services.main.tokens import development_issuer
from services.main.usage import Stopped
from shared.messaging.over_http import FeedOverHttp
from shared.messaging.place import Place
from shared.messaging.reader import FeedReader
from shared.messaging.source import FeedInProcess, FeedSource
from shared.telemetry import logs

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.contact.wiring import ContactService
    from services.main.session import AnyService, Session

SCOPES = ("feed:read",)
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
    return [contact_hears(contact, FeedInProcess(case.feed)), case_hears(case, FeedInProcess(contact.feed))]


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
            source = FeedOverHttp(settings.case_url, "case", token=_token(settings, "contact"))
            readers.append(contact_hears(contact, source))
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
                there = open_case(session.case_settings, clock=session.clock, views=False)
                yield contact_hears(service, FeedInProcess((await opened.enter_async_context(there)).feed))
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


def contact_hears(contact: "ContactService", source: FeedSource) -> FeedReader:
    """Contact's reader of the case service's feed."""
    from services.contact.application.told import case as told

    return FeedReader(
        name=told.NAME, source=source, types=told.TYPES, hear=contact.told.hear,
        database=contact.projections.database, clock=contact.clock, on_fault=_named(told.NAME),
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
