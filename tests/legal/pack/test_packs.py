"""An evidence pack of a case: what is in it, that it is the same again, what is on record of it, how it is checked."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from services.case.domain.events import PersonalDataRevealed
from services.legal.adapters.pack.checking import CHANGED, MISSING, NO_PACK, OTHER_MANIFEST, UNLISTED, check
from services.legal.adapters.pack.part import VOLUME_ROWS
from services.legal.adapters.pack.place import KEPT
from services.legal.application.elsewhere import CaseFile, ContactFile, Unreached
from services.legal.application.pack.desk import Wanted
from services.legal.domain import commands as c
from services.legal.domain.facts import letter as lf
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import pack as f
from services.legal.domain.pack.pack import FAILED, MADE, Pack, PackGone, PackNotMade
from services.legal.domain.refusals import LegalDayAhead, MatterUnknown
from services.legal.domain.thing_ids import DOCUMENT
from shared.kernel.clock import FixedClock
from tests.legal.application.letters.office import NOON, Firm, firm_in
from tests.legal.kit import CASE, backends, legal_in, place_for

PARTS = (
    "01-timeline", "02-contacts", "03-balance", "04-letters", "05-deliveries", "06-limitation", "07-matters",
    "08-documents", "09-event-proofs",
)  # fmt: skip
PAPER = "5e" * 32


async def worked(it: Firm) -> str:
    """A signed letter that arrived, and a paper on file; the letter."""
    letter, _ = await it.signed()
    await it.posted(letter)
    await it.do(
        c.Record(
            fact=m.DocumentFiled(
                document=it.thing(DOCUMENT, "paper"), kind="CONTRACT", sha256=PAPER, on=it.it.today, pages=3,
                location="vault", by="user:lin",
            )
        )
    )  # fmt: skip
    return letter


async def made(it: Firm, *, key: str = "one", language: str = "zh-CN", **more: Any) -> tuple[str, Pack]:
    """A pack of the case, asked for and made."""
    legal = it.it.legal
    wanted = Wanted(
        case=more.get("case", it.case), as_of=more.get("as_of", it.it.today), language=language, reason="SUIT",
        by="crm/lin",
    )  # fmt: skip
    pack = await legal.packs.ask(wanted, client="test", key=key)
    return pack, await legal.packing.make(pack)


def read(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@backends
async def test_it_is_on_record_on_both_stores(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(NOON)
    async with legal_in(tmp_path, clock, place=place_for(backend, tmp_path, request)) as it:
        desk = it.service.packs
        wanted = Wanted(case=CASE, as_of=it.today, language="en", reason="SUIT", by="crm/lin")
        pack = await desk.ask(wanted, client="test", key="one")
        assert await desk.ask(wanted, client="test", key="one") == pack
        assert (await desk.load(pack))[0].version == 1, "asked twice, on record once"
        known = await it.service.packing.make(pack)
        assert known.failed is not None
        assert known.failed.reason == "service-not-answering"
        assert (await it.service.packing.make(pack)).version == 2


async def test_it_holds_what_a_court_asks_for_and_the_hashes_are_on_record(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        letter = await worked(it)
        pack, known = await made(it)
        assert known.status == MADE
        assert known.made is not None
        assert known.made.gaps == ()
        file, _ = await it.it.legal.packs.fetch(pack, by="crm/lin")
        files = read(file)
        assert set(files) == {
            *(f"{part}.{kind}" for part in PARTS for kind in ("json", "pdf")), f"04-letters/{letter}.pdf",
            "manifest.json", "manifest.pdf",
        }  # fmt: skip
        assert sha256(files["manifest.json"]).hexdigest() == known.made.manifest
        assert sha256(file.read_bytes()).hexdigest() == known.made.zip_sha256
        said = {name: json.loads(files[f"{name}.json"]) for name in PARTS}
        [told] = said["04-letters"]
        assert sha256(files[f"04-letters/{letter}.pdf"]).hexdigest() == told["sha256"]
        assert told["made_again"]
        assert {one["reference"]: one["name"] for one in said["03-balance"]["people"]}["D-4711"] == "张三丰"
        assert said["03-balance"]["debts"][0]["owed"]["total"]["currency"] == "CNY"
        assert {one["service"] for one in said["01-timeline"]} == {"case", "legal"}
        assert "case.LegalStepReported" not in {one["type"] for one in said["01-timeline"]}, "said twice"
        assert [one["effective_at"] for one in said["01-timeline"]] == sorted(
            one["effective_at"] for one in said["01-timeline"]
        )
        [matter] = said["07-matters"]
        assert [one["kind"] for one in matter["tracks"]] == ["LETTER"]
        assert {one["sha256"] for one in said["08-documents"]} >= {PAPER}
        assert said["06-limitation"]["claims"]
        first = said["09-event-proofs"][0]
        assert len(first["leaf_sha256"]) == 64
        for name, content in files.items():
            if name.endswith(".pdf"):
                assert PdfReader(BytesIO(content)).pages, name
        assert "张三丰" in PdfReader(BytesIO(files["03-balance.pdf"])).pages[0].extract_text()
        found = await it.it.legal.ledger.whole_stream(pack)
        assert [type(one.event) for one in found] == [
            f.EvidencePackAsked, f.EvidencePackMade, f.EvidencePackFetched,
        ]  # fmt: skip
        assert check(file, manifest=known.made.manifest).wrong == ()


async def test_the_same_pack_made_again_is_the_same_bytes(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        await worked(it)
        pack, known = await made(it)
        assert known.asked is not None
        assert known.made is not None
        again = await it.it.legal.packing._maker.make(known.asked, tmp_path / "again.zip")
        assert (again.sha256, again.manifest) == (known.made.zip_sha256, known.made.manifest)
        assert await it.it.legal.packing.make(pack) == known, "once"


async def test_the_wish_is_on_record_before_anybody_is_looked_at(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        await worked(it)
        seen: list[str] = []
        legal, case_file = it.it.legal, it.it.legal.case_file

        class Watched(Unreached):
            """Says in which order things happen."""

            async def sheet(self, case: str, **how: Any) -> Any:
                rows = [
                    row
                    for lane in await legal.ledger.lane_numbers()
                    for row in await legal.ledger.read_lane(lane, after=0, limit=1_000)
                ]
                seen.extend(row.type for row in rows if row.type.startswith("legal.EvidencePack"))
                return await case_file.sheet(case, **how)

            async def timeline(self, case: str, **how: Any) -> Any:
                return await case_file.timeline(case, **how)

        watched: CaseFile = Watched("case")
        legal.case_file = watched
        await made(it)
        assert seen == ["legal.EvidencePackAsked"]
        looks = []
        for lane in await it.it.case.ledger.lane_numbers():
            rows = await it.it.case.ledger.read_lane(lane, after=0, limit=1_000)
            looks += [one.event for one in await it.it.case.ledger.recorded(rows)]
        last = [one for one in looks if isinstance(one, PersonalDataRevealed) and one.purpose == "LEGAL"]
        assert last, "the look is on record at the case service as well"


async def test_a_contact_service_that_does_not_answer_is_a_stated_gap(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        await worked(it)
        away: ContactFile = Unreached("contact")
        it.it.legal.contact_file = away
        pack, known = await made(it, language="en")
        assert known.made is not None
        assert known.made.gaps == ("contacts:service-not-answering",)
        file, _ = await it.it.legal.packs.fetch(pack, by="crm/lin")
        files = read(file)
        assert json.loads(files["manifest.json"])["gaps"] == [
            {"part": "contacts", "why": "service-not-answering"}
        ]
        assert json.loads(files["02-contacts.json"]) is None
        assert "did not answer" in PdfReader(BytesIO(files["02-contacts.pdf"])).pages[0].extract_text()


async def test_without_the_case_service_there_is_no_pack(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        case_file: CaseFile = Unreached("case")
        it.it.legal.case_file = case_file
        pack, known = await made(it)
        assert known.status == FAILED
        assert known.failed is not None
        assert known.failed.reason == "service-not-answering"
        with pytest.raises(PackNotMade):
            await it.it.legal.packs.fetch(pack, by="crm/lin")
        assert list((tmp_path / "packs" / "default").iterdir()) == [], "nothing is left lying"


async def test_a_case_that_nobody_knows(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        _, known = await made(it, case="case-00000000-0000-8000-8000-000000000000")
        assert known.failed is not None
        assert known.failed.reason == "case-unknown-there"
        with pytest.raises(MatterUnknown):
            await made(it, case="account-00000000-0000-8000-8000-000000000000")
        with pytest.raises(LegalDayAhead):
            await made(it, as_of=it.it.today + timedelta(days=1), key="ahead")


async def test_what_happened_later_is_left_out(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        await worked(it)
        day = it.it.today
        pack, _ = await made(it, as_of=day - timedelta(days=1))
        known, _ = await it.it.legal.packs.load(pack)
        if known.made is None:  # the case itself began today
            assert known.failed is not None
            assert known.failed.reason == "case-unknown-there"


async def test_it_lies_for_its_owner_alone_and_not_for_long(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        await worked(it)
        pack, known = await made(it)
        assert known.made is not None
        folder = tmp_path / "packs" / "default"
        [file] = folder.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        now = it.clock.now().timestamp()
        os.utime(file, (now, now))
        it.it.legal.packs.place.sweep()
        assert file.is_file()
        it.clock.advance(KEPT + timedelta(seconds=1))
        it.it.legal.packs.place.sweep()
        assert not file.exists()
        with pytest.raises(PackGone):
            await it.it.legal.packs.fetch(pack, by="crm/lin")


async def test_a_file_that_was_changed_is_not_handed_out(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        pack, known = await made(it)
        assert known.made is not None
        file = it.it.legal.packs.place.file_of(pack)
        file.write_bytes(file.read_bytes() + b"x")
        with pytest.raises(PackGone):
            await it.it.legal.packs.fetch(pack, by="crm/lin")


async def test_a_long_list_is_set_in_volumes(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        many = VOLUME_ROWS + 20
        contacts = [
            {
                "id": f"cat_{n:048x}", "at": "2026-11-19T02:00:00.000000Z", "channel": "voice", "direction": "out",
                "outcome": "ring_no_answer", "delivery": None, "breach": [],
            }
            for n in range(many)
        ]  # fmt: skip

        class Many(Unreached):
            """A contact service with much to tell."""

            async def contacts(self, case: str, *, language: str) -> Any:
                return contacts

        busy: ContactFile = Many("contact")
        it.it.legal.contact_file = busy
        pack, _ = await made(it)
        file, _ = await it.it.legal.packs.fetch(pack, by="crm/lin")
        files = read(file)
        assert {"02-contacts-001.pdf", "02-contacts-002.pdf"} <= set(files)
        assert "02-contacts.pdf" not in files
        assert len(json.loads(files["02-contacts.json"])) == many


async def test_a_letter_whose_words_are_forgotten_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.legal.application.letters.setting import LetterForgotten

    async with firm_in(tmp_path) as it:
        letter = await worked(it)

        def forgotten(name: str, draft: lf.LetterDrafted) -> Any:
            raise LetterForgotten

        monkeypatch.setattr(it.it.legal.packing._maker, "printed", forgotten)
        _, known = await made(it)
        assert known.made is not None
        assert known.made.gaps == (f"letters/{letter}:letter-forgotten",)


def rewritten(file: Path, to: Path, change: dict[str, bytes | None], **more: bytes) -> Path:
    """The pack with other content; None: without the file."""
    with zipfile.ZipFile(to, "w") as written:
        for name, content in read(file).items():
            other = change.get(name, content)
            if other is not None:
                written.writestr(name, other)
        for name, content in more.items():
            written.writestr(name, content)
    return to


async def test_the_check_finds_what_was_changed(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as it:
        pack, known = await made(it)
        assert known.made is not None
        file, _ = await it.it.legal.packs.fetch(pack, by="crm/lin")
        to = tmp_path / "other.zip"
        assert check(rewritten(file, to, {"01-timeline.json": b"[]"})).wrong == (
            ("01-timeline.json", CHANGED),
        )
        assert check(rewritten(file, to, {"01-timeline.pdf": None})).wrong == (("01-timeline.pdf", MISSING),)
        assert check(rewritten(file, to, {}, extra=b"")).wrong == (("extra", UNLISTED),)
        assert check(file, manifest="00" * 32).wrong == (("manifest.json", OTHER_MANIFEST),)
        for garbage in (b"", b"PK", b"{}", file.read_bytes()[:1_000]):
            to.write_bytes(garbage)
            assert check(to).wrong == (("manifest.json", NO_PACK),)
        assert check(rewritten(file, to, {"manifest.json": b"[]"})).wrong == (("manifest.json", NO_PACK),)
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in read(file).items():
                packed.writestr(name, content)
        assert check(to).wrong == (("manifest.json", NO_PACK),), "nothing that could swell is unpacked"
