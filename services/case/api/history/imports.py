"""Imports over HTTP: asked for, given their files, started in the background, listed with what became of each row."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request, Response

from services.case.api.desk import Office
from services.case.api.history import wire
from services.case.api.history.wire import (
    EXAMPLE,
    IMPORT,
    CancelSent,
    FileName,
    ImportOutcome,
    ImportPage,
    ImportSent,
    ImportSheet,
    ImportShown,
    RowPage,
    StartSent,
)
from services.case.application.history.jobs import (
    FILE_BYTES_MAX,
    ROWS_WAITED_MAX,
    Ask,
    DigestDiffers,
    ImportFileNotAsked,
    ImportJobs,
    ImportNotWaiting,
    ImportUnknown,
    Job,
)
from services.case.domain.facts.imports import FileSeen
from services.case.domain.history.import_run import KINDS, OUTCOMES, STATUSES, WAITING
from services.case.projections.history import import_list
from shared.eventstore.projection.columns import from_micros, to_micros
from shared.eventstore.projection.pinned import Pin
from shared.http import cursor, uploads
from shared.http.asked import CursorText, Limit, MinPosition, caught_up, page_size, stamp
from shared.http.commands import Asked, Decided
from shared.http.listing import OF_A_LIST, one_of, words
from shared.http.operations import command, reading, routes, upload
from shared.http.paging import paging
from shared.http.preconditions import etag, position_text
from shared.http.problems import Problem
from shared.http.wire import PageLinks

WAIT_S = 25.0
OF_FILES = ("mapping-unusable", "book-unusable", "bank-file-unusable", "statement-header-unusable", "mapping-missing",
            "go-live-to-come", "import-too-large")  # fmt: skip
"""What files and mappings may be refused with."""
ImportId = Annotated[
    str, Path(description="`import-…`, as the answer that asked for it, or a list, gave it.")
]
OfContent = Annotated[
    str | None, Query(pattern=r"^[0-9a-f]{64}$", description="The runs that took in one delivery.")
]


def router(office: Office) -> APIRouter:
    """The routes under /v1/case-imports."""
    found = routes("/v1/case-imports", tag="imports")
    _request(found, office)
    _files(found, office)
    _start(found, office)
    _cancel(found, office)
    _list(found, office)
    _show(found, office)
    _rows(found, office)
    return found


async def _job(jobs: ImportJobs, import_id: str) -> Job:
    try:
        return await jobs.load(import_id)
    except ImportUnknown:
        raise Problem("not-found") from None


def _request(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "requestImport",
            "Ask that files be taken in; they are sent next",
            scope="case:write",
            problems=("too-many-imports", *OF_FILES),
            sent={"kind": "statements", "files": ["statements.csv"]},
            gives={"id": IMPORT, "links": wire.links(IMPORT)},
            links={
                "showImport": {"import_id": "$response.body#/id"},
                "uploadImportFile": {"import_id": "$response.body#/id"},
                "startImport": {"import_id": "$response.body#/id"},
            },
        ),
    )
    async def request_import(sent: ImportSent, asked: Asked) -> Response:
        desk = office.open_desk
        jobs = desk.imports
        if len(set(sent.files)) != len(sent.files):
            raise Problem("invalid", errors=[("/files", "REPEATED")])
        if sent.kind in ("statements", "payments") and len(sent.files) != 1:
            raise Problem("invalid", errors=[("/files", "ONE_FILE_ALONE")])
        try:
            mapping = wire.toml_of(sent.mapping)
        except (ValueError, RecursionError):
            raise Problem("invalid", errors=[("/mapping", "NOT_A_MAPPING")]) from None
        job = jobs.job_id(asked.caller.client, asked.key)
        ask = Ask(kind=sent.kind, names=tuple(sent.files), mapping=mapping, corrections=sent.corrections)

        async def decide() -> Decided:
            writes = await jobs.request(job, ask, dry_run=asked.dry_run)
            return Decided(writes=writes, policy=None, refs={"id": job, "links": wire.links(job)})

        return await asked.carry_out(desk.ledger, stream=job, decide=decide)


def _files(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{import_id}/files/{name}",
        **upload(
            "uploadImportFile",
            "Send a file of an import, as it is",
            scope="case:write",
            problems=("import-not-waiting", "import-file-not-asked", "import-files-gone", "digest-differs"),
            gives={"id": IMPORT, "sha256": EXAMPLE["content"], "size": 4711, "links": wire.links(IMPORT)},
        ),
    )
    async def upload_import_file(request: Request, import_id: ImportId, name: FileName) -> Response:
        desk = office.open_desk
        jobs = desk.imports
        uploads.envelope(
            request, operation="uploadImportFile", sha256=""
        )  # the key is asked for before the file
        job = await _job(jobs, import_id)
        if name not in job.run.names:
            raise ImportFileNotAsked(missing=len(job.run.missing))
        number, expected = job.run.names.index(name), uploads.announced(request)
        if job.run.status != WAITING and job.run.files[number] is None:
            raise ImportNotWaiting
        try:
            if job.run.status != WAITING:
                return await _again(request, office, job, number)
            async with jobs.files.receive(import_id, name) as file:
                async for part in uploads.arriving(request, bytes_max=FILE_BYTES_MAX):
                    await file.write(part)
                seen = await file.whole()
                if expected not in (None, seen.sha256):
                    raise DigestDiffers
                answer = await _arrived(request, office, import_id, number, seen)
                file.keep()  # not before it is on record: another file under a used key changes nothing
                return answer
        except OSError:  # the disk is full, or the import holds more than it may
            raise Problem("temporary-reduced-capacity") from None


async def _arrived(request: Request, office: Office, job: str, number: int, seen: FileSeen) -> Response:
    desk = office.open_desk
    asked = uploads.envelope(request, operation="uploadImportFile", sha256=seen.sha256)
    refs = {"id": job, "sha256": seen.sha256, "size": seen.size, "links": wire.links(job)}

    async def decide() -> Decided:
        writes = await desk.imports.received(await _job(desk.imports, job), number, seen)
        return Decided(writes=writes, policy=None, refs=refs, known=refs)

    return await asked.carry_out(desk.ledger, stream=job, decide=decide)


async def _again(request: Request, office: Office, job: Job, number: int) -> Response:
    """A file that had arrived before the import began is answered as it was; another one is refused."""
    known = job.run.files[number]
    assert known is not None, "asked only of a file that arrived"
    asked = uploads.envelope(request, operation="uploadImportFile", sha256=known.sha256)

    async def decide() -> Decided:
        raise ImportNotWaiting

    return await asked.carry_out(office.open_desk.ledger, stream=job.id, decide=decide)


def _start(found: APIRouter, office: Office) -> None:
    said = command(
        "startImport",
        "Start an import whose files have arrived",
        scope="case:write",
        problems=(
            "import-files-missing",
            "import-files-gone",
            "import-ended",
            "import-too-large-to-wait",
            *OF_FILES,
        ),
        sent={"wait": False},
        gives={"id": IMPORT, "links": wire.links(IMPORT)},
        links={"showImport": {"import_id": "$response.body#/id"}},
    )
    one = {"file": "statements.csv", "row": 2, "outcome": "ADDED", "reason": None, "field": None}
    said["responses"][207] = {
        "model": ImportOutcome,
        "description": "It was waited for: what became of each row",
        "content": {
            "application/json": {
                "example": {
                    "id": IMPORT, "status": "DONE", "fault": None, "rows": [one], "links": wire.links(IMPORT),
                    "counts": {"rows": 1, "added": 1, "unchanged": 0, "rejected": 0, "events": 3},
                }
            }
        },
    }  # fmt: skip

    @found.post("/{import_id}/starts", **said)
    async def start_import(import_id: ImportId, sent: StartSent, asked: Asked) -> Response:
        desk = office.open_desk
        jobs = desk.imports

        async def decide() -> Decided:
            job = await _job(jobs, import_id)
            writes = await jobs.start(job, wait=sent.wait, dry_run=asked.dry_run)
            refs = {"id": import_id, "links": wire.links(import_id)}
            return Decided(writes=writes, policy=None, refs=refs, known=refs, taken=jobs.work.kick)

        answer = await asked.carry_out(desk.ledger, stream=import_id, decide=decide)
        if not sent.wait or asked.dry_run or not await jobs.work.ended(import_id, timeout=WAIT_S):
            return answer
        job = await _job(jobs, import_id)
        rows = await jobs.rows(job, after=0, limit=2 * ROWS_WAITED_MAX)
        body = ImportOutcome(
            id=import_id, status=job.run.status, counts=wire.counts_of(job), fault=job.run.fault,
            rows=[wire.row_of(row, job) for row in rows], links=wire.links(import_id),
        )  # fmt: skip
        kept = {name: answer.headers[name] for name in ("Idempotent-Replayed",) if name in answer.headers}
        lanes = await desk.ledger.lane_numbers(desk.tenant)
        heads = {lane: await desk.ledger.head(lane) for lane in lanes}
        headers = {**kept, "ETag": etag(job.version), "Event-Position": position_text(lanes, heads)}
        return Response(
            body.model_dump_json(), status_code=207, media_type="application/json",
            headers={**headers, "Cache-Control": "no-store"},
        )  # fmt: skip


def _cancel(found: APIRouter, office: Office) -> None:
    @found.post(
        "/{import_id}/cancellations",
        **command(
            "cancelImport",
            "Stop an import; what it took in stays",
            scope="case:write",
            problems=("import-ended",),
            sent={},
            gives={"id": IMPORT, "links": wire.links(IMPORT)},
        ),
    )
    async def cancel_import(import_id: ImportId, sent: CancelSent, asked: Asked) -> Response:
        desk = office.open_desk
        jobs = desk.imports

        async def decide() -> Decided:
            writes = await jobs.cancel(await _job(jobs, import_id), dry_run=asked.dry_run)
            refs = {"id": import_id, "links": wire.links(import_id)}
            return Decided(writes=writes, policy=None, refs=refs, taken=lambda: jobs.work.stop(import_id))

        return await asked.carry_out(desk.ledger, stream=import_id, decide=decide)


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "",
        **reading(
            "listImports",
            "Every run of every import, over HTTP or by the command line, the oldest first",
            scope="case:read",
            problems=OF_A_LIST,
            example={"items": [EXAMPLE], "page": {"next": None}},
        ),
    )
    async def list_imports(
        request: Request,
        response: Response,
        kind: Annotated[str | None, words(KINDS, "Those of one kind.")] = None,
        status: Annotated[str | None, words(STATUSES, "Those that stand like this.")] = None,
        content: OfContent = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
        min_position: MinPosition = None,
    ) -> ImportPage:
        one_of("kind", kind, KINDS)
        one_of("status", status, STATUSES)
        desk, filters = office.open_desk, {"kind": kind, "status": status, "content": content}
        asked = await paging(desk, cursor_text=cursor_text, filters=filters, kinds=(int, str), limit=limit)
        try:
            after = (
                None if asked.after is None else (from_micros(int(asked.after[0] or 0)), str(asked.after[1]))
            )
        except (OverflowError, ValueError):
            raise Problem("bad-cursor") from None
        await caught_up(request, desk, import_list.VIEW)

        def question(connection: sa.Connection) -> tuple[list[import_list.ImportRow], Pin]:
            rows = import_list.page(
                connection, after=after, limit=asked.size + 1, pin=asked.pin, kind=kind, status=status,
                content=content,
            )  # fmt: skip
            return rows, asked.position(connection, import_list.VIEW)

        rows, at = await desk.ask(question)
        await stamp(response, desk, at)
        last = rows[asked.size - 1].cursor if len(rows) > asked.size else None
        following = asked.following(None if last is None else (to_micros(last[0]), last[1]), at)
        items = [ImportShown(**row.as_json()) for row in rows[: asked.size]]
        return ImportPage(items=items, page=PageLinks(next=following))


def _show(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{import_id}",
        **reading(
            "showImport",
            "One import: its files, how far it is, how it ended; from the ledger itself",
            scope="case:read",
            problems=("not-found",),
            example={"id": IMPORT, "kind": "statements", "status": "RUNNING", "progress": {"rows": 1500}},
        ),
    )
    async def show_import(response: Response, import_id: ImportId) -> ImportSheet:
        desk = office.open_desk
        job = await _job(desk.imports, import_id)
        lanes = await desk.ledger.lane_numbers(desk.tenant)
        response.headers["ETag"] = etag(job.version)
        response.headers["Event-Position"] = position_text(lanes, {job.lane: job.position})
        return wire.sheet_of(job, rows=desk.imports.work.rows(import_id))


def _rows(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{import_id}/rows",
        **reading(
            "listImportRows",
            "What became of the rows of an import: of the rejected ones; in a small one, of all",
            scope="case:read",
            problems=("not-found", "bad-cursor"),
            example={
                "items": [
                    {
                        "file": "statements.csv", "row": 7, "outcome": "REJECTED", "reason": "malformed",
                        "field": "as_of",
                    }
                ],
                "page": {"next": None},
            },
        ),
    )  # fmt: skip
    async def list_import_rows(
        import_id: ImportId,
        outcome: Annotated[str | None, words(OUTCOMES, "Only rows of this outcome.")] = None,
        limit: Limit = None,
        cursor_text: Annotated[CursorText, Query(alias="cursor")] = None,
    ) -> RowPage:
        one_of("outcome", outcome, OUTCOMES)
        jobs = office.open_desk.imports
        job, filters = await _job(jobs, import_id), {"import": import_id, "outcome": outcome}
        after = 0
        if cursor_text is not None:
            place = cursor.decode(cursor_text, filters=filters, kinds=(int,), lanes=0)
            after = int(place.key[0] or 0)
            if not 0 <= after <= job.run.told:
                raise Problem("bad-cursor")
        size = page_size(limit)
        items: list[wire.RowShown] = []
        while len(items) < size and after < job.run.told:
            rows = await jobs.rows(job, after=after, limit=size)
            if not rows:
                break
            for row in rows:
                after += 1
                if outcome in (None, row.outcome):
                    items.append(wire.row_of(row, job))
                if len(items) == size:
                    break
        more = after < job.run.told
        following = cursor.encode((after,), filters=filters, pin=[]) if more else None
        return RowPage(items=items, page=PageLinks(next=following))
