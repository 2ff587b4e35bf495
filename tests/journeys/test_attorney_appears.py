"""An attorney appears: the case holds, contact hears of it, the debtor is left alone, the attorney may be called."""

from pathlib import Path

from tests.kit.shapes import Platform, in_both_shapes, platform

THEIRS = {"collector_role": "third_party"}
"""12 CFR 1006.6(b)(2) binds who collects for others."""


def flags(it: Platform, subject: str, type_: str) -> set[str]:
    """The flags that were raised, or lifted."""
    return {fact["flag"] for fact in it.on_subject(subject, type_)}


@in_both_shapes
def test_once_an_attorney_acts_the_debtor_is_not_contacted(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path) as it:
        it.advance("14h")  # in the morning in Massachusetts
        case = it.open_case("D-LAW")
        subject = it.subject_of(case)
        lives = {"debtor_ref": "D-LAW", "jurisdictions": ["US", "US-MA"], "zones": ["America/New_York"]}
        it.post(it.contact, f"/v1/subjects/{subject}/descriptions", lives)
        assert it.ask(subject, case, **THEIRS)["outcome"] == "allow"

        hold = it.post(it.case, f"/v1/cases/{case}/holds", {"kind": "ATTORNEY", "reason": "ATTORNEY_LETTER"})
        it.until(lambda: "attorney_represented" in flags(it, subject, "FlagRaised"))
        refused = it.ask(subject, case, **THEIRS)
        assert refused["outcome"] == "deny", refused
        assert "US-REGF-6B2-ATTORNEY" in {reason["rule"] for reason in refused["reasons"]}
        it.until(lambda: it.on_case(case, "ContactRefused"))

        acts = {"kind": "representative", "reference": "LAWYER-77", "role": "attorney"}
        attorney = it.post(it.contact, f"/v1/subjects/{subject}/preferences", acts)["person"]
        allowed = it.ask(subject, case, **THEIRS, person=attorney, role="attorney")
        assert allowed["outcome"] == "allow", allowed["reasons"]

        it.post(it.case, f"/v1/holds/{hold['id']}/releases", {"reason": "MANDATE_ENDED"})
        it.until(lambda: "attorney_represented" in flags(it, subject, "FlagLifted"))
