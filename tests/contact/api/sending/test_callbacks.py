"""Callbacks of providers: signed, told late, twice, out of order or about nothing we know, and recorded once."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.contact.domain.facts.attempt import AttemptStarted
from services.contact.domain.facts.reply import ReplyReceived
from services.contact.domain.facts.standing import MediumOptedOut
from tests.contact.api.sending.called import NUMBER, PROVIDER, Called, called
from tests.contact.application.sending.room import meta, wanted
from tests.contact.stores import backends
from tests.kit.sms_gateway import SECRET

STRANGER = "whsec_" + b64encode(b"somebody else's secret, 32 bytes").decode()
UNKNOWN = "cat_" + "0" * 48


def _code(answer: Any) -> str:
    return str(answer.json()["code"])


def _led(answer: Any) -> list[str]:
    """The events it led to, without what is told to the other services of them."""
    return [name for name in answer.json()["events"] if name != "AttemptTold"]


@backends
async def test_a_report_is_recorded_once_however_often_it_is_told(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called(backend, tmp_path, request) as it:
        message = await it.sending("D-1")
        it.clock.advance(timedelta(seconds=3))
        first = await it.report(message)
        assert (first.status_code, first.json()["id"]) == (200, message)
        assert _led(first) == ["MessageDispatched", "DeliveryConfirmed"]
        assert (await it.state("D-1", message)).status == "DELIVERED"
        again = await it.report(message)
        assert (again.status_code, again.json()["events"]) == (200, [])
        assert (await it.names("D-1")).count("DeliveryConfirmed") == 1


async def test_reports_out_of_order_end_as_the_provider_saw_them(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        message = await it.sending("D-1")
        early = (it.clock.now() + timedelta(minutes=1)).isoformat()
        late = (it.clock.now() + timedelta(minutes=9)).isoformat()
        it.clock.advance(timedelta(days=2))
        assert (await it.report(message, "DELIVERED", "rcp_2", at=late)).status_code == 200
        told = await it.report(message, "FAILED", "rcp_1", at=early, cause="NO_COVERAGE")
        assert _led(told) == ["DeliveryFailed"]
        assert (await it.state("D-1", message)).status == "DELIVERED"


async def test_a_bounce_ends_the_number(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with called("sqlite", tmp_path, request) as it:
        message = await it.sending("D-1")
        told = await it.report(message, "BOUNCED", cause="NUMBER_CEASED", id="gw_1")
        assert _led(told) == ["MessageDispatched", "DeliveryFailed", "PointEnded"]


async def test_a_report_about_nothing_we_asked_this_provider_to_send_is_told_so(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        queued = await it.queued("D-1")
        other = await it.sending("D-2", "+8613912345679", provider="another-gateway")
        for key in (UNKNOWN, "cat_1", "no-key-of-ours", queued, other):
            answer = await it.report(key)
            assert (answer.status_code, _code(answer)) == (404, "message-unknown"), key
            assert key not in answer.text
        assert "DeliveryConfirmed" not in await it.names("D-2")


async def test_the_same_report_with_other_content_is_refused(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        message = await it.sending("D-1")
        assert (await it.report(message, "DELIVERED")).status_code == 200
        answer = await it.report(message, "BOUNCED")
        assert (answer.status_code, _code(answer)) == (422, "idempotency-key-reused")
        assert (await it.state("D-1", message)).status == "DELIVERED"


async def test_a_report_of_tomorrow_is_of_now(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with called("sqlite", tmp_path, request) as it:
        message = await it.sending("D-1")
        ahead = (it.clock.now() + timedelta(days=1)).isoformat()
        assert (await it.report(message, at=ahead)).status_code == 200
        [confirmed] = [e for e in await it.events("D-1") if type(e).__name__ == "DeliveryConfirmed"]
        assert confirmed.at == it.clock.now()


REPORT = {
    "type": "message.reported",
    "data": {"report": "r", "kind": "DELIVERED", "at": "2026-03-03T02:00:00Z"},
}


async def _refused(it: Called, document: Any, **how: Any) -> tuple[int, str, list[Any]]:
    answer = await it.call(f"/v1/delivery-receipts/{PROVIDER}", document, **how)
    said = answer.json()
    return answer.status_code, said["code"], said.get("errors", [])


async def test_what_is_not_signed_as_it_must_be_is_refused_before_it_is_read(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A mutated byte, an old time, a wrong key, no signature at all; and of nobody's content anything is said."""
    async with called("sqlite", tmp_path, request) as it:
        message = await it.sending("D-1")
        document = {"type": "message.reported", "data": {**REPORT["data"], "key": message}}  # type: ignore[dict-item]
        wrong = 401, "signature-refused", [{"parameter": "webhook-signature", "code": "WRONG"}]
        assert await _refused(it, document, secret=STRANGER) == wrong
        assert await _refused(it, b"not even json", secret=STRANGER) == wrong
        other = {"webhook-id": "cb_2"}
        assert await _refused(it, document, **other) == wrong
        old = str(int(it.clock.now().timestamp()) - 301)
        assert await _refused(it, document, **{"webhook-timestamp": old}) == wrong
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            status, code, [error] = await _refused(it, document, **{name: ""})
            assert (status, code, error["parameter"]) == (401, "signature-refused", name)
        bare = await it.http.post(f"/v1/delivery-receipts/{PROVIDER}", json=document)
        assert (bare.status_code, _code(bare)) == (401, "signature-refused")
        assert bare.headers["WWW-Authenticate"].startswith("Signature ")
        assert (await it.state("D-1", message)).status == "SENDING"


async def test_a_replayed_callback_is_refused_when_it_is_old_and_answered_when_it_is_not(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        message = await it.sending("D-1")
        taken = await it.report(message)
        copied, body = dict(taken.request.headers), taken.request.content
        it.clock.advance(timedelta(seconds=200))
        again = await it.http.post(taken.request.url.path, content=body, headers=copied)
        assert (again.status_code, again.json()["events"]) == (200, [])
        it.clock.advance(timedelta(seconds=101))
        late = await it.http.post(taken.request.url.path, content=body, headers=copied)
        assert late.status_code == 401
        assert late.json()["errors"] == [{"parameter": "webhook-timestamp", "code": "OUTSIDE_THE_WINDOW"}]
        assert (await it.names("D-1")).count("DeliveryConfirmed") == 1


NONSENSE: tuple[tuple[Any, int, str], ...] = (
    (b"", 400, "malformed-json"),
    (b"{", 400, "malformed-json"),
    (b'{"type":"message.reported","type":"x","data":{}}', 400, "malformed-json"),
    (b"[]", 422, "invalid"),
    ({"type": "message.reported"}, 422, "invalid"),
    ({"type": "message.received", "data": {}}, 422, "invalid"),
    ({**REPORT, "more": 1}, 422, "invalid"),
    (REPORT, 422, "invalid"),
    (b" " * 70_000, 413, "body-too-large"),
)
WRONG_FIELDS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"kind": "READ"}, "/data/kind"),
    ({"at": "yesterday"}, "/data/at"),
    ({"at": 7}, "/data/at"),
    ({"key": "a b"}, "/data/key"),
    ({"key": None}, "/data/key"),
    ({"cause": "no code <script>"}, "/data/cause"),
    ({"+8613912345678": 1}, "/data"),
)


async def test_a_signed_callback_that_says_nonsense_is_told_what_is_wrong(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        for document, status, code in NONSENSE:
            assert (await _refused(it, document))[:2] == (status, code), document


async def test_a_wrong_field_is_pointed_to_and_never_shown(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        for changed, place in WRONG_FIELDS:
            data = {**REPORT["data"], "key": UNKNOWN, **changed}  # type: ignore[dict-item]
            document = {"type": "message.reported", "data": data}
            answer = await it.call(f"/v1/delivery-receipts/{PROVIDER}", document)
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, place)
            assert NUMBER not in answer.text
            assert "script" not in answer.text


async def test_a_provider_that_is_not_configured_is_not_there(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        for provider in ("nobody", "SMS-GATEWAY", "%2e%2e", "x" * 41):
            answer = await it.call(f"/v1/delivery-receipts/{provider}", REPORT)
            assert answer.status_code in (404, 422), provider


@pytest.mark.parametrize(
    ("backend", "text"),
    [
        ("sqlite", "TD"),
        ("postgres", "退订"),
        ("sqlite", " stop! "),
        ("sqlite", "ＴＤ"),
        ("sqlite", "退订，谢谢"),
    ],
)
async def test_a_stop_word_ends_messages_to_that_number_at_once(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest, text: str
) -> None:
    async with called(backend, tmp_path, request) as it:
        message = await it.sending("D-1")
        answer = await it.write(text)
        assert answer.json()["recorded"] == 1
        assert _led(answer) == ["AttemptStarted", "ReplyReceived", "MediumOptedOut"]
        events = await it.events("D-1")
        [started] = [one for one in events if isinstance(one, AttemptStarted)]
        [out] = [one for one in events if isinstance(one, MediumOptedOut)]
        point = it.service.acts.point_id("phone", NUMBER)
        assert (started.direction, started.channel, started.point) == ("in", "sms", point)
        assert (out.point, out.channel, out.origin) == (point, "sms", "DEBTOR")
        assert (await it.write(text, at=started.at.isoformat())).json() == {"recorded": 1, "events": []}
        subject = it.service.acts.subject_id("D-1")
        next_one = await it.messages.order(subject, wanted("sms"), meta("after"))
        assert not next_one.queued
        confirmed = await it.messages.order(
            subject, wanted("sms", purpose="optout_confirmation", reply=True), meta("confirm")
        )
        assert confirmed.queued
        assert message != confirmed.message


async def test_any_other_answer_is_a_contact_whose_words_only_its_reader_sees(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    hostile = "I'll pay Friday\x00\x1b[31m <script>alert(1)</script> '; DROP TABLE ledger_event; --\u202e"
    async with called("sqlite", tmp_path, request) as it:
        await it.sending("D-1")
        answer = await it.write(hostile)
        assert _led(answer) == ["AttemptStarted", "ReplyReceived"]
        assert "Friday" not in answer.text
        [said] = [one for one in await it.events("D-1") if isinstance(one, ReplyReceived)]
        assert said.meaning == "OTHER"
        assert "Friday" in said.text
        assert "\x00" not in said.text
        assert "\x1b" not in said.text
        stored = (tmp_path / "contact.db").read_bytes() + (tmp_path / "contact.db-wal").read_bytes()
        assert b"Friday" not in stored
        assert NUMBER.encode() not in stored


async def test_a_shared_number_stops_for_everybody_and_answers_whoever_was_written_to_last(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.sending("D-1")
        it.clock.advance(timedelta(minutes=1))
        await it.sending("D-2")
        assert (await it.write("我会还款", ref="in_1")).json()["recorded"] == 1
        assert "ReplyReceived" not in await it.names("D-1")
        assert "ReplyReceived" in await it.names("D-2")
        assert (await it.write("TD", ref="in_2")).json()["recorded"] == 2
        assert "MediumOptedOut" in await it.names("D-1")
        assert "MediumOptedOut" in await it.names("D-2")


async def test_a_number_nobody_has_is_answered_and_nothing_is_recorded(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        await it.sending("D-1")
        for number in ("+8613900000000", "not a number", "10690001"):
            answer = await it.write("TD", number, ref=f"in_{number[:3].strip('+ ')}")
            assert (answer.status_code, answer.json()) == (200, {"recorded": 0, "events": []}), number


async def test_the_number_of_a_guarantor_answers_for_the_guarantor(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with called("sqlite", tmp_path, request) as it:
        person = it.service.acts.person_id("P-1")
        await it.debtor("D-1", person=person)
        await it.write("TD")
        [started] = [one for one in await it.events("D-1") if isinstance(one, AttemptStarted)]
        [out] = [one for one in await it.events("D-1") if isinstance(one, MediumOptedOut)]
        assert (started.person, out.person) == (person, person)


async def test_the_document_says_how_to_sign(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    async with called("sqlite", tmp_path, request) as it:
        document = (await it.http.get("/openapi.json")).json()
        for path, type_ in (
            ("/v1/delivery-receipts/{provider}", "message.reported"),
            ("/v1/inbound-messages/{provider}", "message.received"),
        ):
            operation = document["paths"][path]["post"]
            assert operation["security"] == []
            headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
            assert headers == {"webhook-id", "webhook-timestamp", "webhook-signature"}
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            assert schema["properties"]["type"] == {"const": type_}
            assert "401" in operation["responses"]
        assert SECRET[6:] not in str(document)
