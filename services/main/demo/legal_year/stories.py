"""What happens at law: one debtor is sued in time, one would be sued too late."""

from typing import Any

from services.main.demo.counter import SUPERVISOR
from services.main.demo.department import must
from services.main.demo.stage import Debtor, Stage

OWED: dict[str, Any] = {"amount": "900.00", "currency": "CNY"}
PART: dict[str, Any] = {"amount": "300.00", "currency": "CNY"}
SUIT: dict[str, Any] = {
    "procedure": "SUMMARY", "court": "SH-PUDONG", "cause": "CARD_DEBT", "amount": OWED,
}  # fmt: skip
PAPER = "6f3a0c51" * 8
"""The hash of a paper that stands for any in these stories."""


def to_judgment(stage: Stage) -> None:
    """A text arrives, a promise is broken, a part is paid, the case is sued and judged: each restarts or holds."""
    one = _restarted(stage)
    at, party = _referred(stage, one)
    track = _filed(stage, at, party)
    stage.go_to("02-06 10:00")
    _step(stage, at, track, "SUIT_ACCEPTED", case_no="（2026）虚构民初1号")
    _step(stage, at, track, "COURT_FEE_PAID", fee={"amount": "25.00", "currency": "CNY"})
    _step(stage, at, track, "SUIT_SERVED", kind="DIRECT")
    _step(stage, at, track, "HEARING_SET", hearing_on="2026-03-12")
    must(stage.steps.run("legal", "diary", "--from", "2026-02-06", "--until", "2026-07-01"))
    _chain(stage, one, "IN_PROCEDURE", kinds=5)
    _judged(stage, one, at, track)


def _restarted(stage: Stage) -> Debtor:
    """A text, a promise, a part payment."""
    stage.steps.title(
        "A reminder is delivered, a promise broken, a part paid: each restarts limitation, on its own proof",
        "短信送达、承诺未兑现、部分还款：各自凭证据中断时效",
    )
    one = stage.open_case(1, days_past_due=5, on="2026-01-05")
    _texted(stage, one)
    stage.go_to("01-08 10:00")
    stage.post(f"/v1/cases/{one.case}/promises", {"amount": OWED, "due_on": "2026-01-15"})
    stage.go_to("01-20 10:00")
    stage.post(f"/v1/cases/{one.case}/payments", {"amount": PART, "channel": "BANK_TRANSFER"})
    _chain(stage, one, "CALENDAR_MISSING", kinds=4)
    return one


def _referred(stage: Stage, one: Debtor) -> tuple[str, str]:
    """The matter's path, and the party it is against."""
    stage.steps.title(
        "The case is referred: a matter opens, a firm is given it, the claim is the balance as it is known",
        "案件移交法务：开立法务事项、委托律所，诉请金额取自当时已知的余额",
    )
    stage.go_to("02-02 10:00")
    stage.post(f"/v1/cases/{one.case}/legal-referrals", {"reason": "PROMISE_BROKEN"}, deciding=one)
    found = stage.until(f"/v1/legal-matters?case={one.case}", lambda said: bool(said["items"]))
    at = f"/v1/legal-matters/{found['items'][0]['id']}"
    known = stage.until(f"/v1/cases/{one.case}/limitation", lambda said: bool(said["claims"]))
    party = stage.post(f"{at}/parties", {"role": "DEBTOR"}).id
    stage.post(f"{at}/claims", {"debt": known["claims"][0]["debt"]})
    stage.post(f"{at}/documents", {"kind": "MANDATE", "sha256": PAPER})
    stage.post(f"{at}/placements", {"firm": "FIRM-9", "licence": "31110000E00017891X", "mandate": PAPER})
    return at, party


def _filed(stage: Stage, at: str, party: str) -> str:
    """The suit, filed; its track."""
    stage.steps.title(
        "Assessed by one, approved by another, filed: the clock stands while the court has it",
        "一人评估、另一人批准后起诉：法院审理期间时效中断",
    )
    begun = {"step": "SUIT_ASSESSED", "against": [party], **SUIT}
    track = str(stage.post(f"{at}/steps", begun).said["track"])
    _step(stage, at, track, "SUIT_APPROVED", by=SUPERVISOR)
    _step(stage, at, track, "SUIT_FILED", amount=OWED)
    return track


def _judged(stage: Stage, one: Debtor, at: str, track: str) -> None:
    stage.steps.title(
        "Judged and served: fifteen days to appeal, then it is in force by itself",
        "判决并送达：十五日上诉期满即自动生效",
    )
    stage.go_to("03-12 16:00")
    _step(stage, at, track, "SUIT_HEARD", outcome="HEARD")
    stage.go_to("04-09 10:00")
    won: dict[str, Any] = {"outcome": "WON", "amount": OWED, "perform_days": 10, "limitation_upheld": False}
    _step(stage, at, track, "JUDGMENT_ISSUED", **won)
    stage.go_to("04-20 10:00")
    _step(stage, at, track, "JUDGMENT_SERVED", kind="DIRECT")
    stage.go_to("05-08 10:00")
    stage.until(at, lambda said: said["tracks"][0]["status"] == "EFFECTIVE")
    stage.go_to("05-20 10:00")
    must(stage.steps.run("legal", "show", at.rpartition("/")[2]))
    must(stage.steps.run("legal", "limitation", one.case))


def out_of_time(stage: Stage) -> None:
    """A debt that fell due more than three years ago: suing on it is refused, and the refusal is on record."""
    stage.steps.title(
        "A claim that came too late: suing is refused by the rule, and the refusal is on record",
        "超过时效的债权：依规则不得起诉，且该拒绝已记录在案",
    )
    two = stage.open_case(2, days_past_due=1_300, on="2026-05-20")
    stage.until(f"/v1/cases/{two.case}/limitation", lambda said: bool(said["claims"]))
    matter = stage.post("/v1/legal-matters", {"case": two.case, "reason": "OLD_DEBT"}).id
    at = f"/v1/legal-matters/{matter}"
    track = str(stage.post(f"{at}/steps", {"step": "SUIT_ASSESSED", **SUIT}).said["track"])
    _step(stage, at, track, "SUIT_APPROVED", by=SUPERVISOR)
    stage.refused(f"{at}/steps", {"step": "SUIT_FILED", "track": track, "amount": OWED})
    must(stage.steps.run("legal", "limitation", two.case))


def _step(stage: Stage, at: str, track: str, step: str, *, by: str | None = None, **said: Any) -> None:
    """Report a step of a track, and tell where the track stands."""
    body = {"step": step, "track": track, **said}
    found = (stage.post(f"{at}/steps", body) if by is None else stage.post(f"{at}/steps", body, by=by)).said
    status = found.get("status")
    if status:
        stage.say(f"→ {status}", f"→ {status}")


def _texted(stage: Stage, one: Debtor) -> None:
    """The first text of outreach goes out and arrives."""
    stage.go_to("01-05 10:02")
    sent = stage.until(
        f"/v1/messages?subject={one.subject}",
        lambda said: bool(said["items"]) and said["items"][0]["status"] not in ("QUEUED", "SENDING"),
    )["items"][0]
    if sent["status"] == "DISPATCHED":
        stage.gateway.reports(sent["id"], "DELIVERED")
    stage.until(f"/v1/messages/{sent['id']}", lambda said: said["status"] != "DISPATCHED")


def _chain(stage: Stage, one: Debtor, state: str, *, kinds: int) -> None:
    """The limitation of the case, once all of that is heard."""

    def heard(said: dict[str, Any]) -> bool:
        claims = said["claims"]
        return bool(claims) and claims[0]["state"] == state and len(claims[0]["chain"]) >= kinds

    stage.until(f"/v1/cases/{one.case}/limitation", lambda said: stage.again or heard(said))
    must(stage.steps.run("legal", "limitation", one.case))
