"""Where the legal service asks the other two: in this process, or at the addresses of the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING

from services.legal.adapters.elsewhere.over_http import CaseOverHttp, ContactOverHttp
from services.legal.application.elsewhere import CaseFile, ContactFile
from services.main.between_tokens import token_of
from services.main.elsewhere import CaseInProcess, ContactInProcess
from services.main.settings import Settings

if TYPE_CHECKING:
    from services.case.wiring import CaseService
    from services.contact.wiring import ContactService
    from services.legal.wiring import LegalService
    from services.main.session import Session


def reached(
    legal: "LegalService",
    settings: Settings,
    *,
    case: "CaseService | None",
    contact: "ContactService | None",
) -> list[CaseFile | ContactFile]:
    """Tell the legal service where to ask; what was opened for that, to be closed at the end.

    A service that is neither here nor at an address does not answer. Raises Stopped without a token to ask with.
    """
    case_file: CaseFile | None = None if case is None else CaseInProcess(case)
    contact_file: ContactFile | None = None if contact is None else ContactInProcess(contact)
    if case_file is None and settings.case_url is not None:
        case_file = CaseOverHttp(settings.case_url, token=token_of(settings, "legal"))
    if contact_file is None and settings.contact_url is not None:
        contact_file = ContactOverHttp(settings.contact_url, token=token_of(settings, "legal"))
    legal.reach(case_file, contact_file)
    return [one for one in (case_file, contact_file) if one is not None]


@asynccontextmanager
async def asked_beside(session: "Session", legal: "LegalService") -> AsyncIterator[None]:
    """Case and contact for a command of the legal service, while it lasts: of the same store, else at their addresses.

    Raises Stopped without a token to ask with; what opening a store that is there raises.
    """
    from services.case.wiring import open_case
    from services.contact.wiring import open_contact
    from shared.eventstore.ledger import TenantUnknown

    kept = session.kept()
    async with AsyncExitStack() as opened:
        case = contact = None
        with suppress(TenantUnknown):
            if "case" in kept:
                case = await opened.enter_async_context(open_case(session.case_settings, clock=session.clock))
        with suppress(TenantUnknown):
            if "contact" in kept:
                contact = await opened.enter_async_context(
                    open_contact(session.contact_settings, clock=session.clock)
                )
        for file in reached(legal, session.settings, case=case, contact=contact):
            opened.push_async_callback(file.close)
        yield
