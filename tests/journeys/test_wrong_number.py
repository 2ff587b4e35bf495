"""A stranger answers: the number is found to be somebody else's, is called no more, and calls to it count no more."""

from pathlib import Path

from tests.kit.shapes import Platform, in_both_shapes, platform

NEW, OLD = "+8613912340002", "+8613912340001"
SAYS = ("identifies_institution",)


def point(it: Platform, subject: str, value: str) -> str:
    sent = {"address": {"medium": "phone", "value": value}, "source": "CRM"}
    return str(it.post(it.contact, f"/v1/subjects/{subject}/contact-points", sent)["id"])


@in_both_shapes
def test_a_wrong_number_is_called_no_more_and_the_right_one_may_be(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path) as it:
        case = it.open_case("D-WRONG")
        subject = it.subject_of(case)
        old, new = point(it, subject, OLD), point(it, subject, NEW)
        allowed = it.ask(subject, case, contact_point=old, content=SAYS)
        assert allowed["outcome"] == "allow", allowed["reasons"]
        answered = it.called(
            subject, case, 1, "conversation_wrong_party", contact_point=old, permit=allowed["id"], at=it.now()
        )
        assert answered["breach"] == [], "nobody could know"
        assert it.on_subject(subject, "WrongPartyReached")

        refused = it.ask(subject, case, contact_point=old, content=SAYS)
        assert refused["outcome"] == "deny"
        assert "POINT-MISDIRECTED" in {reason["rule"] for reason in refused["reasons"]}
        right = it.ask(subject, case, contact_point=new, content=SAYS)
        assert right["outcome"] == "allow", right["reasons"]
        [calls] = [cap for cap in right["caps_after"] if cap["rule"] == "HOUSE-CALLS-DAY"]
        assert calls["used"] == 1, "the stranger's call was none to the debtor"

        it.called(subject, case, 2, "ring_no_answer", contact_point=old, at=it.now())
        both = it.until(lambda: found if len(found := it.on_case(case, "ContactAttempted")) > 1 else None)
        assert {"NO-PERMIT", "POINT-MISDIRECTED"} <= set(both[1]["breach"])
