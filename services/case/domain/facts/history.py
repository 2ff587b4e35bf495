"""Where a fact from before go-live comes from."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS


class HistoryTaken(Struct, frozen=True, kw_only=True):
    """The fact that follows is from before go-live: it was taken in by the import `run`, and nothing is sent for it.

    `what` and `thing` name it (`PROMISE`, `prm_…`), `fact` is the type of the event that tells it, `on` its day.
    `origin` is who said it: a system or an agency. `evidence` is one of evidence.GRADES: what it rests on.
    """

    what: Annotated[str, FACTS]
    thing: Annotated[str, FACTS]
    fact: Annotated[str, FACTS]
    on: Annotated[date, FACTS]
    origin: Annotated[str, FACTS]
    evidence: Annotated[str, FACTS]
    run: Annotated[str, FACTS]
