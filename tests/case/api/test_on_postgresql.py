"""One life over HTTP on PostgreSQL with eight lanes: the same answers, ids and refusals as on the embedded store."""

from pathlib import Path

from tests.case.api.acts import Acted, cny, refused, second_person
from tests.case.api.declared import checked
from tests.kit.command import command_in
from tests.kit.served import Served, served


def test_the_same_over_postgresql_with_eight_lanes(tmp_path: Path, pg_dsn: str) -> None:
    quittance = command_in(tmp_path, QUITTANCE_STORE=pg_dsn, QUITTANCE_LOG="error")
    with served(quittance) as running:
        document = running.http.get("/openapi.json").json()
        running.http.event_hooks = {"response": [checked(document)]}
        _life(running)
        _keys(running)


def _life(server: Served) -> None:
    case = Acted(server.http).open("2000.00")
    promise = case.done("/promises", amount=cny("500.00"), due_on=case.day(5))["id"]
    case.done(f"/v1/promises/{promise}/amendments", match="now", amount=cny("300.00"), due_on=case.day(7))
    paid = case.done("/payments", amount=cny("300.00"), channel="CARD")
    assert "PromiseKept" in paid["events"]
    assert "PromiseReopened" in case.done(f"/v1/payments/{paid['id']}/reversals", reason="NO_FUNDS")["events"]
    quote = case.done("/plan-quotes", total=cny("1000.00"), count=3, first_due=case.day(20))["id"]
    plan = case.done("/plans", quote_id=quote, affordability="AFF-1")["id"]
    signed = case.post(f"/v1/plans/{plan}/acceptances", match="now", supplement="DOC-1")
    assert (signed.status_code, signed.headers["Location"]) == (201, f"/v1/plans/{plan}")
    case.done(f"/v1/plans/{plan}/terminations", reason="DEBTOR_ASKED")
    dispute = case.done("/disputes", scope="DEBT")["id"]
    case.done(f"/v1/disputes/{dispute}/acknowledgements")
    case.done(f"/v1/disputes/{dispute}/resolutions", match="now", outcome="REJECTED")
    waiver = case.done(
        "/waivers",
        account=case.account,
        amounts={"principal": "900.00", "currency": "CNY"},
        reason="GOODWILL",
    )["id"]
    case.done(f"/v1/waivers/{waiver}/approvals", match="now", token=second_person(server))
    assert case.get("/balance")["owed"]["total"] == cny("1100.00")
    stream = case.get("/events", limit="200")["items"]
    assert [item["version"] for item in stream] == list(range(1, len(stream) + 1))
    first = server.http.get(f"/v1/cases/{case.case_id}/events", params={"limit": 3}).json()
    following = case.get("/events", limit="200", cursor=first["page"]["next"])
    assert first["items"] + following["items"] == stream


def _keys(server: Served) -> None:
    """A key that opened one debtor's case opens no other's, whatever lane that one is in."""
    sent = {"account_ref": "A-1", "arrears": cny("5.00"), "days_past_due": 1}
    nobody = Acted(server.http)
    first = nobody.post("", key="opens-one", debtor_ref="K-0", **sent)
    assert first.status_code == 201
    for number in range(1, 12):
        other = nobody.post("", key="opens-one", debtor_ref=f"K-{number}", **sent)
        assert refused(other) == (422, "idempotency-key-reused")
    again = nobody.post("", key="opens-one", debtor_ref="K-0", **sent)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
