"""What files were taken in: one run of one import, on a stream of its own."""

from typing import Annotated, TypeAlias

from msgspec import Struct

from shared.kernel.section import FACTS, ID


class FileSeen(Struct, frozen=True, kw_only=True):
    """A file as it was taken in: SHA-256 in hex, and how many bytes it has."""

    sha256: str
    size: int


class RowTold(Struct, frozen=True, kw_only=True):
    """What became of a row: `file` counts the run's files from 0, `row` the lines of it from 1 (the header).

    `outcome` is one of import_run.OUTCOMES; `reason` and `field` say why a row was rejected, never a value.
    """

    file: int
    row: int
    outcome: str
    reason: str | None = None
    field: str | None = None


class ImportRequested(Struct, frozen=True, kw_only=True):
    """Somebody asked over HTTP that files be taken in, and will send them. `mapping` is the SHA-256 of the mapping."""

    kind: Annotated[str, FACTS]
    mapping: Annotated[str | None, FACTS]
    files: Annotated[int, FACTS]
    corrections: Annotated[bool, FACTS]
    names: Annotated[tuple[str, ...], ID]


class ImportFileReceived(Struct, frozen=True, kw_only=True):
    """A file of a requested import arrived; `file` counts from 0. Until the start a later one counts instead."""

    file: Annotated[int, FACTS]
    sha256: Annotated[str, FACTS]
    size: Annotated[int, FACTS]


class ImportQueued(Struct, frozen=True, kw_only=True):
    """The files are complete, and somebody said that the import may start."""

    content: Annotated[str, FACTS]


class ImportStarted(Struct, frozen=True, kw_only=True):
    """A run began to take files in. `attempt` counts from 1: a run that was cut off is started again.

    `content` is the SHA-256, in hex, of mapping and files (None: a pipe, of which it is known at the end). Runs of
    equal kind and content took in the same rows. `via`: CLI or HTTP.
    """

    kind: Annotated[str, FACTS]
    content: Annotated[str | None, FACTS]
    mapping: Annotated[str | None, FACTS]
    files: Annotated[tuple[FileSeen, ...], FACTS]
    via: Annotated[str, FACTS]
    attempt: Annotated[int, FACTS]
    names: Annotated[tuple[str, ...], ID]


class ImportRowsTold(Struct, frozen=True, kw_only=True):
    """What became of rows: of those rejected; in a run of few rows, of all. `part` counts from 0."""

    part: Annotated[int, FACTS]
    rows: Annotated[tuple[RowTold, ...], FACTS]


class ImportFinished(Struct, frozen=True, kw_only=True):
    """A run ended: DONE, CANCELLED or FAILED (`fault` names what kind of fault).

    `rows` were read, of which `added` brought something new, `unchanged` were on record already, `rejected` were not
    taken in; `events` counts what the rows added, not what is on record of the run itself. `told` rows have their
    outcome on record one by one.
    """

    outcome: Annotated[str, FACTS]
    rows: Annotated[int, FACTS]
    added: Annotated[int, FACTS]
    unchanged: Annotated[int, FACTS]
    rejected: Annotated[int, FACTS]
    events: Annotated[int, FACTS]
    told: Annotated[int, FACTS]
    content: Annotated[str | None, FACTS]
    fault: Annotated[str | None, FACTS]


class ImportCancelled(Struct, frozen=True, kw_only=True):
    """Somebody stopped a requested import; what it had taken in stays."""

    attempt: Annotated[int, FACTS]


ImportEvent: TypeAlias = (
    ImportRequested
    | ImportFileReceived
    | ImportQueued
    | ImportStarted
    | ImportRowsTold
    | ImportFinished
    | ImportCancelled
)
