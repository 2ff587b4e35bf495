"""What happens in the month: six debtors, each with a question that the contact service answers."""

from typing import Any

from services.main.demo.stage import Debtor, Stage

OWED: dict[str, Any] = {"amount": "1200.00", "currency": "CNY"}
STOPS = "T"


def reminded(stage: Stage) -> None:
    """A reminder, a delivery, a payment: the case is cured and nobody is written to again."""
    stage.steps.title(
        "A reminder goes out, arrives, and the debtor pays: outreach ends by itself",
        "一条提醒发出并送达，债务人还款：外联自动结束",
    )
    one = stage.open_case(1, days_past_due=5)
    sent = _message(stage, one, "11-02 10:02")
    _delivered(stage, sent, "DELIVERED")
    stage.post(f"/v1/cases/{one.case}/payments", {"amount": OWED, "channel": "BANK_TRANSFER"})
    stage.outreach_of(one, "ENDED")


def bounced(stage: Stage) -> None:
    """A number that does not exist: the report of it ends the number."""
    stage.steps.title("A text to a dead number bounces", "发往空号的短信被退回")
    one = stage.open_case(2, days_past_due=5)
    sent = _message(stage, one, "11-02 10:04")
    _delivered(stage, sent, "BOUNCED", "ADDRESS_UNKNOWN")


def stopped(stage: Stage) -> None:
    """The debtor answers with a stop word: that number is written to no more, and the call is still a question."""
    stage.steps.title(
        "The debtor answers T: no more texts to that number", "债务人回复 T：不再向该号码发送短信"
    )
    one = stage.open_case(3, days_past_due=5)
    _message(stage, one, "11-02 10:06")
    stage.gateway.answers(one.phone, STOPS)
    stage.until(
        f"/v1/contact-attempts?subject={one.subject}",
        lambda said: any(item["direction"] == "in" for item in said["items"]),
    )
    stage.may(one, "sms")
    stage.may(one, "voice")


def by_night(stage: Stage) -> None:
    """Not at night; in the morning, with three conversations a day and no fourth."""
    stage.steps.title("May we call at 22:14? And a fourth time?", "22:14 可以致电吗？第四次呢？")
    one = stage.open_case(4, days_past_due=12)
    stage.go_to("11-02 22:14")
    stage.may(one)
    for number in range(1, 4):
        stage.go_to(f"11-03 {8 + number:02d}:00")
        permit = stage.may(one)
        stage.go_to(f"11-03 {8 + number:02d}:02")
        stage.called(
            one, f"night-{number}", f"11-03 {8 + number:02d}:01", "conversation", permit=permit["id"]
        )
    stage.go_to("11-03 14:00")
    stage.may(one)


def found_late(stage: Stage) -> None:
    """An agency's list comes a day late: a call nobody permitted, and what it makes of a call that was permitted."""
    stage.steps.title(
        "An agency's calls come a day late: a breach of its own, and one that nobody could know of",
        "外包机构的通话记录晚到一天：其自身违规，以及当时无人能知的违规",
    )
    one = stage.open_case(5, days_past_due=20)
    for number in (10, 12, 15):
        stage.go_to(f"11-04 {number}:00")
        permit = stage.may(one)
        stage.go_to(f"11-04 {number}:02")
        stage.called(one, f"late-{number}", f"11-04 {number}:01", "conversation", permit=permit["id"])
    stage.go_to("11-05 09:00")
    said = stage.called(one, "agency-1", "11-04 08:30", "conversation", source="AGENCY").said
    own = ", ".join(dict.fromkeys(found["rule"] for found in said["breach"])) or "–"
    stage.say(f"the late call itself: {own}", f"晚到的通话本身：{own}")
    for found in said["breaches_found"]:
        rules = ", ".join(found["rules"])
        stage.say(f"found late, a call under a permit: {rules}", f"事后发现，一通有许可的电话：{rules}")


def promised(stage: Stage) -> None:
    """A promise softens outreach, its breach brings it back, a plan stops it, and a plan in force refuses calls."""
    stage.steps.title(
        "A promise is broken and a plan agreed: outreach softens, goes on, and stops",
        "承诺未兑现，随后达成分期：外联先放缓，再恢复，最终停止",
    )
    one = stage.open_case(6, days_past_due=33)
    stage.post(f"/v1/cases/{one.case}/promises", {"amount": OWED, "due_on": "2026-11-06", "on": "2026-11-05"})
    stage.outreach_of(one, "SOFTENED")
    stage.go_to("11-12 10:00")
    stage.outreach_of(one, "RUNNING")
    _plan(stage, one)
    stage.outreach_of(one, "PAUSED")
    stage.may(one)


def _plan(stage: Stage, one: Debtor) -> None:
    quote = stage.post(
        f"/v1/cases/{one.case}/plan-quotes", {"total": OWED, "count": 3, "first_due": "2026-11-20"}
    )
    offered = stage.post(
        f"/v1/cases/{one.case}/plans", {"quote_id": quote.id, "affordability": "AFF-INVENTED-6"}
    )
    stage.post(f"/v1/plans/{offered.id}/acceptances", {"supplement": "DOC-INVENTED-6"}, deciding=one)


def _message(stage: Stage, one: Debtor, moment: str) -> dict[str, Any]:
    """The first message of outreach, once the provider has it."""
    stage.go_to(moment)
    sent: dict[str, Any] = stage.until(
        f"/v1/messages?subject={one.subject}",
        lambda said: bool(said["items"]) and said["items"][0]["status"] not in ("QUEUED", "SENDING"),
    )["items"][0]
    text = stage.gateway.text_of(sent["id"])
    if text:
        stage.steps.console.say(f"    ✉ {text}")
    return sent


def _delivered(stage: Stage, sent: dict[str, Any], kind: str, cause: str | None = None) -> None:
    """What the provider says became of it; an earlier run of the demo has heard it already."""
    if sent["status"] == "DISPATCHED":
        stage.gateway.reports(sent["id"], kind, cause)
    done = stage.until(f"/v1/messages/{sent['id']}", lambda said: said["status"] != "DISPATCHED")
    stage.say(f"the provider reports: {done['status']}", f"服务商报告：{done['status']}")
