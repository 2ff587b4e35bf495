"""What holds for every act on a thing of a case, at the thing's own address."""

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest

from tests.case.api.acts import Acted, cny, refused, second_person
from tests.kit.served import Served

OPERATOR = {"principal": "900.00", "currency": "CNY"}


class Course(NamedTuple):
    """How the thing comes about, what is then done to it, and how."""

    made: Callable[[Acted], str]
    sent: dict[str, Any]
    other: dict[str, Any]
    """Another body that is as good."""
    match: str | None = None
    second: bool = False
    """By another person than the one who made it."""


def _promise(case: Acted) -> str:
    return case.done("/promises", amount=cny("500.00"), due_on=case.day(5))["id"]


def _plan(case: Acted) -> str:
    quote = case.done("/plan-quotes", total=cny("900.00"), count=3, first_due=case.day(20))["id"]
    return case.done("/plans", quote_id=quote, affordability="AFF-1")["id"]


def _running(case: Acted) -> str:
    plan = _plan(case)
    case.done(f"/v1/plans/{plan}/acceptances", match="now", supplement="DOC-1")
    return plan


def _of(path: str, **sent: Any) -> Callable[[Acted], str]:
    return lambda case: case.done(path, match="now", **sent)["id"]


def _waiver(case: Acted) -> str:
    return case.done("/waivers", account=case.account, amounts=OPERATOR, reason="GOODWILL")["id"]


def _settlement(case: Acted) -> str:
    return case.done("/settlements", amount=cny("100.00"), pay_by=case.day(5))["id"]


def _decided(case: Acted) -> str:
    dispute = case.done("/disputes", scope="DEBT")["id"]
    case.done(f"/v1/disputes/{dispute}/resolutions", match="now", outcome="REJECTED")
    return dispute


def _recalled(case: Acted) -> str:
    placement = _placed(case)
    case.done(f"/v1/placements/{placement}/recalls", reason="DISPUTE")
    return placement


def _placed(case: Acted) -> str:
    sent = {"agency": "AGENCY-9", "until": case.day(90), "evaluated_on": case.day(-9)}
    return case.done("/placements", match="now", **sent)["id"]


def _granted(case: Acted) -> str:
    claim = case.done("/hardship-claims", cause="ILLNESS")["id"]
    relief = {"until": case.day(30), "measures": ["GRACE"], "ageing": "RUN"}
    case.done(f"/v1/hardship-claims/{claim}/grants", match="now", **relief)
    return claim


WHY, WHY_ELSE = {"reason": "DEBTOR_ASKED"}, {"reason": "OTHER"}
YESTERDAY = {"on": "2026-01-01"}
COURSES = {
    "promises/{}/cancellations": Course(_promise, WHY, WHY_ELSE),
    "promises/{}/amendments": Course(
        _promise,
        {"amount": cny("400.00"), "due_on": "$soon"},
        {"amount": cny("401.00"), "due_on": "$soon"},
        match="now",
    ),
    "plans/{}/acceptances": Course(_plan, {"supplement": "DOC-1"}, {"supplement": "DOC-2"}, match="now"),
    "plans/{}/terminations": Course(_running, WHY, WHY_ELSE),
    "holds/{}/releases": Course(_of("/holds", kind="CEASE", reason="ASKED"), WHY, WHY_ELSE),
    "hardship-claims/{}/grants": Course(
        _of("/hardship-claims", cause="ILLNESS"),
        {"until": "$soon", "measures": ["GRACE"], "ageing": "RUN"},
        {"until": "$soon", "measures": ["GRACE"], "ageing": "FREEZE"},
        match="now",
    ),
    "hardship-claims/{}/refusals": Course(
        _of("/hardship-claims", cause="ILLNESS"), WHY, WHY_ELSE, match="now"
    ),
    "hardship-claims/{}/ends": Course(_granted, WHY, WHY_ELSE),
    "disputes/{}/acknowledgements": Course(_of("/disputes", scope="DEBT"), {}, YESTERDAY),
    "disputes/{}/resolutions": Course(
        _of("/disputes", scope="DEBT"), {"outcome": "REJECTED"}, {"outcome": "WITHDRAWN"}, match="now"
    ),
    "disputes/{}/reopenings": Course(_decided, {"material": "DOC-1"}, {"material": "DOC-2"}, match="now"),
    "complaints/{}/answers": Course(
        _of("/complaints", kind="CONDUCT"), {"finding": "BREACH"}, {"finding": "NO_BREACH"}, match="now"
    ),
    "complaints/{}/escalations": Course(
        _of("/complaints", kind="CONDUCT"), {"to": "OMBUDSMAN"}, {"to": "COURT"}
    ),
    "settlements/{}/approvals": Course(_settlement, {}, YESTERDAY, match="now", second=True),
    "settlements/{}/rejections": Course(_settlement, WHY, WHY_ELSE, match="now", second=True),
    "waivers/{}/approvals": Course(_waiver, {}, YESTERDAY, match="now", second=True),
    "waivers/{}/rejections": Course(_waiver, WHY, WHY_ELSE, match="now", second=True),
    "write-offs/{}/approvals": Course(
        _of("/write-offs", reason="LOST"), {}, YESTERDAY, match="now", second=True
    ),
    "write-offs/{}/rejections": Course(
        _of("/write-offs", reason="LOST"), WHY, WHY_ELSE, match="now", second=True
    ),
    "charge-offs/{}/reversals": Course(_of("/charge-offs", amount=cny("5.00")), WHY, WHY_ELSE, match="now"),
    "placements/{}/recalls": Course(_placed, WHY, WHY_ELSE),
    "placements/{}/confirmations": Course(_recalled, {}, YESTERDAY),
    "legal-referrals/{}/ends": Course(
        _of("/legal-referrals", reason="NO_OTHER_WAY"), {"outcome": "JUDGMENT"}, {"outcome": "RETURNED"}
    ),
    "payments/{}/reversals": Course(
        _of("/payments", amount=cny("5.00"), channel="CARD"), {"reason": "NO_FUNDS"}, WHY_ELSE
    ),
    "deaths/{}/retractions": Course(_of("/deaths"), WHY, WHY_ELSE, match="now"),
    "incapacities/{}/retractions": Course(_of("/incapacities"), WHY, WHY_ELSE, match="now"),
}
FACTS = (
    "disputes/{}/acknowledgements", "disputes/{}/resolutions", "disputes/{}/reopenings", "complaints/{}/answers",
    "complaints/{}/escalations", "charge-offs/{}/reversals", "legal-referrals/{}/ends", "payments/{}/reversals",
    "placements/{}/confirmations", "deaths/{}/retractions", "incapacities/{}/retractions",
)  # fmt: skip
"""What a closed case still takes."""


class Done(NamedTuple):
    """A case with a thing, ready for the act."""

    case: Acted
    course: Course
    path: str
    token: dict[str, str] | None

    def go(self, *, other: bool = False, path: str | None = None, **more: Any) -> httpx.Response:
        sent = self.course.other if other else self.course.sent
        filled = {name: self.case.day(9) if value == "$soon" else value for name, value in sent.items()}
        asked: dict[str, Any] = {"match": self.course.match, "token": self.token} | more
        return self.case.post(path or self.path, **asked, **filled)


def ready(server: Served, name: str) -> Done:
    """The thing is made; the act is to come."""
    case, course = Acted(server.http).open("5000.00"), COURSES[name]
    thing = course.made(case)
    return Done(case, course, f"/v1/{name.format(thing)}", second_person(server) if course.second else None)


@pytest.mark.parametrize("name", COURSES)
def test_an_act_is_done_once_and_answered_the_same(server: Served, name: str) -> None:
    done = ready(server, name)
    first = done.go(key="once")
    assert first.status_code == 201, first.text
    again = done.go(key="once")
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    assert done.case.etag == first.headers["ETag"]
    assert refused(done.go(key="once", other=True)) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("name", COURSES)
def test_a_dry_run_says_and_does_nothing(server: Served, name: str) -> None:
    done = ready(server, name)
    before = done.case.etag
    said = done.go(prefer="dry-run")
    assert (said.status_code, said.json()["dry_run"]) == (200, True), said.text
    assert said.json()["events"]
    assert done.case.etag == before


@pytest.mark.parametrize("name", COURSES)
def test_it_needs_the_scope_the_version_and_its_own_id(server: Served, name: str) -> None:
    done = ready(server, name)
    reader = done.go(token=server.token("case:read", "feed:read"))
    assert refused(reader) == (403, "insufficient-scope")
    if done.course.match:
        assert refused(done.go(match=None)) == (428, "precondition-required")
        stale = done.go(match='"v1"')
        assert refused(stale) == (412, "version-conflict")
    thing = done.path.split("/")[3]
    elsewhere = thing[:4] + "0" * 12 + "8" + "0" * 3 + "8" + "0" * 15 + thing[-16:]
    for wrong in ("xxx" + thing[3:], thing[:-1], thing + "0", elsewhere, thing.upper()):
        answer = done.go(path=done.path.replace(thing, wrong), match='"v1"' if done.course.match else None)
        assert refused(answer) == (404, "not-found"), wrong
    nothing = done.go(path=done.path.replace(thing, done.case.none(thing[:3])))
    assert nothing.status_code in {404, 409}, nothing.text
    assert nothing.json()["code"] == "not-awaiting-approval" if nothing.status_code == 409 else True
    unknown = done.go(canary="4111-1111")
    assert refused(unknown) == (422, "invalid")
    assert "4111-1111" not in unknown.text


@pytest.mark.parametrize("name", COURSES)
def test_a_closed_case_takes_facts_and_nothing_else(server: Served, name: str) -> None:
    done = ready(server, name)
    done.case.done("/closures", match="now", reason="ENTERED_IN_ERROR")
    answer = done.go()
    if name in FACTS:
        assert answer.status_code == 201, answer.text
    else:
        assert refused(answer) == (409, "case-not-open")
