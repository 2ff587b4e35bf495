"""Where the legal service asks the other two: in this process, or at the addresses of the settings."""

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
