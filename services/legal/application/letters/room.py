"""Letters, put together: texts, press, drafts and dispatches of one tenant."""

from dataclasses import dataclass

from services.legal.application.handle import LegalDesk
from services.legal.application.letters.dispatching import Dispatching
from services.legal.application.letters.drafting import Drafting
from services.legal.application.letters.texts import LetterTexts, Shipped
from shared.printing.letter import Press


@dataclass(frozen=True, slots=True)
class LetterRoom:
    """What can be asked about letters, in one place."""

    texts: LetterTexts
    drafting: Drafting
    dispatching: Dispatching


def letter_room(*, acts: LegalDesk, shipped: Shipped) -> LetterRoom:
    """The room. Opening it reads the fonts once."""
    texts, press = LetterTexts(shipped), Press()
    drafting = Drafting(acts=acts, texts=texts, press=press)
    return LetterRoom(texts, drafting, Dispatching(acts=acts, drafting=drafting, texts=texts, press=press))
