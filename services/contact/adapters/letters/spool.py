"""The spool: a folder of letters that are to be printed, each once under its key; what prints them takes batches.

    letters/3F/3F2A….pdf    the letter; it is taken as soon as this file is there, and never changed
    letters/3F/3F2A….json   its key and postal class
    waiting/3F2A…           a mark: in no batch yet

The order of writing (side file, mark, letter) makes a crash harmless: without the letter nothing was taken. The files
hold names and addresses in clear: the folder is for its owner alone (mode 0700).
"""

import asyncio
import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec

from services.contact.adapters.letters.letterhead import Letterhead
from services.contact.adapters.letters.sheet import number_of, sheet
from services.contact.application.channel_port import Found, NotTaken, Outgoing, Sent, Taken, Unknown
from services.contact.application.letters.batches import Spooled
from services.contact.application.letters.receipts import PROVIDER
from services.contact.domain.sending.document import PDF
from services.contact.domain.sending.retry import ADDRESS_INVALID, SPOOL_FULL, SPOOL_UNWRITABLE
from shared.kernel.clock import Clock, zone
from shared.kernel.ids import new_token
from shared.printing.letter import NotPrintable, Press, pages_of

STANDARD, REGISTERED, REGISTERED_WITH_RECEIPT = "STANDARD", "REGISTERED", "REGISTERED_WITH_RECEIPT"
POSTAL_CLASSES = (STANDARD, REGISTERED, REGISTERED_WITH_RECEIPT)
_OF_THE_ADDRESS = frozenset({"ADDRESS_MISSING", "ADDRESS_TOO_LONG"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What lies beside a letter."""

    key: str
    postal: str


class LetterSpool:
    """The channel `letter`: prints into a folder. `zone_name`: in which a letter is dated."""

    channel = "letter"
    keeps_keys = True

    def __init__(
        self,
        folder: Path,
        *,
        letterhead: Letterhead,
        clock: Clock,
        zone_name: str,
        postal: str = STANDARD,
        name: str = PROVIDER,
    ) -> None:
        assert postal in POSTAL_CLASSES, "settings take no other"
        self.name, self.folder = name, folder
        self._letterhead, self._clock, self._zone, self._postal = letterhead, clock, zone(zone_name), postal
        self._press: Press | None = None
        self._under_way: dict[str, set[asyncio.Task[Sent]]] = {}
        with suppress(OSError):  # what keeps it from being made is said when a letter is sent
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def send(self, message: Outgoing, *, deadline_s: float) -> Sent:
        """Print it, once; an enclosed PDF is printed instead of the text, byte for byte.

        SPOOL_FULL and SPOOL_UNWRITABLE may pass; what cannot be printed is refused for good:
        ADDRESS_INVALID, or as NotPrintable says.
        """
        writing = asyncio.create_task(asyncio.to_thread(self._print, message))
        self._under_way.setdefault(message.key, set()).add(writing)
        writing.add_done_callback(lambda task: self._done(message.key, task))
        try:
            return await asyncio.wait_for(asyncio.shield(writing), deadline_s)
        except TimeoutError:
            return Unknown("DEADLINE")

    async def find(self, key: str, *, deadline_s: float) -> Found:
        """Is the letter of this key there? Exact, as long as the folder can be read; waits for what is under way."""

        async def looked() -> Found:
            while under_way := self._under_way.get(key):
                await asyncio.wait(tuple(under_way))
            return await asyncio.to_thread(self._find, key)

        try:
            return await asyncio.wait_for(looked(), deadline_s)
        except TimeoutError:
            return "CANNOT_TELL"

    async def close(self) -> None:
        """What is being written is written to its end."""
        while under_way := [task for tasks in self._under_way.values() for task in tasks]:
            await asyncio.wait(under_way)

    def _done(self, key: str, task: "asyncio.Task[Sent]") -> None:
        tasks = self._under_way[key]
        tasks.discard(task)
        if not tasks:
            del self._under_way[key]

    def letter(self, number: str) -> bytes:
        """The PDF of that number. Raises OSError."""
        return self._file(number).read_bytes()

    def waiting(self) -> Iterator[Spooled]:
        """Letters that carry the mark of being in no batch, by number. Raises OSError."""
        marks = self.folder / "waiting"
        names = sorted(os.listdir(marks)) if marks.is_dir() else []
        for number in (name for name in names if not name.startswith(".")):
            with suppress(FileNotFoundError):  # a mark without its letter: a crash came between the two
                yield self._spooled(number)

    def batched(self, number: str) -> None:
        """Take the mark away; that it is gone already is as well. Raises OSError."""
        (self.folder / "waiting" / number).unlink(missing_ok=True)

    def _spooled(self, number: str) -> Spooled:
        pdf = self.letter(number)
        side = self._side(number)
        return Spooled(
            number=number,
            key=side.key,
            postal=side.postal,
            sha256=sha256(pdf).hexdigest(),
            pages=pages_of(pdf),
        )

    def _side(self, number: str) -> Side:
        return msgspec.json.decode(self._file(number).with_suffix(".json").read_bytes(), type=Side)

    def _file(self, number: str) -> Path:
        return self.folder / "letters" / number[:2] / f"{number}.pdf"

    def _find(self, key: str) -> Found:
        try:
            if not self.folder.is_dir():
                return "CANNOT_TELL"
            pdf = self.letter(number_of(key))
            found = self._side(number_of(key))
        except FileNotFoundError:
            return "NEVER_SEEN"
        except (OSError, msgspec.MsgspecError):
            return "CANNOT_TELL"
        return Taken(_ref(sha256(pdf).hexdigest())) if found.key == key else "NEVER_SEEN"

    def _print(self, message: Outgoing) -> Sent:
        there = self._find(message.key)
        if isinstance(there, Taken):
            return there
        if len(message.attachments) > 1 or any(media != PDF for _, media, _ in message.attachments):
            return NotTaken("ATTACHMENTS_UNSUPPORTED", permanent=True)  # a letter is one document
        if there == "NEVER_SEEN" and self._file(number_of(message.key)).exists():
            return NotTaken("NUMBER_TAKEN", permanent=True)
        if message.attachments:  # set, signed and sealed by somebody else: these bytes, and no others
            return self._keep(message.key, message.attachments[0][2])
        try:
            self._press = self._press or Press()
            printed = self._press.set(sheet(message, self._letterhead, on=self._today()))
        except NotPrintable as problem:
            return NotTaken(
                ADDRESS_INVALID if problem.cause in _OF_THE_ADDRESS else problem.cause, permanent=True
            )
        return self._keep(message.key, printed.pdf)

    def _keep(self, key: str, pdf: bytes) -> Sent:
        number = number_of(key)
        file = self._file(number)
        try:
            for folder in (self.folder, file.parent.parent, file.parent, self.folder / "waiting"):
                folder.mkdir(mode=0o700, exist_ok=True)
            _written(file.with_suffix(".json"), msgspec.json.encode(Side(key=key, postal=self._postal)))
            _written(self.folder / "waiting" / number, b"")
            _written(file, pdf)
        except OSError as problem:
            there = self._find(key)
            if isinstance(there, Taken) and isinstance(problem, FileExistsError):
                return there  # another process took the same key in between
            if file.exists():
                return Unknown("SPOOL_ERROR")
            return NotTaken(SPOOL_FULL if problem.errno in _FULL else SPOOL_UNWRITABLE, permanent=False)
        return Taken(_ref(sha256(pdf).hexdigest()))

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()


def _ref(digest: str) -> str:
    return f"sha256:{digest}"


def _written(file: Path, content: bytes) -> None:
    """A whole file that survives a power cut, or none. A letter (`.pdf`) is never put in another's place.

    Raises: FileExistsError for a letter that is there, OSError.
    """
    part = file.parent / f".{file.name}.{new_token()}"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if file.suffix == ".pdf":
            os.link(part, file)
        else:
            os.replace(part, file)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
