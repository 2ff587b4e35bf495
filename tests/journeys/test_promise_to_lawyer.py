"""A promise is broken, the case goes to law, the debtor pays, and the case is the lender's again: three services."""

from pathlib import Path
from typing import Any

from tests.kit.shapes import Platform, in_both_shapes, platform


def mode(it: Platform, case: str) -> str:
    """Who handles the case."""
    changed = it.on_case(case, "HandlingModeChanged")
    return str(changed[-1]["mode"]) if changed else "INTERNAL"


def reported(it: Platform, case: str) -> list[dict[str, Any]]:
    """What the legal service said of the case."""
    return it.on_case(case, "LegalStepReported")


@in_both_shapes
def test_a_broken_promise_goes_to_law_and_comes_back_paid(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path, legal=True) as it:
        case = it.open_case("D-LAW", days_past_due=100)
        word = {"amount": {"amount": "500.00", "currency": "CNY"}, "due_on": "2026-11-23"}
        it.post(it.case, f"/v1/cases/{case}/promises", word)
        proofs = case.replace("case-", "proofs-")
        it.until(lambda: len(it.on_legal(proofs, "ProofRecorded")) == 2)
        kinds = {one["kind"]: one["on"] for one in it.on_legal(proofs, "ProofRecorded")}
        assert kinds == {"performance_due": "2026-08-12", "promise": "2026-11-20"}

        it.advance("7d")
        it.until(lambda: it.on_case(case, "PromiseBroken"))
        referral = it.post(it.case, f"/v1/cases/{case}/legal-referrals", {"reason": "PROMISE_BROKEN"})["id"]
        matter = it.matter_of(case)
        [opened] = it.on_legal(matter, "MatterOpened")
        assert (opened["referral"], opened["reason"]) == (referral, "PROMISE_BROKEN")
        it.until(lambda: [one["what"] for one in reported(it, case)] == ["OPENED"])
        assert mode(it, case) == "LEGAL"

        costs = {"kind": "LAWYER", "amount": {"amount": "300.00", "currency": "CNY"}, "borne_by": "DEBTOR"}
        it.post(it.legal, f"/v1/legal-matters/{matter}/costs", costs)
        [charge] = it.until(lambda: it.on_case(case, "ChargeBooked"))
        assert charge["amounts"]["costs"] == 30_000

        paid = {"amount": {"amount": "1534.50", "currency": "CNY"}, "channel": "BANK_TRANSFER"}
        it.post(it.case, f"/v1/cases/{case}/payments", paid)
        it.until(lambda: "part_payment" in {one["kind"] for one in it.on_legal(proofs, "ProofRecorded")})
        it.post(it.legal, f"/v1/legal-matters/{matter}/closures", {"outcome": "PAID"})
        [ended] = it.until(lambda: it.on_case(case, "LegalReferralEnded"))
        assert (ended["referral"], ended["outcome"]) == (referral, "PAID")
        it.until(lambda: mode(it, case) == "INTERNAL")
        for quittance in {
            it.quittance.environment.get("QUITTANCE_STORE"): it.quittance,
            "legal": it.legal_quittance,
        }.values():
            assert quittance.json("audit", "verify")["valid"]
