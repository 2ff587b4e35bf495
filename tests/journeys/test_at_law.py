"""Matters at law, each from its referral to what came of it, with three services in both shapes."""

from pathlib import Path

from tests.journeys.at_law import JANUARY, PAPER, AtLaw, cny, referred
from tests.journeys.test_text_message import VALUES
from tests.kit.command import command_in
from tests.kit.shapes import Platform, in_both_shapes, platform
from tests.kit.sms_gateway import RunningGateway, sms_gateway

OWED = cny("1234.50")
LATER = JANUARY.replace("10:00", "10:01")
"""The clock only goes on."""


@in_both_shapes
def test_an_arbitration_ends_with_an_award_that_is_enforced(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path, legal=True, at=JANUARY) as it:
        one = referred(it, "D-ARB")
        track = one.step("ARBITRATION_ASSESSED", institution="SHIAC", amount=OWED)["track"]
        assert one.try_step("ARBITRATION_FILED", track, amount=OWED).json()["code"] == "step-out-of-order"
        one.said("/documents", kind="ARBITRATION_CLAUSE", sha256=PAPER)
        one.step("CLAUSE_VERIFIED", track, clause=PAPER)
        one.approve("ARBITRATION_APPROVED", track)
        one.step("ARBITRATION_FILED", track, amount=OWED)
        assert one.debtor["state"] == "IN_PROCEDURE"
        one.step("ARBITRATION_ACCEPTED", track, case_no="SHIAC 2026/1")
        one.step("ARBITRATION_SERVED", track, kind="DIRECT")
        one.step("TRIBUNAL_FORMED", track, arbitrators=1)
        one.step("ARBITRATION_HEARING_SET", track, hearing_on="2026-01-30")
        it.advance("25d")
        one.step("ARBITRATION_HEARD", track, outcome="HEARD")
        it.advance("10d")
        one.step("AWARD_ISSUED", track, outcome="WON", amount=OWED, perform_until="2026-02-24")
        one.step("AWARD_RECEIVED", track)
        set_aside = [due for due in one.show()["deadlines"] if "SET_ASIDE" in due["name"]]
        assert [due["expires_on"] for due in set_aside] == [
            "2026-05-09"
        ]  # three months, by the law of 1 March 2026
        suit = one.try_step("SUIT_ASSESSED", procedure="ORDINARY", court="SH", cause="LOAN", amount=OWED)
        if suit.status_code == 201:  # a suit may be thought of; it may not be brought
            again = suit.json()["track"]
            one.approve("SUIT_APPROVED", again)
            suit = one.try_step("SUIT_FILED", again, amount=OWED)
            one.step("SUIT_WITHDRAWN", again, reason="FAULTY")
        assert suit.status_code == 409, suit.text

        it.advance("20d")
        one.step("AWARD_EFFECTIVE", track, amount=OWED, perform_until="2026-02-24")
        taken = one.step("ENFORCEMENT_APPLIED", title=track, court="SH", amount=OWED)["track"]
        one.step("ENFORCEMENT_ACCEPTED", taken, case_no="执1")
        one.step("ENFORCEMENT_SATISFIED", taken, amount=OWED)
        one.said("/closures", outcome="SATISFIED")
        it.until(lambda: it.on_case(one.case, "LegalReferralEnded"))


@in_both_shapes
def test_a_preservation_lapses_where_nobody_sues(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path, legal=True, at=JANUARY) as it:
        one = referred(it, "D-PRE")
        begun = one.step("PRESERVATION_APPLIED", phase="PRE_SUIT", court="SH", amount=OWED)
        track = begun["track"]
        one.step("SECURITY_GIVEN", track, kind="GUARANTEE", amount=cny("400.00"))
        one.step("PRESERVATION_RULED", track, amount=OWED)
        one.step("PRESERVATION_EXECUTED", track, asset="BANK_DEPOSIT", amount=OWED, until="2027-01-04")
        due = {each["name"]: each["expires_on"] for each in one.show()["deadlines"]}
        assert "2026-02-04" in due.values(), due  # thirty days: 民事诉讼法 104
        it.advance("29d")
        assert one.status(track) == "EXECUTED"
        it.advance("3d")
        one.reaches(track, "LAPSED")
        [lapsed] = it.on_legal(one.matter, "PreservationLapsed")
        assert (lapsed["reason"], lapsed["on"]) == ("NO_SUIT", "2026-02-05")
        it.until(lambda: "PRESERVATION_LAPSED" in {each["code"] for each in one.reported("STEP")})


@in_both_shapes
def test_a_text_restarts_limitation_and_a_payment_order_saves_it(shape: str, tmp_path: Path) -> None:
    clock = tmp_path / "clock.json"
    assert command_in(tmp_path, QUITTANCE_TEST_CLOCK=str(clock))("clock", "set", JANUARY).code == 0
    with sms_gateway(clock=clock) as gateway, platform(
        shape, tmp_path, legal=True, at=LATER, QUITTANCE_SMS_URL=gateway.address,
        QUITTANCE_SMS_SECRET=gateway.secret, QUITTANCE_SMS_SENDER="10690001",
    ) as it:  # fmt: skip
        gateway.settings(callback=str(it.contact.base_url).rstrip("/"))
        # Due on 2023-01-10: without a proof it is over within the week.
        case = it.open_case("D-SMS", days_past_due=1_091)
        _texted(it, gateway, case)
        one = referred(it, case=case)
        it.until(lambda: one.chain == ["performance_due", "demand_delivered"])
        assert (one.debtor["state"], one.debtor["raw_on"]) == ("CALENDAR_MISSING", "2029-01-05")
        it.advance("14d")  # beyond the end that the text moved
        order = one.step("PAYMENT_ORDER_ASSESSED", court="SH", amount=OWED)["track"]
        one.approve("PAYMENT_ORDER_APPROVED", order)
        one.step("PAYMENT_ORDER_APPLIED", order, amount=OWED)
        assert one.debtor["state"] == "IN_PROCEDURE"
        one.step("PAYMENT_ORDER_ACCEPTED", order, case_no="督1")
        one.step("PAYMENT_ORDER_ISSUED", order, amount=OWED)
        one.step("PAYMENT_ORDER_SERVED", order, kind="DIRECT")
        it.advance("17d")
        one.reaches(order, "ENFORCEABLE")
        [unopposed] = it.on_legal(one.matter, "PaymentOrderUnopposed")
        assert unopposed["on"] == "2026-02-04"  # fifteen days after 19 January, and the next day


def _texted(it: Platform, gateway: RunningGateway, case: str) -> None:
    """A text that asks for payment goes out, and its provider says that it arrived."""
    subject = it.subject_of(case)
    lives = {"debtor_ref": "D-SMS", "jurisdictions": ["CN"], "zones": ["Asia/Shanghai"]}
    it.post(it.contact, f"/v1/subjects/{subject}/descriptions", lives)
    number = {"address": {"medium": "phone", "value": "+8613812340001"}, "source": "CRM"}
    it.post(it.contact, f"/v1/subjects/{subject}/contact-points", number)
    ordered = {"channel": "sms", "template": "m1-remind", "language": "zh-CN", "values": VALUES}
    message = it.post(it.contact, "/v1/messages", {"subject": subject, "case": case, **ordered})["id"]

    def status() -> str:
        return str(it.contact.get(f"/v1/messages/{message}").json()["status"])

    it.until(lambda: status() == "DISPATCHED")
    gateway.report(message, "DELIVERED")
    gateway.tell()
    it.until(lambda: status() == "DELIVERED")


@in_both_shapes
def test_a_payment_that_comes_back_after_a_settlement_opens_the_matter_again(
    shape: str, tmp_path: Path
) -> None:
    with platform(shape, tmp_path, legal=True, at=JANUARY) as it:
        one = referred(it, "D-SET")
        suit = _filed(one)
        offer = {"amount": OWED, "pay_by": "2026-01-20"}
        settlement = it.post(it.case, f"/v1/cases/{one.case}/settlements", offer)["id"]
        money = {"amount": OWED, "channel": "BANK_TRANSFER"}
        payment = it.post(it.case, f"/v1/cases/{one.case}/payments", money)["id"]
        it.until(lambda: it.on_case(one.case, "Settled"))
        it.until(lambda: "part_payment" in _proved(one))
        one.step("SUIT_WITHDRAWN", suit, reason="SETTLED", settlement=settlement)
        one.said("/closures", outcome="SETTLED")
        it.until(lambda: one.reported("CLOSED"))
        assert one.debtor["state"] != "IN_PROCEDURE"

        it.advance("3d")
        it.post(
            it.case, f"/v1/payments/{payment}/reversals", {"amount": OWED, "reason": "AC04"}, case=one.case
        )
        it.until(lambda: it.on_legal(one.proofs, "ProofRetracted"))
        assert "part_payment" not in one.chain
        one.said("/reopenings", reason="PAYMENT_RETURNED")
        again = _filed(one)
        assert one.status(again) == "FILED"
        assert one.debtor["state"] == "IN_PROCEDURE"


@in_both_shapes
def test_a_retracted_proof_makes_a_filing_refused_and_leaves_the_guarantors_date(
    shape: str, tmp_path: Path
) -> None:
    with platform(shape, tmp_path, legal=True, at=JANUARY) as it:
        one = referred(it, "D-RET", days_past_due=1_200)  # due on 2022-09-23: over since September 2025
        proof = one.prove("demand_delivered", "2025-06-02", evidence="SIGNED")
        one.said("/parties", role="GUARANTOR", person="prs_" + "7" * 32, guarantee="GENERAL")
        [guarantor] = [each for each in one.claims() if each["role"] == "GUARANTOR"]
        assert (one.debtor["over"], one.debtor["raw_on"]) == (False, "2028-06-02")
        suit = _filed(one)
        assert one.status(suit) == "FILED"

        one.step("SUIT_WITHDRAWN", suit, reason="FAULTY")
        one.retract(proof)
        assert one.debtor["over"] is True
        again = one.step("SUIT_ASSESSED", procedure="SUMMARY", court="SH", cause="LOAN", amount=OWED)["track"]
        one.approve("SUIT_APPROVED", again)
        refused = one.try_step("SUIT_FILED", again, amount=OWED)
        assert (refused.status_code, refused.json()["code"]) == (409, "claim-expired")
        assert it.on_legal(one.matter, "StepRefused")[-1]["wanted"] == "SUIT_FILED"
        [after] = [each for each in one.claims() if each["role"] == "GUARANTOR"]
        assert (after["expires_on"], after["raw_on"]) == (guarantor["expires_on"], guarantor["raw_on"])


def _filed(one: AtLaw) -> str:
    """A suit, assessed, approved by another, and filed."""
    track = one.step("SUIT_ASSESSED", procedure="SUMMARY", court="SH", cause="LOAN", amount=OWED)["track"]
    one.approve("SUIT_APPROVED", str(track))
    one.step("SUIT_FILED", track, amount=OWED)
    return str(track)


def _proved(one: AtLaw) -> set[str]:
    return {fact["kind"] for fact in one.it.on_legal(one.proofs, "ProofRecorded")}
