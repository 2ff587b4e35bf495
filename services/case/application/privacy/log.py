"""Asking who looked at whom: on record like every other look, before it is answered."""

from dataclasses import dataclass
from datetime import datetime

from services.case.application.privacy.access import AccessDesk, Reader
from services.case.domain.events import AccessLogRead
from shared.kernel import ids


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBounds:
    """Which looks are asked for; None where any will do. Ranges begin with `…_from` and end before `…_until`."""

    staff: str | None = None
    parties: tuple[str, ...] | None = None
    case: str | None = None
    purpose: str | None = None
    recorded_from: datetime | None = None
    recorded_until: datetime | None = None


async def read_log(desk: AccessDesk, reader: Reader, bounds: LogBounds) -> None:
    """Put it on record that `reader` asks. Raises what the ledger raises.

    Of several parties, those of a case, the case is what was asked for.
    """
    parties = bounds.parties or ()
    said = AccessLogRead(
        party=parties[0] if len(parties) == 1 else None, case=bounds.case, purpose=bounds.purpose,
        recorded_from=bounds.recorded_from, recorded_until=bounds.recorded_until, staff=bounds.staff,
        by=reader.actor,
    )  # fmt: skip
    own = ids.new_token()
    staff = await desk.staff_id(reader)
    await desk.commit(
        reader, [desk.written(desk.new_stream(reader, own), 0, [(said, None)], staff=staff)], own=own
    )
