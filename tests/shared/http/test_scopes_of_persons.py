"""Some scopes count in a person's token only: a machine that was given them may do nothing with them."""

import pytest
from starlette.requests import Request

from shared.http.access import OF_PERSONS, SCOPES
from shared.http.problems import Problem
from tests.kit.tokens import Issuing


def asking(token: str) -> Request:
    return Request({"type": "http", "headers": [(b"authorization", f"Bearer {token}".encode())]})


@pytest.mark.parametrize("scope", sorted(OF_PERSONS))
async def test_a_machines_token_does_nothing_with_them(scope: str) -> None:
    issuing = Issuing()
    access = issuing.access()
    for claims in (
        {"sub": "dialer"},
        {"sub": "dialer", "client_id": "dialer"},
        {"sub": "dialer", "azp": "dialer"},
    ):
        with pytest.raises(Problem) as refused:
            await access.admit(asking(issuing.token(**claims)), scope)
        assert refused.value.kind.code == "person-required"
    person = await access.admit(asking(issuing.token(sub="5b0e", client_id="console")), scope)
    assert (person.is_person, person.actor) == (True, "console/5b0e")
    with pytest.raises(Problem) as refused:
        await access.admit(asking(issuing.token(sub="5b0e", client_id="console", scope="case:read")), scope)
    assert refused.value.kind.code == "insufficient-scope"


async def test_all_others_count_in_both() -> None:
    issuing = Issuing()
    for scope in set(SCOPES) - OF_PERSONS:
        caller = await issuing.access().admit(asking(issuing.token()), scope)
        assert not caller.is_person
