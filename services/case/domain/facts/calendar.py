"""What happens to a tenant as a whole: its days."""

from datetime import date
from typing import Annotated

from msgspec import Struct

from shared.kernel.section import FACTS


class DaySwept(Struct, frozen=True, kw_only=True):
    """Every case that time may change was judged as of the end of `as_of`; the next day to sweep is the one after.

    `cases` were looked at, of which `changed` got `events` more events, by the run that finished the day. `failed`
    names the cases that could not be judged; they are looked at again with the next day.
    """

    as_of: Annotated[date, FACTS]
    cases: Annotated[int, FACTS]
    changed: Annotated[int, FACTS]
    events: Annotated[int, FACTS]
    failed: Annotated[tuple[str, ...], FACTS]
