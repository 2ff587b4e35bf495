"""Evidence packs: asked for, made in the background, fetched by a person once that is on record."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.responses import Response

from services.legal.api.acting import CASE, CaseRef, Word, closed, one_of
from services.legal.api.desk import Desk, Office
from services.legal.application.pack.desk import Wanted
from services.legal.domain.pack.pack import ASKED, LANGUAGES, Pack, PackUnknown
from services.legal.domain.refusals import MatterUnknown
from shared.http.access import Caller
from shared.http.bodies import Day, Sent
from shared.http.commands import Asked, Decided
from shared.http.operations import caller_of, command, reading, routes
from shared.http.preconditions import etag
from shared.http.problems import Problem
from shared.http.wire import Wire

PACKS = "/v1/evidence-packs"
PACK = "pack-6f1c0d1e-0000-8000-8000-000000000001"
LEGAL_READ = "legal:read"
ZIP = "application/zip"
PackId = Annotated[str, Path(description="`pack-…`, as the answer that asked for it said.", examples=[PACK])]
_SHOWN: dict[str, Any] = {
    "id": PACK, "status": "MADE", "case": CASE, "as_of": "2026-11-22", "language": "zh-CN", "reason": "SUIT",
    "asked_on": "2026-11-22", "manifest": "9f" * 32, "sha256": "7c" * 32, "size": 412_331, "files": 24, "gaps": [],
    "failed": None, "fetched": 0, "links": {"self": f"{PACKS}/{PACK}", "content": f"{PACKS}/{PACK}/content"},
}  # fmt: skip


class EvidencePackSent(Sent):
    """A pack of a case for court."""

    case: CaseRef
    as_of: Day | None = Field(
        default=None, description="The day it is about, to its end: today unless given."
    )
    language: str = one_of(LANGUAGES, default="zh-CN")
    reason: Word = Field(description="Why it is wanted: a code.", examples=["SUIT"])


class EvidencePackShown(Wire):
    """How a pack stands."""

    id: str
    status: str = Field(description="ASKED, MADE or FAILED.")
    case: str
    as_of: str
    language: str
    reason: str
    asked_on: str
    manifest: str | None = Field(description="SHA-256 of manifest.json, in hex.")
    sha256: str | None = Field(description="SHA-256 of the ZIP, in hex.")
    size: int | None
    files: int | None
    gaps: list[str] = Field(description="Parts that are missing, each with why.")
    failed: str | None = Field(description="Why it could not be made: a code.")
    fetched: int
    links: dict[str, str]


def router(office: Office) -> APIRouter:
    """The routes under /v1/evidence-packs."""
    found = routes(PACKS, tag="evidence packs")
    _ask(found, office)
    _show(found, office)
    _content(found, office)
    return found


def _may_read(caller: Caller) -> None:
    """Who sees a case's names also has to be let read its matters. Raises Problem `insufficient-scope`."""
    if LEGAL_READ not in caller.scopes:
        raise Problem("insufficient-scope", context={"scope": LEGAL_READ})


def _ask(found: APIRouter, office: Office) -> None:
    @found.post(
        "",
        **command(
            "askEvidencePack",
            "Have the evidence of a case put together for court; needs legal:read as well",
            scope="pii:reveal",
            problems=("legal-day-ahead", "person-required"),
            sent={"case": CASE, "as_of": "2026-11-22", "language": "zh-CN", "reason": "SUIT"},
            gives={"id": PACK, "links": {"self": f"{PACKS}/{PACK}"}},
            links={"showEvidencePack": {"pack_id": "$response.body#/id"}},
        ),
    )
    async def ask_pack(sent: EvidencePackSent, asked: Asked) -> Response:
        desk: Desk = office.open_desk
        _may_read(asked.caller)
        closed("/language", sent.language, LANGUAGES)
        try:
            pack = desk.packs.pack_id(sent.case, client=asked.caller.client, key=asked.key)
        except MatterUnknown:
            raise Problem("not-found") from None
        wanted = Wanted(
            case=sent.case, as_of=sent.as_of or desk.acts.today, language=sent.language, reason=sent.reason,
            by=asked.caller.actor,
        )  # fmt: skip
        refs = {"id": pack, "links": {"self": f"{PACKS}/{pack}"}}

        async def decide() -> Decided:
            writes = await desk.packs.asking(pack, wanted, dry_run=asked.dry_run)
            return Decided(
                writes=writes, policy=desk.ground.named, refs=refs, taken=lambda: desk.packing.kick(pack)
            )

        return await asked.carry_out(desk.ledger, stream=pack, decide=decide, named_by_body=True)


def _show(found: APIRouter, office: Office) -> None:
    @found.get(
        "/{pack_id}",
        **reading(
            "showEvidencePack",
            "How a pack stands; one that waits is set going where its server was restarted",
            scope=LEGAL_READ,
            problems=("not-found",),
            example=_SHOWN,
            links={"fetchEvidencePack": {"pack_id": "$response.body#/id"}},
        ),
    )
    async def show_pack(response: Response, pack_id: PackId) -> EvidencePackShown:
        desk: Desk = office.open_desk
        known = await _known(desk, pack_id)
        if known.status == ASKED:
            desk.packing.kick(pack_id)
        response.headers["ETag"] = etag(known.version)
        return _shown(pack_id, known)


async def _known(desk: Desk, pack_id: str) -> Pack:
    try:
        return (await desk.packs.load(pack_id))[0]
    except PackUnknown:
        raise Problem("not-found") from None


def _shown(pack_id: str, known: Pack) -> EvidencePackShown:
    asked, made, failed = known.asked, known.made, known.failed
    assert asked is not None, "loaded before"
    links = {"self": f"{PACKS}/{pack_id}"} | ({"content": f"{PACKS}/{pack_id}/content"} if made else {})
    return EvidencePackShown(
        id=pack_id, status=known.status, case=asked.case, as_of=asked.as_of.isoformat(), language=asked.language,
        reason=asked.reason, asked_on=asked.on.isoformat(), manifest=made.manifest if made else None,
        sha256=made.zip_sha256 if made else None, size=made.size if made else None,
        files=made.files if made else None, gaps=list(made.gaps) if made else [],
        failed=failed.reason if failed else None, fetched=known.fetched, links=links,
    )  # fmt: skip


def _content(found: APIRouter, office: Office) -> None:
    said = reading(
        "fetchEvidencePack",
        "The pack as a ZIP, once it is on record who takes it; needs legal:read as well; for an hour after it was made",
        scope="pii:reveal",
        problems=("not-found", "person-required", "evidence-pack-not-made", "evidence-pack-gone"),
    )
    said["responses"][200] = {
        "description": "The ZIP",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }

    @found.get("/{pack_id}/content", response_class=FileResponse, **said)
    async def fetch_pack(request: Request, pack_id: PackId) -> Response:
        desk: Desk = office.open_desk
        await _known(desk, pack_id)
        caller = caller_of(request)
        _may_read(caller)
        file, known = await desk.packs.fetch(pack_id, by=caller.actor)
        made = known.made
        assert made is not None, "fetched"
        return FileResponse(
            file, media_type=ZIP, filename=f"{pack_id}.zip",
            headers={"Cache-Control": "no-store", "ETag": f'"{made.zip_sha256}"'},
        )  # fmt: skip
