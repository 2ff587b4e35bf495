"""What the routes of imports take and answer."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from services.case.application.history.jobs import FILES_MAX, Job
from services.case.domain.facts.imports import RowTold
from services.case.domain.history.import_run import DONE, KINDS, OUTCOMES, STATUSES
from shared.http.bodies import Sent, Truth
from shared.http.wire import PageLinks, Wire

IMPORT = "import-6f1c0d1e-0000-8000-8000-000000000001"
_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_LETTERS = r"A-Za-z0-9\u3400-\u4dbf\u4e00-\u9fff"
"""A lender calls its files in Latin letters or in Chinese ones."""
FileName = Annotated[str, StringConstraints(pattern=rf"^[{_LETTERS}][{_LETTERS}._\-\uff08\uff09]{{0,79}}$")]
EXAMPLE: dict[str, Any] = {
    "id": IMPORT,
    "kind": "statements",
    "status": "DONE",
    "via": "HTTP",
    "actor": "user:wu",
    "files": 1,
    "content": _SHA,
    "mapping": None,
    "attempt": 1,
    "begun_at": "2026-11-22T01:00:00.000000Z",
    "ended_at": "2026-11-22T01:00:04.000000Z",
    "counts": {"rows": 3000, "added": 2999, "unchanged": 0, "rejected": 1, "events": 4280},
    "fault": None,
}


class ImportSent(Sent):
    """Files to be taken in, by their names; they are sent next, one by one."""

    kind: Literal["statements", "book", "history", "payments"] = Field(description="What is in the files.")
    files: list[FileName] = Field(
        min_length=1,
        max_length=FILES_MAX,
        description="The names under which the files will be sent: as the mapping calls them.",
        examples=[["statements.csv"]],
    )
    mapping: str | dict[str, Any] | None = Field(
        default=None,
        description="How book, history or payments are to be read: TOML, or the same as a JSON object.",
    )
    corrections: Truth = Field(
        default=False, description="Statements: take in lines that come late or say something else as well."
    )


class StartSent(Sent):
    """Start an import whose files are complete."""

    wait: Truth = Field(
        default=False, description="At most 1,000 rows: answer 207, with what became of each row."
    )


class CancelSent(Sent):
    """Stop an import: there is nothing more to say."""


class CountsShown(Wire):
    """`rows` read = `added` + `unchanged` + `rejected`; `events` that the rows added."""

    rows: int
    added: int
    unchanged: int
    rejected: int
    events: int


class ImportShown(Wire):
    """A run of an import, as a list shows it."""

    id: str
    kind: str = Field(json_schema_extra={"enum": list(KINDS)})
    status: str = Field(
        json_schema_extra={"enum": list(STATUSES)},
        description="WAITING for files; QUEUED; RUNNING, or cut off and to be gone on with; then how it ended.",
    )
    via: str = Field(description="CLI or HTTP.")
    actor: str = Field(description="Who began it.")
    files: int
    content: str | None = Field(
        description="SHA-256 of mapping and files: runs of one content took in the same."
    )
    mapping: str | None = Field(description="What tells the mapping again.")
    attempt: int = Field(description="How often it was begun: a run that was cut off is begun again.")
    begun_at: str
    ended_at: str | None
    counts: CountsShown | None = Field(description="Once it has ended.")
    fault: str | None = Field(description="Why it failed: a problem's code, or the kind of fault.")


class ImportPage(Wire):
    """A page of imports."""

    items: list[ImportShown]
    page: PageLinks


class FileShown(Wire):
    """A file of an import; without digest and size where it has not arrived."""

    name: str
    sha256: str | None
    size: int | None


class ProgressShown(Wire):
    """How far it is, where this process is at work on it."""

    rows: int


class ImportSheet(Wire):
    """One import, from the ledger itself."""

    id: str
    kind: str
    status: str
    via: str
    actor: str
    files: list[FileShown]
    content: str | None
    mapping: str | None
    corrections: bool
    attempt: int
    begun_at: str
    ended_at: str | None
    counts: CountsShown | None
    fault: str | None
    told: int = Field(description="How many rows have their outcome on record one by one.")
    progress: ProgressShown | None
    version: int
    links: dict[str, str]


class RowShown(Wire):
    """What became of a row: `row` counts the lines of its file, the header being 1. Never a value of it."""

    file: str
    row: int
    outcome: str = Field(json_schema_extra={"enum": list(OUTCOMES)})
    reason: str | None
    field: str | None


class RowPage(Wire):
    """Rows of an import, in the order in which they were told."""

    items: list[RowShown]
    page: PageLinks


class ImportOutcome(Wire):
    """An import that was waited for: a result for each row."""

    id: str
    status: str
    counts: CountsShown | None
    fault: str | None
    rows: list[RowShown]
    links: dict[str, str]


def links(job: str) -> dict[str, str]:
    """Where to go on from an import."""
    own = f"/v1/case-imports/{job}"
    return {"self": own, "rows": f"{own}/rows"}


def counts_of(job: Job) -> CountsShown | None:
    """What it did, once it has ended and where that is known."""
    said = job.run.counts
    if job.run.status != DONE and not said.rows:
        return None
    return CountsShown(
        rows=said.rows, added=said.added, unchanged=said.unchanged, rejected=said.rejected, events=said.events
    )


def sheet_of(job: Job, *, rows: int | None) -> ImportSheet:
    """One import; `rows`: taken in so far, where it runs here."""
    run = job.run
    names = _names(job)
    files = [
        FileShown(
            name=names[number] if number < len(names) else f"{number}", sha256=one.sha256 if one else None,
            size=one.size if one else None,
        )
        for number, one in enumerate(run.files)
    ]  # fmt: skip
    return ImportSheet(
        id=job.id, kind=run.kind, status=run.status, via=run.via, actor=job.asked_by, files=files,
        content=run.content, mapping=run.mapping, corrections=run.corrections, attempt=run.attempt,
        begun_at=instant(job.asked_at), ended_at=instant(job.ended_at) if job.ended_at else None,
        counts=counts_of(job), fault=run.fault, told=run.told,
        progress=None if rows is None else ProgressShown(rows=rows), version=job.version, links=links(job.id),
    )  # fmt: skip


def _names(job: Job) -> tuple[str, ...]:
    """What the files are called; none where that was erased."""
    named: object = job.run.names
    return named if isinstance(named, tuple) else ()


def row_of(row: RowTold, job: Job) -> RowShown:
    """What became of a row."""
    names = _names(job)
    name = names[row.file] if row.file < len(names) else f"{row.file}"
    return RowShown(file=name, row=row.row, outcome=row.outcome, reason=row.reason, field=row.field)


def instant(at: datetime) -> str:
    """A time as answers show it."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


_DAYS = ("as_of", "go_live")
"""Keys of a mapping whose value is a day, which JSON can only say as text."""


def toml_of(mapping: str | dict[str, Any] | None) -> bytes | None:
    """The mapping as TOML. Raises ValueError for what a mapping cannot hold, such as null."""
    if mapping is None or isinstance(mapping, str):
        return None if mapping is None else mapping.encode()
    return "".join(f"{_key(name)} = {_value(value, name)}\n" for name, value in mapping.items()).encode()


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _value(value: Any, name: str = "") -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return value if name in _DAYS and _is_day(value) else json.dumps(value, ensure_ascii=False)
        case list():
            return "[" + ", ".join(_value(one) for one in value) + "]"
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
    raise ValueError("no value of a mapping")


def _is_day(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
