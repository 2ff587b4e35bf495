"""A letter that contact cannot take: the intent is taken back, and the letter goes another way or comes to its end."""

from pathlib import Path

import pytest

from services.contact.domain.commands import EndPoint, RecordPoint
from services.legal.application.elsewhere import LetterNotPosted
from services.legal.domain.facts import letter as f
from services.legal.domain.facts.matter import StepRetracted
from services.legal.domain.letters import machine as s
from tests.legal.application.letters.office import POST, REF, Firm, firm_in


async def nowhere(firm: Firm) -> None:
    """Nobody knows any more where the debtor lives."""
    point = firm.it.contact.acts.point_id("post", POST)
    await firm.it.on_subject(REF, EndPoint(point=point, reason="DEAD"), "gone")


async def retracted(firm: Firm) -> list[StepRetracted]:
    return (await firm.it.legal.acts.load(firm.matter)).matter.all(StepRetracted)


async def test_without_an_address_the_letter_stands_as_it_did_and_goes_by_mail(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        await nowhere(firm)
        for _ in range(2):
            with pytest.raises(LetterNotPosted) as refused:
                await firm.posted(letter)
            assert refused.value.context == {"code": "no-point-to-send-to"}
            assert await firm.status(letter) == s.SIGNED
        back = await retracted(firm)
        assert [(one.track, one.reason) for one in back] == [(letter, "NOT_POSTED")] * 2
        sent = await firm.posted(letter, "email")
        assert isinstance(sent, f.LetterDispatched)
        assert (sent.channel, sent.try_no) == ("email", 1)


async def test_a_repetition_that_finds_an_address_posts_it_once(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        await nowhere(firm)
        with pytest.raises(LetterNotPosted):
            await firm.posted(letter, key="one")
        found = "上海市静安区南京西路2号"
        point = RecordPoint(point=firm.it.contact.acts.point_id("post", found), medium="post", value=found)
        await firm.it.on_subject(REF, point, "found")
        sent = await firm.posted(letter, key="one")
        assert isinstance(sent, f.LetterDispatched)
        assert await firm.status(letter) == s.DISPATCHED
