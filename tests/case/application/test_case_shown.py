"""One case as a document on two clocks: before and after a correction, by id and by reference, erased."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.case.application.asked_as_of import CaseAsOf
from services.case.application.case_shown import THINGS, document, forgotten
from services.case.application.sheet import CaseBook, CaseUnknown
from services.case.domain import case_commands as c
from services.case.domain.money_commands import (
    AgreePlan,
    CancelPromise,
    OfferPlan,
    OpenCase,
    QuotePlan,
    RecordPaymentReturn,
)
from tests.case.application.test_handle import START, Office, office, pay, take
from tests.kit.ledgers import backends
from tests.kit.life import ACCOUNT, DAY, cny

PAID, BACK = DAY + timedelta(days=5), DAY + timedelta(days=30)


async def told(it: Office) -> None:
    """A promise, what is known of the debtor, a hold, a dispute, two attempts."""
    await it.do("a", take())
    await it.do("b", pay("pay_1", 30_000, PAID))
    await it.do(
        "c", c.RecordCircumstance(ref="cir_1", topic="ABILITY", value="PARTLY", source="DEBTOR", on=DAY)
    )
    await it.do("d", c.AssignCase(ref="alo_1", on=DAY, collector="user:lin", reason="NEW"))
    hold = c.PlaceHold(
        ref="hld_1", kind="CEASE", on=DAY, until=None, reason="DEBTOR_ASKED", stops_interest=False
    )
    await it.do("e", hold)
    await it.do("f", c.RaiseDispute(ref="dsp_1", scope="DEBT", amount=None, on=PAID))
    for number, outcome in ((2, "REACHED"), (1, "NO_ANSWER")):
        at = START + timedelta(days=number)
        attempt = c.RecordAttempt(
            attempt_ref=f"cat_{number}", at=at, on=at.date(), channel="VOICE", outcome=outcome,
            actor_kind="COLLECTOR", permit=None,
        )  # fmt: skip
        await it.do(f"g{number}", attempt)


@backends
async def test_everything_of_a_case_is_told_as_it_stood(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        await told(it)
        said = document(await it.clocks.case(it.case_id, as_of=PAID))
        assert (said["lifecycle"], said["stage"], said["mode"]) == ("open", "M4+", "INTERNAL")
        assert said["owed"]["total"] == {"amount": "700.00", "currency": "CNY"}
        assert said["owed_by_account"][ACCOUNT]["principal"]["amount"] == "700.00"
        assert said["promises"]["prm_1"]["status"] == "KEPT"
        assert sorted(one["kind"] for one in said["holds"].values()) == ["CEASE", "DISPUTE"]
        assert said["disputes"]["dsp_1"]["status"] == "OPEN"
        assert (said["keeps_open"], said["collector"]) == (["DISPUTE"], "user:lin")
        assert said["circumstances"] == [
            {"id": "cir_1", "topic": "ABILITY", "on": DAY.isoformat(), "value": "PARTLY", "source": "DEBTOR"}
        ]
        last = said["contact"]["last"]
        assert (said["contact"]["attempts"], last["outcome"], last["breach"]) == (2, "REACHED", ["CEASE"])
        begun = document(await it.clocks.case(it.case_id, as_of=DAY))
        assert begun["promises"]["prm_1"]["status"] == "ACTIVE"
        assert (begun["disputes"], begun["contact"]["attempts"]) == ({}, 0)


async def test_a_plan_is_an_offer_until_it_is_signed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with office("sqlite", tmp_path, request) as it:
        first = DAY + timedelta(days=10)
        await it.do("a", QuotePlan(ref="quo_1", on=DAY, total=cny(60_000), count=3, first_due=first))
        await it.do("b", OfferPlan(ref="pln_1", quote="quo_1", on=DAY, affordability="AFF-1"))
        offered = document(await it.clocks.case(it.case_id, as_of=DAY))
        assert (offered["plans"], offered["plan_offers"]["pln_1"]["status"]) == ({}, "OFFERED")
        assert offered["plan_offers"]["pln_1"]["instalments"][0]["amount"]["amount"] == "200.00"
        await it.do("c", AgreePlan(plan="pln_1", on=DAY, supplement="DOC-1"))
        signed = document(await it.clocks.case(it.case_id, as_of=DAY))
        assert (signed["plan_offers"], signed["plans"]["pln_1"]["status"]) == ({}, "ACTIVE")
        assert signed["plans"]["pln_1"]["instalments"][0]["due"] == first.isoformat()


@backends
async def test_before_and_after_a_correction(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office(backend, tmp_path, request) as it:
        await told(it)
        known = it.clock.now()

        async def asked(**clocks: object) -> CaseAsOf:
            return await it.clocks.case(it.case_id, as_of=BACK, **clocks)  # type: ignore[arg-type]

        before = document(await asked())
        bounced = RecordPaymentReturn(ref="ret_1", payment="pay_1", on=BACK, amount=None, reason="NO_FUNDS")
        await it.do("h", bounced)
        after = document(await asked())
        assert (before["promises"]["prm_1"]["status"], before["owed"]["total"]["amount"]) == (
            "KEPT",
            "700.00",
        )
        assert (after["promises"]["prm_1"]["status"], after["owed"]["total"]["amount"]) == (
            "BROKEN",
            "1000.00",
        )
        again = document(await asked(known_at=known))
        assert again.pop("asked")["known_at"] is not None
        assert again == {name: value for name, value in before.items() if name != "asked"}


async def test_a_case_that_ended_says_when_and_why_on_both_clocks(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office("sqlite", tmp_path, request) as it:
        await it.do("a", take())
        await it.do("b", CancelPromise(promise="prm_1", on=DAY, reason="MISTAKE"))
        open_until = it.clock.now()
        await it.do("c", pay("pay_1", 100_000, PAID))
        ended = await it.clocks.case(it.case_id, as_of=BACK)
        assert (ended.closed_on, ended.reason) == (PAID, "CURED")
        assert (await it.clocks.case(it.case_id, as_of=PAID - timedelta(days=1))).reason is None
        assert (await it.clocks.case(it.case_id, as_of=BACK, known_at=open_until)).closed_on is None
        assert document(ended)["lifecycle"] == "closed"


async def test_a_closed_case_whose_money_bounced_stays_closed_beside_its_successor(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office("sqlite", tmp_path, request) as it:
        first = it.case_id
        await it.do("a", pay("pay_1", 100_000, DAY))
        it.case_id = it.desk.case_id("D-1", 2)
        again = OpenCase(
            debtor_ref="D-1", episode=2, debts=(ACCOUNT,), on=PAID, arrears=cny(500), days_past_due=3
        )
        await it.do("open", again)
        assert (await it.clocks.named("D-1", as_of=BACK)).episode == 2
        assert (await it.clocks.named("D-1", as_of=DAY)).episode == 1
        it.case_id = first
        back = RecordPaymentReturn(ref="ret_1", payment="pay_1", on=BACK, amount=None, reason="NO_FUNDS")
        await it.do("b", back)
        seen = await it.clocks.case(first, as_of=BACK)
        assert (seen.picture.ended, seen.reason, seen.closed_on) == (None, "CURED", DAY)
        with pytest.raises(CaseUnknown):
            await it.clocks.named("D-1", as_of=DAY - timedelta(days=1))


@pytest.mark.parametrize("ref", ["case-1", "case-" + "f" * 36, "case-6f1c0d1e-0000-8000-8000-00000000000g"])
async def test_a_reference_may_begin_like_an_id(
    ref: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with office("sqlite", tmp_path, request) as it:
        it.case_id = it.desk.case_id(ref, 1)
        opened = OpenCase(
            debtor_ref=ref, episode=1, debts=(ACCOUNT,), on=DAY, arrears=cny(500), days_past_due=3
        )
        await it.do("open", opened)
        assert (await it.clocks.named(ref, as_of=DAY)).case_id == it.case_id
        sheet = await CaseBook(it.ledger, "default").sheet(ref)
        assert (sheet.case_id, sheet.debtor_ref) == (it.case_id, ref)
        gone = forgotten(sheet)
        assert set(THINGS) <= set(gone)
        assert set(gone) == set(document(await it.clocks.named(ref, as_of=DAY)))
