"""The script that a contact goes by: what it says is part of what is asked, and which it was stays with the contact."""

from datetime import date
from typing import Any, TypeVar

from services.contact.api.asking.acting import ContactSent
from services.contact.api.desk import Desk
from services.contact.domain.texts.template import TemplateUnknown
from shared.http.problems import Problem

OF_A_SCRIPT = ("template-not-in-force",)
S = TypeVar("S", bound=ContactSent)


async def with_script(desk: Desk, sent: S, *, on: date | None = None) -> S:
    """The contact with all that its script says among its `content`, for the script's purpose unless it names one.

    `on`: the script must be one that may be used on that day. Raises Problem `invalid`, TemplateNotInForce.
    """
    if sent.script is None:
        return sent
    try:
        purpose, said = await desk.texts.spoken(sent.script.template, sent.script.version, on=on)
    except TemplateUnknown:
        raise Problem("invalid", errors=[("/script", "UNKNOWN")]) from None
    content = tuple(dict.fromkeys((*sent.content, *said)))
    changed: dict[str, Any] = {"content": content, "purpose": sent.purpose or purpose}
    return sent.model_copy(update=changed)
