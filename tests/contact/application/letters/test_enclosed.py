"""A document that was signed elsewhere goes out as it is: on paper alone, by e-mail attached; sealed, and forgotten."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.contact.adapters.letters.batch_folder import write_batch
from services.contact.application.handle import Meta
from services.contact.application.sending.messages import Ordered, Wanted
from services.contact.domain.commands import DescribeSubject, LinkCase, RaiseFlag, RecordPoint
from services.contact.domain.facts.asking import ContactRefused
from services.contact.domain.facts.message import DocumentEnclosed
from services.contact.domain.sending.document import (
    DOCUMENT_BYTES_MAX,
    PART_BYTES,
    Document,
    DocumentErased,
    DocumentUnfit,
    enclosing,
    whole,
)
from services.contact.wiring import ContactService, ContactSettings, open_contact
from shared.eventstore.registry import ERASED
from shared.kernel.clock import FixedClock
from shared.printing.letter import Letter, Press
from tests.contact.channels.mail_server import PASSWORD, USER, mail_server
from tests.contact.stores import backends

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
VALUES = {"institution": "示例银行", "name": "张伟", "hotline": "4000000000"}
POST, MAIL = "上海市徐汇区漕溪北路 88 号 1201 室", "zhang.wei@example.com"


def a_pdf(text: str = "请于收到本函之日起十五日内履行。") -> bytes:
    return (
        Press()
        .set(
            Letter(
                language="zh-CN", on=date(2026, 11, 22), sender=("示例律师事务所",), return_line="示例路 1 号",
                recipient=("张伟", POST), title="律师函", body=(text,),
            )
        )
        .pdf
    )  # fmt: skip


PDF = a_pdf()
LETTER = Document(
    name="letter.pdf", media_type="application/pdf", sha256=sha256(PDF).hexdigest(), content=PDF
)


@asynccontextmanager
async def contact(place: Any, folder: Path, **channels: str) -> AsyncIterator[ContactService]:
    settings = ContactSettings(
        place=place, key_file=folder / "keys.json", deployment="test", tenant="default", shards=1,
        channels={"QUITTANCE_LETTER_SPOOL": str(folder / "spool"), **channels},
    )  # fmt: skip
    async with open_contact(settings, clock=FixedClock(MORNING), provision=True) as service:
        yield service


async def known(service: ContactService, ref: str = "D-1", *beside: Any) -> str:
    """A debtor with an address and an e-mail address."""
    acts = service.acts
    subject = acts.subject_id(ref)
    uuid = subject.removeprefix("subject-")
    commands = (
        DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",)),
        LinkCase(case=f"case-{uuid}", debts=(f"account-{uuid}",), stage="M4+"),
        RecordPoint(point=acts.point_id("post", POST), medium="post", value=POST),
        RecordPoint(point=acts.point_id("email", MAIL), medium="email", value=MAIL),
        *beside,
    )
    for number, command in enumerate(commands):
        await acts.handle(subject, command, Meta(actor="user:li", client="t", key=f"{ref}{number}"))
    return subject


async def ordered(service: ContactService, subject: str, channel: str, **changed: Any) -> Ordered:
    """The letter by a channel, under the key `one`."""
    template = "legal-letter" if channel == "letter" else "legal-letter-mail"
    wanted = Wanted(channel=channel, template=template, language="zh-CN", values=VALUES, document=LETTER)
    meta = Meta(actor="client:legal", client="legal", key="one", fingerprint=b"one")
    return await service.messages.order(subject, replace(wanted, **changed), meta)


@backends
async def test_on_paper_it_is_the_document_and_nothing_else(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = tmp_path / "contact.db" if backend == "sqlite" else request.getfixturevalue("pg_dsn")
    async with contact(place, tmp_path) as service:
        subject = await known(service)
        first = await ordered(service, subject, "letter")
        again = await ordered(service, subject, "letter")
        assert first.queued
        assert (again.message, again.handled.replayed) == (first.message, True)
        await service.projections.catch_up()
        assert await service.sending.dispatcher.drain() == 1
        made = await service.letters.batches.make(by="user:li")
        assert made is not None
        assert [(one.key, one.sha256) for one in made.letters] == [(first.message, LETTER.sha256)]
        assert service.spool is not None
        folder = write_batch(made, service.spool, tmp_path / "out")
        assert next(folder.glob("0001-*.pdf")).read_bytes() == PDF


async def test_by_email_it_is_attached_byte_for_byte(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as (mails, certificate):
        channels = {
            "QUITTANCE_SMTP_URL": f"smtp://127.0.0.1:{mails.port}", "QUITTANCE_SMTP_FROM": "bank@example.com",
            "QUITTANCE_SMTP_USER": USER, "QUITTANCE_SMTP_PASSWORD": PASSWORD,
            "QUITTANCE_SMTP_AUTHORITY": str(certificate.authority),
        }  # fmt: skip
        async with contact(tmp_path / "contact.db", tmp_path, **channels) as service:
            made = await ordered(service, await known(service), "email")
            assert made.queued, made.decision
            await service.projections.catch_up()
            async with asyncio.timeout(30):
                assert await service.sending.dispatcher.drain() == 1
        [mailed] = mails.taken
        mail = message_from_bytes(mailed.content, policy=default)
        [attached] = mail.iter_attachments()
        assert attached.get_filename() == "letter.pdf"
        assert attached.get_content() == PDF
        assert "逾期" not in mail["Subject"]


async def test_who_asked_to_be_left_alone_gets_the_letter_and_no_email(tmp_path: Path) -> None:
    async with contact(tmp_path / "contact.db", tmp_path) as service:
        subject = await known(service, "D-1", RaiseFlag(flag="cease_received"))
        assert (await ordered(service, subject, "letter")).queued
        subject = await known(service, "D-2", RaiseFlag(flag="cease_received"))
        refused = await ordered(service, subject, "email")
        assert not refused.queued
        assert isinstance(refused.decision, ContactRefused)
        assert [failed.rule for failed in refused.decision.failed] == ["HOUSE-STOP"]


async def test_the_document_lies_sealed_and_is_forgotten_with_its_key(tmp_path: Path) -> None:
    async with contact(tmp_path / "contact.db", tmp_path) as service:
        subject = await known(service)
        await ordered(service, subject, "letter")
        history = [one.event for one in await service.acts.history(subject)]
        enclosed = [one for one in history if isinstance(one, DocumentEnclosed)]
        found = whole(enclosed)
        assert found == LETTER
    assert b"%PDF-" not in (tmp_path / "contact.db").read_bytes()
    gone = [replace_content(one) for one in enclosed]
    with pytest.raises(DocumentErased):
        whole(gone)


def replace_content(event: DocumentEnclosed) -> DocumentEnclosed:
    """As an event reads whose section was erased."""
    values = {name: getattr(event, name) for name in event.__struct_fields__} | {"content": ERASED}
    return DocumentEnclosed(**values)


def test_a_long_document_is_cut_and_put_together_again_in_any_order() -> None:
    long = PDF + b"\n" * (2 * PART_BYTES)
    document = replace(LETTER, content=long, sha256=sha256(long).hexdigest())
    parts = enclosing(document, "cat_1", None, MORNING)
    assert [(one.part, one.parts) for one in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    assert whole(parts[::-1]) == document
    with pytest.raises(DocumentErased):
        whole(parts[1:])
    assert whole(()) is None


@pytest.mark.parametrize(
    ("changed", "flaw"),
    [
        ({"media_type": "text/html"}, "MEDIA_TYPE"),
        ({"name": "../letter.pdf"}, "NAME"),
        ({"name": "letter.exe"}, "NAME"),
        ({"content": b""}, "SIZE"),
        ({"content": PDF + b" " * DOCUMENT_BYTES_MAX}, "SIZE"),
        ({"sha256": "0" * 64}, "HASH"),
        ({"content": b"%PDF-1.7", "sha256": sha256(b"%PDF-1.7").hexdigest()}, "CONTENT"),
        ({"content": b"MZ" + PDF, "sha256": sha256(b"MZ" + PDF).hexdigest()}, "CONTENT"),
    ],
)
async def test_what_cannot_go_out_is_refused(changed: dict[str, Any], flaw: str, tmp_path: Path) -> None:
    async with contact(tmp_path / "contact.db", tmp_path) as service:
        subject = await known(service)
        with pytest.raises(DocumentUnfit) as refused:
            await ordered(service, subject, "letter", document=replace(LETTER, **changed))
        assert refused.value.context["flaw"] == flaw


async def test_a_text_message_carries_none(tmp_path: Path) -> None:
    async with contact(tmp_path / "contact.db", tmp_path) as service:
        subject = await known(service)
        with pytest.raises(DocumentUnfit) as refused:
            await ordered(service, subject, "sms")
        assert refused.value.context["flaw"] == "CHANNEL"
