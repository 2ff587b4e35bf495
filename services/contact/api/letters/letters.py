"""Letters: the batches that went to the printer, and what the post says became of each."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from pydantic import Field
from starlette.responses import Response

from services.contact.api.asking.acting import OF_A_THING, closed, one_of
from services.contact.api.batches import BYTES_MAX, ITEMS_MAX, each, many
from services.contact.api.desk import Office
from services.contact.application.letters.receipts import REASONS, RETURNED, STATUSES, PostalReceipt
from services.contact.projections.letters import batches
from shared.http.bodies import Moment, Ref, Sent
from shared.http.commands import Asked
from shared.http.language import chosen
from shared.http.listing import OF_A_LIST, AskedPage, Keys, listed
from shared.http.operations import command, reading, routes
from shared.http.problems import Problem
from shared.http.wire import PageLinks, Wire

BATCHES = "/v1/letter-batches"
NEWEST = Keys(kinds=(int,), written=lambda batch: (batch,), read=lambda batch: batch)
BatchNumber = Annotated[int, Path(ge=1, le=1_000_000_000, description="The batch's number, from 1.")]
_SHOWN = {
    "batch": 7,
    "at": "2026-11-22T02:30:00.000000Z",
    "letters": 1,
    "pages": 2,
    "manifest": "ab" * 32,
}
_LETTER = {
    "place": 1, "letter": "3F2A9C1B77D0E4A5", "message": f"cat_{OF_A_THING}", "sha256": "9f" * 32, "pages": 2,
    "postal": "REGISTERED",
}  # fmt: skip


class LetterBatchShown(Wire):
    """A batch of letters."""

    batch: int
    at: str
    letters: int
    pages: int
    manifest: str = Field(description="SHA-256 of its manifest.json.")


class LetterBatchPage(Wire):
    """A page of batches."""

    items: list[LetterBatchShown]
    page: PageLinks


class LetterShown(Wire):
    """A letter of a batch."""

    place: int
    letter: str = Field(description="The number on its sheet.")
    message: str
    sha256: str = Field(description="Of the PDF.")
    pages: int
    postal: str


class LetterBatchOpened(LetterBatchShown):
    """A batch with its letters."""

    items: list[LetterShown]


class PostalReceiptSent(Sent):
    """What the post says of one letter."""

    letter: Ref = Field(
        description="The number on its sheet, or the message's id.", examples=["3F2A9C1B77D0E4A5"]
    )
    status: str = one_of(STATUSES)
    at: Moment
    reason: str | None = one_of(REASONS, default=None, description="Why it came back.")
    receipt: Ref | None = Field(
        default=None, description="The post's own number of this receipt.", examples=["RA123456785CN"]
    )

    def told(self) -> PostalReceipt:
        """As the desk takes it. Raises Problem `invalid`."""
        closed("/status", self.status, STATUSES)
        closed("/reason", self.reason, REASONS)
        if (self.status == RETURNED) != (self.reason is not None):
            raise Problem("invalid", errors=[("/reason", "ONLY_WITH_RETURNED")])
        return PostalReceipt(
            letter=self.letter, status=self.status, at=self.at, reason=self.reason, receipt=self.receipt
        )


class PostalReceiptsSent(Sent):
    """Receipts of the post."""

    items: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=ITEMS_MAX)


def router(office: Office) -> APIRouter:
    """The routes of letters."""
    found = routes("/v1", tag="letters")
    _list(found, office)
    _one(found, office)
    _receipts(found, office)
    return found


def _list(found: APIRouter, office: Office) -> None:
    @found.get(
        "/letter-batches",
        **reading(
            "listLetterBatches",
            "Batches of letters that went to the printer, the newest first",
            scope="contact:decide",
            problems=OF_A_LIST,
            example={"items": [_SHOWN], "page": {"next": None}},
            links={"showLetterBatch": {"batch": "$response.body#/items/0/batch"}},
        ),
    )
    async def list_letter_batches(turn: AskedPage) -> LetterBatchPage:
        rows, page = await listed(
            office.open_desk, turn, path=BATCHES, view=batches.VIEW, filters={}, keys=NEWEST,
            cursor_of=lambda row: row.batch,
            rows=lambda connection, after, limit, pin: batches.page(
                connection, after=after, limit=limit, pin=pin
            ),
        )  # fmt: skip
        return LetterBatchPage(
            items=[LetterBatchShown(**row.as_json()) for row in rows], page=PageLinks(**page)
        )


def _one(found: APIRouter, office: Office) -> None:
    @found.get(
        "/letter-batches/{batch}",
        **reading(
            "showLetterBatch",
            "A batch with its letters, as its manifest has them",
            scope="contact:decide",
            problems=("not-found",),
            example={**_SHOWN, "items": [_LETTER]},
        ),
    )
    async def show_letter_batch(batch: BatchNumber) -> LetterBatchOpened:
        shown = await office.open_desk.ask(lambda connection: batches.one(connection, batch))
        if shown is None:
            raise Problem("not-found")
        row, letters = shown
        return LetterBatchOpened(**row.as_json(), items=[LetterShown(**one.as_json()) for one in letters])


def _receipts(found: APIRouter, office: Office) -> None:
    sent_example = {"letter": "3F2A9C1B77D0E4A5", "status": "DELIVERED", "at": "2026-11-25T09:00:00+08:00"}
    said = command(
        "takePostalReceipts",
        f"What the post says of letters, at most {ITEMS_MAX}: delivered, or returned and why; told again, taken once",
        scope="contact:record",
        problems=("letter-unknown", "message-unknown", "postal-receipt-reused", "subject-busy"),
        sent={"items": [sent_example]},
        gives={},
        bytes_max=BYTES_MAX,
    )

    @found.post("/letter-receipts", **many(said, {"items": [{"item": 0, "status": 201}]}))
    async def take_receipts(
        request: Request,
        sent: PostalReceiptsSent,
        asked: Asked,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> Response:
        desk = office.open_desk
        printed = await desk.letters.receipts.printed()

        async def take(one: PostalReceiptSent) -> dict[str, Any]:
            told = one.told()
            if asked.dry_run:
                return {"status": 200, "dry_run": True}
            return {"status": 201 if await desk.letters.receipts.take(told, printed) else 200}

        return await each(
            request, sent.items, of=PostalReceiptSent, language=chosen(accept_language), take=take
        )
