"""The development issuer: a key pair of the owner's alone, made once, and tokens that count only under it."""

import json
from pathlib import Path

import pytest

from shared.http.access import SCOPES
from shared.http.development_issuer import ISSUER, DevelopmentIssuer
from shared.http.issuer_keys import KeysUnavailable
from shared.http.problems import Problem
from shared.http.tokens import TokenChecker
from shared.kernel.clock import FixedClock
from tests.kit.tokens import NOON

CLOCK = FixedClock(NOON)


def _checker(issuer: DevelopmentIssuer) -> TokenChecker:
    return TokenChecker(issuer=ISSUER, audience="quittance", keys=issuer.keys(), clock=CLOCK)


async def test_the_key_pair_is_made_once_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "store" / "issuer.json"
    first, second = DevelopmentIssuer.open(file), DevelopmentIssuer.open(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["issuer.json"]
    token = first.token(audience="quittance", tenant="default", clock=CLOCK)
    caller = await _checker(second).caller(token)
    assert caller.scopes == set(SCOPES)


async def test_another_stores_issuer_makes_no_token_for_this_one(tmp_path: Path) -> None:
    ours, other = (DevelopmentIssuer.open(tmp_path / name) for name in ("a.json", "b.json"))
    with pytest.raises(Problem):
        await _checker(ours).caller(other.token(audience="quittance", tenant="default", clock=CLOCK))


async def test_a_token_has_the_scopes_and_life_it_was_made_with(tmp_path: Path) -> None:
    issuer = DevelopmentIssuer.open(tmp_path / "a.json")
    few = issuer.token(
        audience="quittance", tenant="default", clock=CLOCK, scopes=["case:read"], client="dialer"
    )
    caller = await _checker(issuer).caller(few)
    assert (caller.client, caller.scopes) == ("dialer", {"case:read"})
    with pytest.raises(Problem):
        await _checker(issuer).caller(
            issuer.token(audience="quittance", tenant="default", clock=CLOCK, life_s=-3600)
        )


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_a_file_without_a_key_pair_is_said_so(tmp_path: Path, content: str) -> None:
    file = tmp_path / "issuer.json"
    file.write_text(content)
    with pytest.raises(KeysUnavailable):
        DevelopmentIssuer.open(file)


def test_public_keys_are_no_key_pair(tmp_path: Path) -> None:
    file = tmp_path / "issuer.json"
    DevelopmentIssuer.open(file)
    key = json.loads(file.read_text())
    file.write_text(json.dumps({name: value for name, value in key.items() if name != "d"}))
    with pytest.raises(KeysUnavailable):
        DevelopmentIssuer.open(file)
