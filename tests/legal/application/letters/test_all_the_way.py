"""A lawyer's letter from the request to what the post says of it, with real services on all three sides."""

import asyncio
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path

import pytest

from services.contact.adapters.letters.batch_folder import write_batch
from services.contact.application.letters.receipts import PostalReceipt
from services.contact.domain.commands import RaiseFlag
from services.legal.application.elsewhere import CaseUnknownElsewhere, NotAnswered, Unreached
from services.legal.application.handle import Meta
from services.legal.application.letters.drafting import (
    LetterNobodyThere,
    LetterToSomebodyElse,
)
from services.legal.domain import commands as c
from services.legal.domain.facts import letter as f
from services.legal.domain.facts import matter as m
from services.legal.domain.facts import proofs as p
from services.legal.domain.letters import machine as s
from services.legal.domain.letters.firm import LetterNeedsFirm, LetterOfAnotherFirm
from services.legal.domain.letters.template import LetterTemplateUnknown, LetterValueUnfit
from services.legal.domain.limitation.rule import ClaimExpired
from services.legal.domain.refusals import LegalDayAhead
from services.legal.domain.tracks.machine import StepOnlyByTime, StepOutOfOrder
from shared.kernel.four_eyes import MakerIsChecker
from tests.contact.channels.mail_server import PASSWORD, USER, mail_server
from tests.legal.application.letters.office import GUARANTOR, POST, SEAL, TODAY, Firm, firm_in
from tests.shared.printing.letters import text_of, through_the_window

DUE = date(2025, 9, 30)


async def proofs(firm: Firm) -> list[p.ProofRecorded]:
    known = (await firm.it.legal.acts.load(firm.case)).claims.of_case
    return [one for key, one in known.proofs.items() if key not in known.retracted and one.source == "LEGAL"]


async def post_says(firm: Firm, status: str, at: str, reason: str | None = None) -> None:
    letters = firm.it.contact.letters
    while await letters.batches.make(by="user:li") is not None:
        pass
    printed = await letters.receipts.printed()
    told = PostalReceipt(
        letter=list(printed.values())[-1], status=status, at=datetime.fromisoformat(at), reason=reason
    )
    assert await letters.receipts.take(told, printed)
    await firm.it.hear()


async def test_printed_as_signed_and_delivered_it_restarts_limitation(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, draft = await firm.signed()
        assert (draft.limitation, draft.pages, draft.claimed.total.minor) == ("RUNNING", 1, 100000)
        step = await firm.posted(letter)
        assert isinstance(step, f.LetterDispatched)
        assert await firm.sent() == 1
        made = await firm.it.contact.letters.batches.make(by="user:li")
        assert made is not None
        assert firm.it.contact.spool is not None
        pdf = next(write_batch(made, firm.it.contact.spool, tmp_path / "out").glob("0001-*.pdf")).read_bytes()
        assert sha256(pdf).hexdigest() == draft.sha256
        assert (await firm.room.dispatching.pdf(letter)).pdf == pdf
        assert POST in "".join(through_the_window(pdf).split(" "))
        assert "逾期" not in through_the_window(pdf)
        words = "".join(text_of(pdf).split())
        assert all(said in words for said in ("示例律师事务所", "张三丰", "1,000.00", "31110000E00017891X"))

        firm.clock.advance(timedelta(days=4))
        await post_says(firm, "DELIVERED", "2026-11-23T10:00:00+08:00")
        assert await firm.status(letter) == s.DELIVERED
        [proof] = await proofs(firm)
        delivered = (await firm.steps(letter))[-1]
        assert (proof.kind, proof.on, proof.evidence) == ("demand_delivered", date(2026, 11, 23), "CARRIER")
        assert (delivered.on, delivered.answer_until) == (date(2026, 11, 23), date(2026, 12, 8))
        before = len(await firm.steps(letter))
        await firm.it.hear()
        assert len(await firm.steps(letter)) == before
        await firm.take(f.LetterAnswered, letter, answer="ASKS_FOR_TIME", document=None)
        assert [(one.kind, one.evidence) for one in await proofs(firm)][-1] == ("promise", "STATED")


async def test_returned_it_is_posted_again_and_a_later_word_of_the_post_replaces_an_earlier_one(
    tmp_path: Path,
) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        await firm.posted(letter)
        await firm.sent()
        firm.clock.advance(timedelta(days=3))
        await post_says(firm, "DELIVERED", "2026-11-22T10:00:00+08:00")
        await post_says(firm, "RETURNED", "2026-11-23T11:00:00+08:00", "UNCLAIMED")
        assert await firm.status(letter) == s.UNDELIVERABLE
        assert await proofs(firm) == []
        again = await firm.posted(letter)
        assert isinstance(again, f.LetterDispatched)
        assert again.try_no == 2
        assert (
            len({one.message for one in await firm.steps(letter) if isinstance(one, f.LetterDispatched)}) == 2
        )


async def test_by_email_the_bytes_are_attached(tmp_path: Path) -> None:
    async with mail_server(tmp_path) as (mails, certificate):
        channels = {
            "QUITTANCE_SMTP_URL": f"smtp://127.0.0.1:{mails.port}", "QUITTANCE_SMTP_FROM": "bank@example.com",
            "QUITTANCE_SMTP_USER": USER, "QUITTANCE_SMTP_PASSWORD": PASSWORD,
            "QUITTANCE_SMTP_AUTHORITY": str(certificate.authority),
        }  # fmt: skip
        async with firm_in(tmp_path, **channels) as firm:
            letter, draft = await firm.signed(language="en")
            await firm.posted(letter, "email")
            async with asyncio.timeout(30):
                assert await firm.sent() == 1
        [mailed] = mails.taken
        [attached] = message_from_bytes(mailed.content, policy=default).iter_attachments()
        assert sha256(attached.get_content()).hexdigest() == draft.sha256


async def test_killed_between_post_and_record_the_same_message_is_found(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        sending, meta = firm.room.dispatching, Meta(actor="user:lin", client="test", key="one")
        begun = await sending.begin(letter, "letter", meta)
        lost = await sending.post(begun, firm.it.legal.contact_file)
        assert await firm.status(letter) == s.DISPATCHING
        again = await firm.posted(letter)
        assert again == lost
        assert await firm.status(letter) == s.DISPATCHED
        assert await firm.sent() == 1


async def test_killed_and_never_asked_again_the_first_word_of_contact_completes_it(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        sending, meta = firm.room.dispatching, Meta(actor="user:lin", client="test", key="one")
        lost = await sending.post(await sending.begin(letter, "letter", meta), firm.it.legal.contact_file)
        assert await firm.sent() == 1
        assert await firm.status(letter) == s.DISPATCHED
        assert (await firm.steps(letter))[-1] == lost
        await post_says(firm, "DELIVERED", "2026-11-20T13:00:00+08:00")
        assert await firm.status(letter) == s.DELIVERED


async def test_while_contact_cannot_be_asked_the_intent_stands(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        there, firm.it.legal.contact_file = firm.it.legal.contact_file, Unreached("contact")
        for _ in range(2):
            with pytest.raises(NotAnswered):
                await firm.posted(letter)
        assert await firm.status(letter) == s.DISPATCHING
        firm.it.legal.contact_file = there
        await firm.posted(letter)
        assert sum(isinstance(one, f.LetterDispatchBegun) for one in await firm.steps(letter)) == 1


async def test_contact_refuses_by_its_rules_and_a_letter_may_still_go(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        await firm.it.on_subject("D-4711", RaiseFlag(flag="cease_received"), "stop")
        letter, _ = await firm.signed()
        refused = await firm.posted(letter, "email")
        assert isinstance(refused, f.LetterDispatchRefused)
        assert refused.rules == ("HOUSE-STOP",)
        assert await firm.status(letter) == s.DISPATCH_REFUSED
        assert isinstance(await firm.posted(letter), f.LetterDispatched)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_another_process_makes_the_same_bytes(language: str, tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, draft = await firm.drafted(language=language)
        kept = tmp_path / "draft.json"
        import msgspec

        kept.write_bytes(msgspec.json.encode(draft))
        program = (
            "import sys, msgspec\n"
            "from services.legal.adapters.letters.template_files import shipped_letters\n"
            "from services.legal.application.letters.setting import filled_of, printed\n"
            "from services.legal.application.letters.texts import LetterTexts\n"
            "from services.legal.domain.facts.letter import LetterDrafted\n"
            "from shared.printing.letter import Press\n"
            "draft = msgspec.json.decode(open(sys.argv[1], 'rb').read(), type=LetterDrafted)\n"
            "text = LetterTexts(shipped_letters).version(draft.template, draft.template_version)\n"
            "print(printed(Press(), text, filled_of(draft.track, draft)).sha256)\n"
        )
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", program, str(kept)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == draft.sha256
        assert (await firm.room.dispatching.pdf(letter)).sha256 == draft.sha256


async def test_nothing_goes_out_that_was_not_read_by_a_second_person_and_signed_by_the_firm(
    tmp_path: Path,
) -> None:
    async with firm_in(tmp_path) as firm:
        letter, draft = await firm.drafted()
        with pytest.raises(StepOutOfOrder):
            await firm.posted(letter)
        with pytest.raises(MakerIsChecker):
            await firm.take(f.LetterApproved, letter, sha256=draft.sha256, by="user:lin")
        with pytest.raises(s.LetterTextChanged):
            await firm.take(f.LetterApproved, letter, sha256=SEAL, by="user:zhao")
        await firm.take(f.LetterApproved, letter, sha256=draft.sha256, by="user:zhao")
        signature = {"sha256": draft.sha256, "seal": SEAL, "lawyer": "lawyer:chen"}
        for wrong in (
            {"firm": "FIRM-8", "placement": firm.placement},
            {"firm": "FIRM-9", "placement": "plf_x"},
        ):
            with pytest.raises(LetterOfAnotherFirm):
                await firm.take(f.LetterSigned, letter, **wrong, **signature)
        await firm.take(f.LetterSigned, letter, firm="FIRM-9", placement=firm.placement, **signature)
        await firm.take(f.LetterReturned, letter, reason="AMOUNT", remark=None, by="user:zhao")
        with pytest.raises(StepOutOfOrder):
            await firm.posted(letter)


async def test_a_firm_that_lost_the_matter_sends_nothing(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        await firm.do(
            c.Record(fact=m.PlacementEnded(placement=firm.placement, on=TODAY, reason="MANDATE_ENDED"))
        )
        with pytest.raises(LetterNeedsFirm):
            await firm.posted(letter)
    async with firm_in(tmp_path / "none", placed=False) as firm:
        letter = await firm.requested()
        with pytest.raises(LetterNeedsFirm):
            await firm.draft(letter)


async def test_withdrawn_before_it_leaves_and_not_after(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        first, _ = await firm.signed()
        await firm.take(f.LetterWithdrawn, first, reason="PAID")
        with pytest.raises(StepOutOfOrder):
            await firm.posted(first)
        second, _ = await firm.signed()
        await firm.posted(second)
        with pytest.raises(StepOutOfOrder):
            await firm.take(f.LetterWithdrawn, second, reason="PAID")


async def test_what_is_typed_in_is_checked(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter = await firm.requested()
        with pytest.raises(LetterValueUnfit) as refused:
            await firm.draft(letter, amount="1.00 CNY", firm_phone="call me", lawyer="")
        assert refused.value.context["faults"] == (
            "firm_phone: MALFORMED",
            "lawyer: MALFORMED",
            "UNDECLARED: 1",
        )
        with pytest.raises(CaseUnknownElsewhere):
            await firm.draft(letter, as_of=date(2020, 1, 1))
        with pytest.raises(LegalDayAhead):
            await firm.draft(letter, as_of=TODAY + timedelta(days=1))
        with pytest.raises(LetterTemplateUnknown):
            await firm.requested("no-such")
        with pytest.raises(LetterToSomebodyElse):
            await firm.requested("guarantor-demand")
        nobody = await firm.requested("guarantor-demand", person="prs_" + "7" * 32)
        with pytest.raises(LetterNobodyThere):
            await firm.draft(nobody)


async def test_a_guarantor_is_written_to_as_such(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        person = firm.it.contact.acts.person_id(GUARANTOR)
        letter, draft = await firm.signed("guarantor-demand", person=person)
        assert dict(draft.values)["name"] == "李四"
        assert dict(draft.values)["debtor_name"] == "张三丰"
        await firm.take(
            f.LetterDispatched,
            letter,
            channel="letter",
            try_no=1,
            message=None,
            permit=None,
            carrier_no="EA1",
        )
        await firm.take(
            f.LetterDelivered, letter, proof="SIGNED", message=None, document=SEAL, answer_until=TODAY
        )
        [proof] = await proofs(firm)
        assert (proof.person, proof.evidence, proof.document) == (person, "SIGNED", SEAL)


async def expire(firm: Firm, due: date = date(2020, 1, 31)) -> None:
    """The debt of the case fell due so long ago that limitation has run out."""
    claims = (await firm.it.legal.acts.load(firm.case)).claims
    facts = tuple(
        p.InstalmentTold(debt=debt, instalment="last", due=due, on=due, source_ref=f"t:{debt}")
        for debt in claims.debts
    )
    await firm.it.on_legal(firm.case, c.TellOfDebts(facts=facts), "due")
    for number, proof in enumerate(claims.of_case.proofs):  # what was told of a later day falls
        gone = c.RetractProof(proof=proof, on=TODAY, reason="ENTERED_IN_ERROR", by="user:lin")
        await firm.it.on_legal(firm.case, gone, f"gone{number}")


async def test_on_an_expired_claim_only_a_text_that_says_so_goes_out(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        live, _ = await firm.signed()
        early = await firm.requested("expired-notice")
        draft = await firm.draft(early)
        with pytest.raises(s.LetterSaysExpired):
            await firm.do(c.TakeStep(step=draft, by="user:lin"))
        await expire(firm)
        with pytest.raises(ClaimExpired):
            await firm.posted(live)
        assert await firm.status(live) == s.SIGNED
        demand = await firm.requested("demand-offer")
        offer = await firm.draft(demand, offer_amount="500.00 CNY", offer_until="2026-12-31")
        assert offer.limitation == "EXPIRED"
        with pytest.raises(ClaimExpired):
            await firm.do(c.TakeStep(step=offer, by="user:lin"))
        refused = list((await firm.it.legal.acts.load(firm.matter)).matter.all(m.StepRefused))
        assert [(one.wanted, one.track) for one in refused] == [
            ("LETTER_DISPATCH_BEGUN", live), ("LETTER_DRAFTED", demand),
        ]  # fmt: skip
        notice, said = await firm.signed("expired-notice")
        assert isinstance(await firm.posted(notice), f.LetterDispatched)
        assert said.answer_days == 0
        await firm.take(
            f.LetterDelivered, notice, proof="SIGNED", message=None, document=None, answer_until=TODAY
        )
        assert await proofs(firm) == [], "a notice that demands nothing restarts nothing"


async def test_the_last_day_of_the_answer_is_in_time(tmp_path: Path) -> None:
    async with firm_in(tmp_path) as firm:
        letter, _ = await firm.signed()
        await firm.posted(letter)
        until = date(2026, 12, 7)
        await firm.take(
            f.LetterDelivered, letter, proof="CARRIER", message=None, document=None, answer_until=until
        )
        firm.clock.set(datetime(2026, 12, 7, 15, 59, tzinfo=UTC))
        passed = {"answer_until": until}
        with pytest.raises(StepOnlyByTime):
            await firm.take(f.LetterDeadlinePassed, letter, **passed)
        with pytest.raises(s.AnswerStillOpen):
            await firm.take(f.LetterDeadlinePassed, letter, by_time=True, **passed)
        firm.clock.set(datetime(2026, 12, 7, 16, 1, tzinfo=UTC))
        await firm.take(f.LetterDeadlinePassed, letter, by_time=True, **passed)
        assert await firm.status(letter) == s.DEADLINE_PASSED
        await firm.take(f.LetterAnswered, letter, answer="PAYS", document=SEAL)
        assert await firm.status(letter) == s.ANSWERED
