"""Lawyers' letters from the referral to what came of them, on paper: paid, or returned, sued and enforced."""

from pathlib import Path

from tests.journeys.at_law import JANUARY, AtLaw, cny, referred
from tests.journeys.letters_at_law import Letter, booked, placed
from tests.journeys.test_promise_to_lawyer import mode
from tests.kit.shapes import in_both_shapes, platform

DUE, OWED = "2025-09-29", cny("1234.50")


@in_both_shapes
def test_a_broken_promise_a_lawyers_letter_and_the_debtor_pays(shape: str, tmp_path: Path) -> None:
    spool = tmp_path / "print" / "spool"
    with platform(
        shape, tmp_path, legal=True, at=JANUARY, QUITTANCE_LETTER_SPOOL=str(spool),
        QUITTANCE_LETTER_POSTAL_CLASS="REGISTERED_WITH_RECEIPT",
    ) as it:  # fmt: skip
        case = booked(it, tmp_path, "D-LET", due_on=DUE, amount="1234.50")
        it.post(it.case, f"/v1/cases/{case}/promises", {"amount": cny("500.00"), "due_on": "2026-01-07"})
        it.advance("7d")
        it.until(lambda: it.on_case(case, "PromiseBroken"))
        one = referred(it, case=case)
        it.until(lambda: mode(it, case) == "LEGAL")
        it.until(lambda: one.chain == ["performance_due", "promise"])

        letter = Letter(one, spool)
        assert letter.tried("/drafts", values={}).json()["code"] == "letter-needs-firm"
        placed(one)
        first = letter.draft()
        assert letter.show()["owed"] == OWED
        letter.said("/returns", reason="AMOUNT", remark="一百元已到账")
        some = {"amount": cny("100.00"), "channel": "BANK_TRANSFER"}
        it.post(it.case, f"/v1/cases/{case}/payments", some)
        it.until(lambda: "part_payment" in one.chain)
        letter.draft()
        assert letter.sha256 != first["sha256"]
        assert letter.show()["owed"] == cny("1134.50")
        own = letter.tried("/approvals", sha256=letter.sha256)
        assert (own.status_code, own.json()["code"]) == (409, "maker-is-checker")
        old = letter.tried("/approvals", by="wang", sha256=first["sha256"])
        assert old.json()["code"] == "letter-text-changed"
        assert letter.tried("/dispatches", channel="letter").json()["code"] == "step-out-of-order"
        letter.signed()
        pdf = it.legal.get(f"{letter.at}/pdf")
        assert pdf.content.startswith(b"%PDF"), pdf.text
        number = letter.posted()

        it.advance("3d")
        letter.post_says(number, "DELIVERED", receipt="RA123456785CN")
        letter.reaches("DELIVERED")
        [delivered] = it.on_legal(one.matter, "LetterDelivered")
        assert (delivered["proof"], delivered["on"]) == ("CARRIER", "2026-01-15")
        it.until(lambda: one.chain[-1] == "demand_delivered")
        last = one.debtor["chain"][-1]
        assert (last["on"], last["evidence"], one.debtor["raw_on"]) == ("2026-01-15", "CARRIER", "2029-01-15")
        it.until(lambda: "LETTER_DELIVERED" in {each["code"] for each in one.reported("LETTER")})

        paid = {"amount": cny("1134.50"), "channel": "BANK_TRANSFER"}
        it.post(it.case, f"/v1/cases/{case}/payments", paid)
        letter.said("/answers", answer="PAYS")
        letter.said("/closures", reason="PAID")
        one.said("/closures", outcome="PAID")
        [ended] = it.until(lambda: it.on_case(case, "LegalReferralEnded"))
        assert ended["outcome"] == "PAID"
        it.until(lambda: mode(it, case) == "INTERNAL")
        assert it.legal_quittance.json("audit", "verify")["valid"]


@in_both_shapes
def test_nobody_is_found_by_letter_so_served_by_notice_judged_and_enforced(
    shape: str, tmp_path: Path
) -> None:
    spool = tmp_path / "print" / "spool"
    with platform(shape, tmp_path, legal=True, at=JANUARY, QUITTANCE_LETTER_SPOOL=str(spool)) as it:
        case = booked(it, tmp_path, "D-GONE", due_on=DUE, amount="1234.50")
        one = referred(it, case=case)
        placed(one)
        letter = Letter(one, spool)
        letter.draft()
        letter.signed()
        _comes_back(letter, "UNCLAIMED")
        _comes_back(letter, "MOVED")
        assert letter.show()["tries"] == 2
        # Nobody knows any more where they live.
        nowhere = letter.tried("/dispatches", channel="letter").json()
        assert (nowhere["code"], nowhere["context"]["code"]) == ("letter-not-posted", "no-point-to-send-to")
        assert letter.show()["status"] == "UNDELIVERABLE"
        letter.said("/closures", reason="ADDRESS_UNKNOWN")
        assert one.chain == ["performance_due"], "what came back demands nothing"
        it.until(lambda: [each["code"] for each in one.reported("LETTER")].count("LETTER_UNDELIVERABLE") == 2)

        suit = one.step("SUIT_ASSESSED", procedure="ORDINARY", court="SH", cause="LOAN", amount=OWED)["track"]
        one.approve("SUIT_APPROVED", suit)
        one.step("SUIT_FILED", suit, amount=OWED)
        one.step("SUIT_ACCEPTED", suit, case_no="（2026）沪0101民初1号")
        one.step("SERVICE_NOTICE_PUBLISHED", suit, medium="COURT_NEWS")
        it.advance("31d")
        one.reaches(suit, "SERVED")
        [served] = it.on_legal(one.matter, "ServedByNotice")
        assert (served["published_on"], served["on"]) == ("2026-01-13", "2026-02-12")

        one.step("HEARING_SET", suit, hearing_on=one.today)
        one.step("SUIT_HEARD", suit, outcome="HEARD")
        judged = {"outcome": "WON", "amount": OWED, "perform_days": 10, "limitation_upheld": False}
        one.step("JUDGMENT_ISSUED", suit, **judged)
        one.step("SERVICE_NOTICE_PUBLISHED", suit, medium="COURT_NEWS")
        it.advance("32d")  # the thirtieth day is a Sunday
        one.reaches(suit, "APPEAL_PERIOD")
        it.advance("16d")
        one.reaches(suit, "EFFECTIVE")
        [force] = it.on_legal(one.matter, "JudgmentEffective")
        early = one.try_step("ENFORCEMENT_APPLIED", title=suit, court="SH", amount=OWED)
        assert early.json()["code"] == "enforcement-too-early"
        it.advance("12d")
        assert one.today > force["perform_until"]

        _enforced(one, suit)
        it.post(it.case, f"/v1/cases/{case}/payments", {"amount": OWED, "channel": "BANK_TRANSFER"})
        one.said("/closures", outcome="SATISFIED")
        [ended] = it.until(lambda: it.on_case(case, "LegalReferralEnded"))
        assert ended["outcome"] == "SATISFIED"
        it.until(lambda: mode(it, case) == "INTERNAL")
        assert it.legal_quittance.json("audit", "verify")["valid"]


def _enforced(one: AtLaw, suit: str) -> None:
    """Nothing is found at first; enforcement ends for now, is resumed, and satisfies."""
    taken = one.step("ENFORCEMENT_APPLIED", title=suit, court="SH", amount=OWED)["track"]
    one.step("ENFORCEMENT_ACCEPTED", taken, case_no="（2026）沪0101执1号")
    one.step("ASSETS_SEARCHED", taken, found=[])
    one.step("ENFORCEMENT_TERMINATED_FOR_NOW", taken, reason="NOTHING_FOUND")
    assert one.status(taken) == "TERMINATED_FOR_NOW"
    one.it.advance("30d")
    one.step("ENFORCEMENT_RESUMED", taken, found=["BANK_DEPOSIT"])
    one.step("ASSET_SEIZED", taken, asset="ACCOUNT_1", kind="BANK_DEPOSIT", amount=OWED, until="2027-04-01")
    one.step("ENFORCEMENT_SATISFIED", taken, amount=OWED)


def _comes_back(letter: Letter, reason: str) -> None:
    number = letter.posted()
    letter.one.it.advance("4d")
    letter.post_says(number, "RETURNED", reason=reason)
    letter.reaches("UNDELIVERABLE")
