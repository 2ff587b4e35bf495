"""A promise softens outreach, is broken, and outreach goes on; a plan pauses it and stands against collecting."""

from pathlib import Path
from typing import Any

from tests.kit.shapes import Platform, in_both_shapes, platform


def about(it: Platform, case: str, type_: str) -> list[dict[str, Any]]:
    """The facts of one type on the case's outreach."""
    stream = case.replace("case-", "outreach-")
    return [e["data"] for e in it.feed("contact", f"contact.{type_}") if e["subject"] == stream]


@in_both_shapes
def test_a_broken_promise_becomes_a_plan(shape: str, tmp_path: Path) -> None:
    with platform(shape, tmp_path) as it:
        case = it.open_case("D-PLAN", days_past_due=10)
        subject = it.subject_of(case)
        word = {"amount": {"amount": "500.00", "currency": "CNY"}, "due_on": "2026-11-23"}
        promise = it.post(it.case, f"/v1/cases/{case}/promises", word)["id"]
        [softened] = it.until(lambda: about(it, case, "OutreachSoftened"))
        assert softened["because"] == [promise]

        it.advance("7d")
        it.until(lambda: it.on_case(case, "PromiseBroken"))
        it.until(lambda: about(it, case, "OutreachResumed"))

        terms = {"total": {"amount": "1234.50", "currency": "CNY"}, "count": 2, "first_due": "2026-12-10"}
        quote = it.post(it.case, f"/v1/cases/{case}/plan-quotes", terms)["id"]
        offer = {"quote_id": quote, "affordability": "AFF-12"}
        plan = it.post(it.case, f"/v1/cases/{case}/plans", offer)["id"]
        it.post(it.case, f"/v1/plans/{plan}/acceptances", {"supplement": "DOC-55"}, case=case)
        raised = it.until(lambda: it.on_subject(subject, "FlagRaised"))
        assert [(one["flag"], one["cause"]) for one in raised] == [("plan_in_force", plan)]
        paused = it.until(lambda: about(it, case, "OutreachPaused"))
        assert "PLAN" in paused[-1]["reasons"]
        refused = it.ask(subject, case, content=["identifies_institution"])
        assert refused["outcome"] == "deny", refused
        assert any("PLAN" in reason["rule"] for reason in refused["reasons"]), refused["reasons"]
