"""A letter all the way: ordered under a permit, printed, put into a batch, posted, and what the post says of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contact.adapters.letters.batch_folder import write_batch
from services.contact.adapters.letters.receipt_file import read_receipts
from services.contact.application.handed_in import Flaw, HandedInUnusable
from services.contact.application.handle import Meta
from services.contact.application.letters.receipts import ReceiptReused
from services.contact.application.sending.messages import Wanted
from services.contact.domain.commands import DescribeSubject, LinkCase, RecordPoint
from services.contact.wiring import ContactService, ContactSettings, open_contact
from shared.kernel.clock import FixedClock
from tests.contact.stores import backends
from tests.shared.printing.letters import text_of, through_the_window

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ADDRESS = "上海市徐汇区漕溪北路 88 号 1201 室"
VALUES = {
    "institution": "示例银行", "name": "张伟", "account": "8888", "amount": "1234.50 CNY",
    "as_of": "2026-11-20", "hotline": "4000000000", "letter_date": "2026-11-23",
}  # fmt: skip


async def ordered(service: ContactService, ref: str) -> str:
    """A letter to a debtor; the message's id."""
    acts = service.acts
    subject = acts.subject_id(ref)
    uuid = subject.removeprefix("subject-")
    for number, command in enumerate(
        (
            DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",)),
            LinkCase(case=f"case-{uuid}", debts=(f"account-{uuid}",), stage="M2"),
            RecordPoint(point=acts.point_id("post", ADDRESS), medium="post", value=ADDRESS),
        )
    ):
        await acts.handle(subject, command, Meta(actor="user:li", client="t", key=f"{ref}{number}"))
    wanted = Wanted(channel="letter", template="plan-offer", language="zh-CN", values=VALUES)
    made = await service.messages.order(
        subject, wanted, Meta(actor="user:li", client="t", key=f"{ref}-letter")
    )
    assert made.queued, made.decision
    return made.message


def rows(told: list[str], folder: Path) -> Iterator[Any]:
    file = folder / "receipts.csv"
    file.write_text(
        "\ufeffletter,status,at,reason,receipt\r\n" + "\r\n".join(told) + "\r\n", encoding="utf-8"
    )
    return read_receipts(file, zone_name="Asia/Shanghai")


@backends
async def test_from_the_order_to_the_receipt(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock(MORNING)
    settings = ContactSettings(
        place=tmp_path / "contact.db" if backend == "sqlite" else request.getfixturevalue("pg_dsn"),
        key_file=tmp_path / "keys.json", deployment="test", tenant="default", shards=1,
        channels={"QUITTANCE_LETTER_SPOOL": str(tmp_path / "spool")},
    )  # fmt: skip
    async with open_contact(settings, clock=clock, provision=True) as service:
        first, second = await ordered(service, "D-1"), await ordered(service, "D-2")
        await service.projections.catch_up()
        assert await service.sending.dispatcher.drain() == 2
        made = await service.letters.batches.make(by="user:li")
        assert made is not None
        assert {one.key for one in made.letters} == {first, second}
        assert service.spool is not None
        folder = write_batch(made, service.spool, tmp_path / "out")
        pdf = next(folder.glob("0001-*.pdf")).read_bytes()
        assert "尾号8888" in "".join(text_of(pdf).split())
        assert through_the_window(pdf).splitlines()[-2:] == ["张伟", ADDRESS]

        clock.advance(timedelta(days=4))
        number = {one.key: one.letter for one in made.letters}
        rejected: list[tuple[int, Flaw]] = []
        told = [
            f"{number[first]},delivered,2026-11-26T10:00,,RA1",
            f"{number[second].lower()},RETURNED,2026-11-26 11:00:00+08:00,moved,",
            "0000000000000000,DELIVERED,2026-11-26T10:00,,",
            f"{number[first]},RETURNED,2026-11-26T10:00,,",
            f"{number[first]},DELIVERED,gestern,,",
            f"{number[first]},DELIVERED",
            f"{number[first]},EATEN,2026-11-26T10:00,,",
        ]
        taken = await service.letters.receipts.take_in(
            rows(told, tmp_path), reject=lambda line, flaw: rejected.append((line, flaw))
        )
        assert (taken.lines, taken.new, taken.unchanged, taken.rejected) == (7, 2, 0, 5)
        assert rejected == [
            (4, Flaw("letter-unknown")), (5, Flaw("missing", "reason")), (6, Flaw("malformed", "at")),
            (7, Flaw("malformed-row")), (8, Flaw("malformed", "status")),
        ]  # fmt: skip
        again = await service.letters.receipts.take_in(rows(told, tmp_path), reject=lambda line, flaw: None)
        assert (again.new, again.unchanged) == (0, 2)
        states = {}
        for ref, message in (("D-1", first), ("D-2", second)):
            state = (await service.acts.load(service.acts.subject_id(ref))).state
            states[ref] = state.messages[message].status
        assert states == {"D-1": "DELIVERED", "D-2": "BOUNCED"}
        [changed] = [
            one for _, one in rows([f"{number[first]},RETURNED,2026-11-27T10:00,MOVED,RA1"], tmp_path)
        ]
        with pytest.raises(ReceiptReused):
            await service.letters.receipts.take(changed, await service.letters.receipts.printed())


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    for text in ("", "letter,at\n", "letter,status,at,at\n", '"letter\n'):
        file.write_text(text)
        with pytest.raises(HandedInUnusable):
            list(read_receipts(file, zone_name=None))
