"""The issuer's public keys: from a file, or fetched, kept, renewed when a token names an unknown one, and bounded."""

import json
from pathlib import Path

import httpx
import pytest

from shared.http import issuer_keys
from shared.http.issuer_keys import FetchedKeys, FixedKeys, KeysUnavailable, from_file, is_address
from shared.http.problems import Problem
from shared.http.tokens import TokenChecker
from tests.kit.tokens import AUDIENCE, ISSUER, Issuing

ADDRESS = "https://issuer.example/keys"


class Answers(httpx.AsyncBaseTransport):
    """An issuer's address that answers what it is told to, and counts."""

    def __init__(self, *contents: bytes | None) -> None:
        self.contents, self.asked = list(contents), 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        content = self.contents.pop(0) if len(self.contents) > 1 else self.contents[0]
        if content is None:
            raise httpx.ConnectError("down")
        return httpx.Response(200, content=content)


def _jwks() -> bytes:
    return json.dumps(Issuing().jwks).encode()


async def test_keys_come_from_a_file_and_private_parts_stay_out(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(_jwks())
    keys = await from_file(file).keys()
    assert {key.kid for key in keys} == {"ES256", "RS256", "PS256", "Ed25519", "EdDSA"}
    secret = {"kty": "oct", "kid": "s", "k": "c2VjcmV0"}
    assert {key.kid for key in await FixedKeys({"keys": [*Issuing().jwks["keys"], secret]}).keys()} == {
        key.kid for key in keys
    }


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"keys": []}', b'{"keys": [{"kty": "oct"}]}', b"\xff"]
)
async def test_a_file_without_keys_is_said_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(content)
    with pytest.raises(KeysUnavailable):
        from_file(file)


def test_keys_are_fetched_over_https_or_from_the_loopback() -> None:
    assert is_address(ADDRESS)
    assert is_address("http://127.0.0.1:9000/keys")
    for refused in (
        "http://issuer.example/keys",
        "file:///etc/passwd",
        "keys.json",
        "https://",
        "http://169.254.0.1/",
    ):
        assert not is_address(refused)
    with pytest.raises(ValueError, match="https"):
        FetchedKeys("http://issuer.example/keys")


async def test_keys_are_fetched_once_and_again_for_an_unknown_one(monkeypatch: pytest.MonkeyPatch) -> None:
    issuing, one = Issuing(), {"keys": [Issuing().jwks["keys"][0]]}
    answers = Answers(json.dumps(one).encode(), _jwks())
    keys = FetchedKeys(ADDRESS, transport=answers)
    checker = TokenChecker(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=issuing.clock)
    known = one["keys"][0]["kid"]
    assert await checker.caller(issuing.token(alg=known))
    assert answers.asked == 1
    with pytest.raises(Problem):  # asked a moment ago: not again for each token with an invented key
        await checker.caller(issuing.token(alg="Ed25519" if known != "Ed25519" else "ES256"))
    assert answers.asked == 1
    monkeypatch.setattr(issuer_keys, "RETRY_S", 0.0)
    assert await checker.caller(issuing.token(alg="Ed25519" if known != "Ed25519" else "ES256"))
    assert answers.asked == 2


async def test_without_keys_the_caller_may_come_again_and_known_keys_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    issuing = Issuing()
    monkeypatch.setattr(issuer_keys, "RETRY_S", 0.0)
    monkeypatch.setattr(issuer_keys, "FRESH_S", 0.0)
    answers = Answers(None, b"not json", b"x" * (issuer_keys.BYTES_MAX + 1), _jwks(), None)
    keys = FetchedKeys(ADDRESS, transport=answers)
    checker = TokenChecker(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=issuing.clock)
    for _ in range(3):
        with pytest.raises(Problem) as down:
            await checker.caller(issuing.token())
        assert down.value.kind.code == "temporary-reduced-capacity"
    assert await checker.caller(issuing.token())
    assert await checker.caller(issuing.token(jti="2")), "the address is down; the keys are still good"
