"""A file of call results, row by row: what can be taken is, what cannot is rejected with its line and the reason."""

from collections.abc import Iterable

from services.contact.application.dialing.results import DialResult, DialResults
from services.contact.application.handed_in import Flaw, Reject, TakenIn
from shared.kernel.refusal import Refused


async def take_in(
    rows: Iterable[tuple[int, DialResult | Flaw]],
    *,
    results: DialResults,
    source: str,
    actor: str,
    reject: Reject,
) -> TakenIn:
    """Take every row, in the file's order. Raises what the ledger raises: rows until then are taken."""
    done = TakenIn()
    for line, row in rows:
        done.lines += 1
        flaw = row if isinstance(row, Flaw) else None
        if isinstance(row, DialResult):
            try:
                taken = await results.take(row, source=source, actor=actor)
            except Refused as refused:
                flaw = Flaw(refused.code)
            else:
                done.new += taken.new
                done.corrected += taken.corrected
                done.unchanged += not (taken.new or taken.corrected)
                done.flagged += bool(taken.breach) and (taken.new or taken.corrected)
        if flaw is not None:
            done.rejected += 1
            reject(line, flaw)
    return done
