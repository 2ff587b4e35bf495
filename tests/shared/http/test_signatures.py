"""Signed requests and callbacks, against the examples their own specifications publish."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http import signed_callbacks, signed_requests
from shared.http.signed_requests import Outgoing
from shared.http.signing_keys import KeyUnreadable, PrivateKey, SharedSecret, checking_key, signing_key

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SECRET = "whsec_" + b64encode(bytes(range(32))).decode()
PRIVATE = "whsk_" + b64encode(bytes(range(32, 64))).decode()
BODY = b'{"key":"cat_1"}'


def _public() -> str:
    pair = signing_key(PRIVATE)
    assert isinstance(pair, PrivateKey)
    return "whpk_" + b64encode(pair.public.raw).decode()


KEYS = pytest.mark.parametrize(("signs", "checks"), [(SECRET, SECRET), (PRIVATE, _public())])


def test_the_requests_of_rfc_9421_have_the_signatures_printed_there() -> None:
    """Appendices B.2.5 and B.2.6."""
    request = Outgoing(
        "POST",
        "https://example.com/foo?param=Value&Pet=dog",
        {"date": "Tue, 20 Apr 2021 02:07:55 GMT", "content-type": "application/json", "content-length": "18"},
    )
    secret = b64decode(
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
    )
    parameters = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
    base = signed_requests.signature_base(request, ("date", "@authority", "content-type"), parameters)
    assert b64encode(SharedSecret(secret).sign(base)) == b"pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="
    seed = b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF")[-32:]
    names = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    listed = " ".join(f'"{name}"' for name in names)
    base = signed_requests.signature_base(
        request, names, f'({listed});created=1618884473;keyid="test-key-ed25519"'
    )
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert b64encode(PrivateKey(seed).sign(base)).decode() == expected


def test_the_callback_of_standard_webhooks_has_the_signature_its_libraries_test_with() -> None:
    headers = signed_callbacks.signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        now=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def _request(key: str, **changed: str) -> Outgoing:
    headers = {"content-digest": signed_requests.content_digest(BODY), "idempotency-key": "cat_1"}
    plain = Outgoing("POST", "http://127.0.0.1:9000/messages", headers)
    made = signed_requests.sign(
        plain, signing_key(key), now=NOW, headers=("content-digest", "idempotency-key")
    )
    return replace(plain, headers=headers | made | changed)


def _ok(request: Outgoing, checks: str, *, now: datetime = NOW, body: bytes = BODY) -> bool:
    return signed_requests.verified(
        request, checking_key(checks), now=now, headers=("content-digest", "idempotency-key"), body=body
    )


@KEYS
def test_a_signed_request_is_its_signers_and_nothing_of_it_can_be_changed(signs: str, checks: str) -> None:
    request = _request(signs)
    assert _ok(request, checks)
    assert not _ok(replace(request, method="PUT"), checks)
    assert not _ok(replace(request, url="http://127.0.0.1:9000/messages?x=1"), checks)
    assert not _ok(replace(request, url="http://127.0.0.1:9000/message"), checks)
    assert not _ok(replace(request, url="http://127.0.0.2:9000/messages"), checks)
    assert not _ok(_request(signs, **{"idempotency-key": "cat_2"}), checks)
    assert not _ok(request, checks, body=b'{"key":"cat_2"}')
    assert not _ok(request, checks, now=NOW + timedelta(seconds=301))
    assert not _ok(request, checks, now=NOW - timedelta(seconds=301))
    assert not _ok(request, "whsec_" + b64encode(b"k" * 32).decode())


@pytest.mark.parametrize("wrong", ["", "quittance=", "quittance=()", 'other=("@method");created=1', "\x00"])
def test_what_is_no_signature_is_refused(wrong: str) -> None:
    assert not _ok(_request(SECRET, **{"signature-input": wrong}), SECRET)
    assert not _ok(_request(SECRET, signature=wrong), SECRET)
    assert not _ok(_request(SECRET, signature="quittance=:*:"), SECRET)


@KEYS
def test_a_callback_is_its_signers(signs: str, checks: str) -> None:
    headers = signed_callbacks.signed("rcp_1", BODY, signing_key(signs), now=NOW)
    keys = [checking_key(SECRET), checking_key(checks)]
    assert signed_callbacks.refused_because(headers, BODY, keys, now=NOW) is None
    two = headers | {"webhook-signature": "v1,bm9wZQ== " + headers["webhook-signature"]}
    assert signed_callbacks.refused_because(two, BODY, keys, now=NOW) is None


@given(at=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_one_changed_byte_of_a_callback_is_enough(at: int, flip: int) -> None:
    headers = signed_callbacks.signed("rcp_1", BODY, signing_key(SECRET), now=NOW)
    mutated = BODY[:at] + bytes([BODY[at] ^ flip]) + BODY[at + 1 :]
    keys = [checking_key(SECRET)]
    refused = signed_callbacks.refused_because(headers, mutated, keys, now=NOW)
    assert refused == ("webhook-signature", "WRONG")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"webhook-id": ""}, ("webhook-id", "MALFORMED")),
        ({"webhook-id": "a b"}, ("webhook-id", "MALFORMED")),
        ({"webhook-id": "rcp_2"}, ("webhook-signature", "WRONG")),
        ({"webhook-timestamp": "soon"}, ("webhook-timestamp", "MALFORMED")),
        ({"webhook-timestamp": "1"}, ("webhook-signature", "WRONG")),
        ({"webhook-signature": ""}, ("webhook-signature", "WRONG")),
        ({"webhook-signature": "v1,*"}, ("webhook-signature", "WRONG")),
        ({"webhook-signature": "v1a,AAAA"}, ("webhook-signature", "WRONG")),
    ],
)
def test_a_callback_with_a_changed_header_is_refused(changed: dict[str, str], why: tuple[str, str]) -> None:
    headers = signed_callbacks.signed("rcp_1", BODY, signing_key(SECRET), now=NOW) | changed
    assert signed_callbacks.refused_because(headers, BODY, [checking_key(SECRET)], now=NOW) == why


@pytest.mark.parametrize("away", [timedelta(seconds=301), timedelta(seconds=-301)])
def test_a_callback_outside_the_window_of_time_is_refused(away: timedelta) -> None:
    headers = signed_callbacks.signed("rcp_1", BODY, signing_key(SECRET), now=NOW)
    refused = signed_callbacks.refused_because(headers, BODY, [checking_key(SECRET)], now=NOW + away)
    assert refused == ("webhook-timestamp", "OUTSIDE_THE_WINDOW")


@pytest.mark.parametrize(
    "text", ["", "secret", "whsec_", "whsec_AAAA", "whsec_***", "whsk_AAAA", "whpk_AAAA"]
)
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    for read in (signing_key, checking_key):
        with pytest.raises(KeyUnreadable) as refused:
            read(text)
        assert len(text) < 7 or text not in str(refused.value)
    assert SECRET[6:] not in repr(signing_key(SECRET))
    assert PRIVATE[5:] not in repr(signing_key(PRIVATE))
