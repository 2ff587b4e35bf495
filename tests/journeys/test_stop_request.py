"""The debtor asks to be left alone: from then on nobody is given a permit, and a call all the same is a breach."""

from pathlib import Path

from tests.kit.shapes import in_both_shapes, platform

THEIRS = {"collector_role": "third_party"}
"""12 CFR 1006.6(c) binds who collects for others."""


@in_both_shapes
def test_a_stop_request_ends_contact_and_a_call_after_it_is_a_breach(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path) as it:
        it.advance("14h")  # eleven in the morning in Massachusetts
        case = it.open_case("D-STOP")
        subject = it.subject_of(case)
        lives = {"debtor_ref": "D-STOP", "jurisdictions": ["US", "US-MA"], "zones": ["America/New_York"]}
        it.post(it.contact, f"/v1/subjects/{subject}/descriptions", lives)

        allowed = it.ask(subject, case, **THEIRS)
        assert allowed["outcome"] == "allow", allowed["reasons"]
        it.called(subject, case, 1, "conversation", permit=allowed["id"], **THEIRS, at=it.now())
        [attempted] = it.until(lambda: it.on_case(case, "ContactAttempted"))
        assert (attempted["outcome"], attempted["permit"], attempted["breach"]) == (
            "RIGHT_PARTY", allowed["id"], [],
        )  # fmt: skip

        it.post(it.contact, f"/v1/subjects/{subject}/preferences", {"kind": "stop"})
        refused = it.ask(subject, case, **THEIRS)
        assert refused["outcome"] == "deny", refused
        [told] = it.until(lambda: it.on_case(case, "ContactRefused"))
        assert told["refusal"] == refused["id"]
        assert set(told["rules"]) == {reason["rule"] for reason in refused["reasons"]}

        it.called(subject, case, 2, "ring_no_answer", **THEIRS, at=it.now())
        both = it.until(lambda: found if len(found := it.on_case(case, "ContactAttempted")) > 1 else None)
        assert {"NO-PERMIT"} < set(both[1]["breach"]), "with the rule that the stop request stands behind"
