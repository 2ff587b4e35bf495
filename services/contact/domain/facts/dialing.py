"""What was handed to a dialer: lists of numbers that may be called, on a stream of the tenant's own.

A list holds pseudonyms. The numbers themselves are read from the subjects' sealed sections when the file is made, and
stand in that file alone.
"""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, STAFF


class DialLine(Struct, frozen=True, kw_only=True):
    """A line from 1. `permit`: the permit reserved for it, None on a list that was only decided and reserves nothing.

    `until` (exclusive): as long as the permit, or what was decided, holds. `person` None: the debtor. `task` asked for
    the call (`dtk_…`), and `situation` names its script; both None where the list was made of open cases.
    """

    line: int
    subject: str
    point: str
    person: str | None
    role: str
    case: str | None
    debts: tuple[str, ...]
    permit: str | None
    until: datetime
    task: str | None = None
    situation: str | None = None


class DialListMade(Struct, frozen=True, kw_only=True):
    """Who may be called at `at`, by all that was known at `known_at`; `asked` numbers were looked at.

    `source`: TASKS (calls outreach asks for) or CASES (every open case). `stages`: only cases in these (none: any).
    `reserved`: permits were taken out for its lines. `content`: SHA-256 (hex) of the list without the numbers
    (application/dialing/list_file.py), the same whenever it is made again.
    """

    list: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    known_at: Annotated[datetime, FACTS]
    source: Annotated[str, FACTS]
    stages: Annotated[tuple[str, ...], FACTS]
    reserved: Annotated[bool, FACTS]
    asked: Annotated[int, FACTS]
    lines: Annotated[tuple[DialLine, ...], FACTS]
    content: Annotated[str, FACTS]
    made_by: Annotated[str, STAFF]


class DialListExported(Struct, frozen=True, kw_only=True):
    """Somebody took the numbers of the list out of the record, into a file; on record before they are read."""

    list: Annotated[str, FACTS]
    at: Annotated[datetime, FACTS]
    lines: Annotated[int, FACTS]
    exported_by: Annotated[str, STAFF]


DialingEvent: TypeAlias = DialListMade | DialListExported
EVENTS: tuple[type[Struct], ...] = (DialListMade, DialListExported)
