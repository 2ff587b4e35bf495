"""The spool takes a letter once under its key, says what is certain, and survives what folders do."""

import asyncio
import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.contact.adapters.letters.letterhead import LetterheadFlaw, letterhead
from services.contact.adapters.letters.sheet import number_of, sheet
from services.contact.adapters.letters.spool import LetterSpool
from services.contact.application.channel_port import NotTaken, Outgoing, Taken, Unknown
from shared.kernel.clock import FixedClock
from tests.shared.printing.letters import text_of, through_the_window

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ADDRESS = "张伟 先生\n上海市徐汇区漕溪北路 88 号 1201 室\n200030"
DEBT = "您的账户逾期 1,234.50 元。"


def a_spool(folder: Path) -> LetterSpool:
    return LetterSpool(
        folder, letterhead=letterhead(), clock=FixedClock(NOW), zone_name="Asia/Shanghai", postal="REGISTERED"
    )


def a_letter(key: str = "cat_1", **changed: object) -> Outgoing:
    said = {"key": key, "address": ADDRESS, "text": f"尊敬的客户：\n\n{DEBT}\n第二行", "language": "zh-CN"}
    return Outgoing(**(said | changed))  # type: ignore[arg-type]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_letter_is_taken_once_and_found_by_its_key(tmp_path: Path) -> None:
    spool = a_spool(tmp_path / "spool")
    assert await spool.find("cat_1", deadline_s=5) == "NEVER_SEEN"
    first = await spool.send(a_letter(), deadline_s=5)
    assert isinstance(first, Taken)
    before = files(spool.folder)
    assert await spool.send(a_letter(text="anders"), deadline_s=5) == first
    assert await a_spool(spool.folder).find("cat_1", deadline_s=5) == first
    assert await spool.find("cat_2", deadline_s=5) == "NEVER_SEEN"
    assert files(spool.folder) == before
    [spooled] = spool.waiting()
    assert (spooled.key, spooled.postal, spooled.pages) == ("cat_1", "REGISTERED", 1)
    assert first.provider_ref == f"sha256:{spooled.sha256}"


async def test_the_window_shows_the_address_and_no_debt(tmp_path: Path) -> None:
    spool = a_spool(tmp_path)
    await spool.send(a_letter(subject_line="逾期通知"), deadline_s=5)
    pdf = spool.letter(number_of("cat_1"))
    assert DEBT in text_of(pdf)
    assert number_of("cat_1") in text_of(pdf)
    seen = through_the_window(pdf)
    assert all(line in seen for line in ADDRESS.splitlines())
    assert "逾期" not in seen


async def test_file_names_side_files_and_marks_say_nothing_of_anybody(tmp_path: Path) -> None:
    spool = a_spool(tmp_path)
    await spool.send(a_letter(), deadline_s=5)
    for name in files(tmp_path):
        assert "张" not in name
        assert "cat_" not in name
        if not name.endswith(".pdf"):
            assert "张伟" not in (tmp_path / name).read_text()
    assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")} == {0}


async def test_a_crash_between_the_files_leaves_nothing_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool, link = a_spool(tmp_path), os.link

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", dies)
    with pytest.raises(KeyboardInterrupt):
        spool._print(a_letter())
    monkeypatch.setattr(os, "link", link)
    assert await spool.find("cat_1", deadline_s=5) == "NEVER_SEEN"
    assert list(spool.waiting()) == []
    assert isinstance(await spool.send(a_letter(), deadline_s=5), Taken)
    assert len(list(spool.waiting())) == 1


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (errno.ENOSPC, "SPOOL_FULL"),
        (errno.EDQUOT, "SPOOL_FULL"),
        (errno.EACCES, "SPOOL_UNWRITABLE"),
        (errno.EROFS, "SPOOL_UNWRITABLE"),
    ],
)
async def test_a_full_or_unwritable_folder_certainly_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, cause: str
) -> None:
    def fails(_: int) -> None:
        raise OSError(code, os.strerror(code))

    spool = a_spool(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)
        assert await spool.send(a_letter(), deadline_s=5) == NotTaken(cause, permanent=False)
    assert await spool.find("cat_1", deadline_s=5) == "NEVER_SEEN"
    assert isinstance(await spool.send(a_letter(), deadline_s=5), Taken)


async def test_a_disk_that_fails_after_the_letter_is_there_leaves_it_unknown_and_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool, fsync, calls = a_spool(tmp_path), os.fsync, iter(range(100))

    def last_fails(opened: int) -> None:
        if next(calls) == 5:
            raise OSError(errno.EIO, "")
        fsync(opened)

    monkeypatch.setattr(os, "fsync", last_fails)
    assert await spool.send(a_letter(), deadline_s=5) == Unknown("SPOOL_ERROR")
    assert isinstance(await spool.find("cat_1", deadline_s=5), Taken)


async def test_a_folder_that_is_a_file_is_said_to_be_unwritable(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    spool = a_spool(tmp_path / "spool")
    assert await spool.send(a_letter(), deadline_s=5) == NotTaken("SPOOL_UNWRITABLE", permanent=False)
    assert await spool.find("cat_1", deadline_s=5) == "CANNOT_TELL"


async def test_two_dispatchers_at_once_make_one_letter(tmp_path: Path) -> None:
    spools = [a_spool(tmp_path) for _ in range(4)]
    sent = await asyncio.gather(*(spool.send(a_letter(), deadline_s=30) for spool in spools))
    assert len(set(sent)) == 1
    assert len(list(tmp_path.rglob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"address": " \n "}, "ADDRESS_INVALID"),
        ({"address": "路" * 700}, "ADDRESS_INVALID"),
        ({"text": "😀"}, "CHARACTER_UNKNOWN"),
        ({"text": "长" * 50_000}, "TOO_LONG"),
        ({"attachments": (("a.txt", "text/plain", b"x"),)}, "ATTACHMENTS_UNSUPPORTED"),
    ],
)
async def test_what_cannot_be_printed_is_refused_for_good(
    tmp_path: Path, changed: dict[str, object], cause: str
) -> None:
    spool = a_spool(tmp_path)
    assert await spool.send(a_letter(**changed), deadline_s=5) == NotTaken(cause, permanent=True)
    assert files(tmp_path) == []


def test_a_letterhead_without_a_language_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "head.toml"
    for text in ("", "[en]\nsender = []", "not toml ["):
        file.write_text(text)
        with pytest.raises(LetterheadFlaw):
            letterhead(file)


def test_a_language_the_letterhead_lacks_is_written_under_the_chinese_one() -> None:
    letter = sheet(a_letter(language="de"), letterhead(), on=NOW.date())
    assert letter.sender == letterhead().of("zh-CN").sender
    assert sheet(a_letter(language="en"), letterhead(), on=NOW.date()).sender[0].startswith("Sample Bank")


def test_the_addressee_stands_above_the_address_once() -> None:
    for name, lines in (
        ("张伟", ("张伟 先生", "上海市徐汇区漕溪北路 88 号 1201 室", "200030")),
        ("李四", ("李四", "张伟 先生", "上海市徐汇区漕溪北路 88 号 1201 室", "200030")),
        (None, ("张伟 先生", "上海市徐汇区漕溪北路 88 号 1201 室", "200030")),
    ):
        assert sheet(a_letter(addressee=name), letterhead(), on=NOW.date()).recipient == lines
    assert sheet(a_letter(addressee="张伟", address=" "), letterhead(), on=NOW.date()).recipient == ()
