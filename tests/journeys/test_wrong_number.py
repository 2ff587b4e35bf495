"""A stranger answers: the number is not the debtor's, nobody is called there again, and the case hears of it."""

from pathlib import Path

from tests.kit.shapes import in_both_shapes, platform

SAID = ["identifies_institution"]


@in_both_shapes
def test_a_number_that_is_a_stranger_s_is_called_no_more(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path) as it:
        case = it.open_case("D-WRONG")
        subject = it.subject_of(case)
        number = {"address": {"medium": "phone", "value": "+8613800138000"}, "source": "CRM"}
        point = it.post(it.contact, f"/v1/subjects/{subject}/contact-points", number)["id"]
        allowed = it.ask(subject, case, contact_point=point, content=SAID)
        assert allowed["outcome"] == "allow", allowed["reasons"]
        it.called(
            subject,
            case,
            1,
            "conversation_wrong_party",
            contact_point=point,
            permit=allowed["id"],
            at=it.now(),
        )
        [attempted] = it.until(lambda: it.on_case(case, "ContactAttempted"))
        assert attempted["outcome"] == "WRONG_PARTY"

        refused = it.ask(subject, case, contact_point=point, content=SAID)
        assert refused["outcome"] == "deny", refused
        assert "POINT-MISDIRECTED" in {reason["rule"] for reason in refused["reasons"]}
        told = it.until(lambda: it.on_case(case, "ContactRefused"))
        assert "POINT-MISDIRECTED" in told[-1]["rules"]
