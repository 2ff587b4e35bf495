"""What the post says of letters, as CSV: letter, status, at, reason, receipt."""

from collections.abc import Iterator
from pathlib import Path

from services.contact.adapters.handed_in_file import (
    Cells,
    Unfit,
    instant_of,
    needed_of,
    read_cells,
    text_of,
)
from services.contact.application.handed_in import MALFORMED, MISSING, Flaw
from services.contact.application.letters.receipts import REASONS, RETURNED, STATUSES, PostalReceipt

NEEDED = ("letter", "status", "at")


def read_receipts(path: Path, *, zone_name: str | None) -> Iterator[tuple[int, PostalReceipt | Flaw]]:
    """(line, receipt or what is wrong with the row). Times without an offset are of `zone_name`.

    Raises: HandedInUnusable, OSError.
    """
    for line, cells in read_cells(path, NEEDED):
        if isinstance(cells, Flaw):
            yield line, cells
            continue
        try:
            yield line, _receipt(cells, zone_name)
        except Unfit as wrong:
            yield line, wrong.flaw


def _receipt(cells: Cells, zone_name: str | None) -> PostalReceipt:
    at = instant_of(cells, "at", zone_name=zone_name)
    if at is None:
        raise Unfit(MISSING, "at")
    status, reason = needed_of(cells, "status").upper(), (text_of(cells, "reason") or "").upper() or None
    if status not in STATUSES:
        raise Unfit(MALFORMED, "status")
    if (status == RETURNED) != (reason is not None) or (reason is not None and reason not in REASONS):
        raise Unfit(MALFORMED if reason else MISSING, "reason")
    return PostalReceipt(
        letter=needed_of(cells, "letter"),
        status=status,
        at=at,
        reason=reason,
        receipt=text_of(cells, "receipt"),
    )
