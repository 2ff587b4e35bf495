"""Who may do what over HTTP: scopes, the caller a token stands for, and the check before every operation.

Deny by default: an operation says the scope it needs (`operations.py`), or that it is open to all; a route that says
neither makes the application fail at its start. The order is fixed: no valid token 401, a token without the scope or
for a tenant that is not served here 403, and only then is anything of the request looked at.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request

from shared.http.problems import Problem

SCOPES: dict[str, str] = {
    "case:read": "read cases, balances, queues and timelines",
    "case:write": "act on cases",
    "payment:record": "record payments and their returns",
    "contact:decide": "ask whether a debtor may be contacted",
    "contact:record": "record contacts and what came of them",
    "contact:address": "be handed who is reached about a case, and how; only a service of ours may",
    "rules:propose": "write templates and scripts",
    "rules:commit": "approve, reject and retire templates and scripts that another person wrote",
    "legal:read": "read legal matters",
    "legal:write": "act on legal matters",
    "legal:approve": "decide as a second person what another asks for in a legal matter",
    "legal:address": "be handed a case as a lawyer needs it: balances, names and addresses; only a service of ours may",
    "feed:read": "read the feeds of events",
    "audit:read": "search and read audit records",
    "audit:export": "export audit records",
    "pii:reveal": "see personal data in clear, for a purpose and on record; only a person may",
    "ops:read": "read the state of views and workers",
    "ops:operate": "rebuild, pause and resume views",
    "staff:read": "read the staff directory and how cases are shared out",
    "staff:write": "keep the staff directory and share cases out",
    "ops:approve": "approve what another person proposed",
}
"""Every scope there is, and what it allows. A token may carry others; they allow nothing here."""

OF_SERVICES = frozenset({"contact:address", "legal:address"})
"""Scopes that count in the token of a machine only: a person looks at personal data under their own name."""
OF_PERSONS = frozenset({"pii:reveal"})
"""Scopes that count in the token of a person only: a machine that was given one may do nothing with it."""
BEARER = "bearer"
TOKEN_CHARS_MAX = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, from a token that was checked. `expires_at`: seconds since the epoch, skew allowed included."""

    client: str
    subject: str
    tenant: str
    scopes: frozenset[str]
    expires_at: float

    @property
    def actor(self) -> str:
        """Who is written into the ledger: the client, and the person where the client acts for one."""
        return f"{self.client}/{self.subject}" if self.is_person else self.client

    @property
    def is_person(self) -> bool:
        """Does the client act for somebody, and not for itself (RFC 9068, 2.2)?"""
        return self.subject != self.client


class Tokens(Protocol):
    """Turns the text of a token into its caller."""

    async def caller(self, token: str) -> Caller:
        """The caller. Raises Problem `invalid-token`, or `temporary-reduced-capacity` without the issuer's keys."""


class Access:
    """The check of one application: whose tokens count, and which tenants are served."""

    def __init__(self, tokens: Tokens, *, tenants: Collection[str]) -> None:
        self._tokens, self._tenants = tokens, frozenset(tenants)

    async def admit(self, request: Request, scope: str) -> Caller:
        """The caller, who may do what `scope` allows. Raises Problem 401 or 403."""
        caller = await self._tokens.caller(_bearer(request))
        if caller.tenant not in self._tenants:
            raise Problem("tenant-not-served")
        if scope not in caller.scopes or (scope in OF_SERVICES and caller.is_person):
            said = f'Bearer error="insufficient_scope", scope="{scope}"'
            raise Problem("insufficient-scope", context={"scope": scope}, headers={"WWW-Authenticate": said})
        if scope in OF_PERSONS and not caller.is_person:
            raise Problem("person-required")
        return caller


def refused_token(reason: str) -> Problem:
    """The problem for a token that does not count; `reason` is a word of ours."""
    said = "Bearer" if reason == "MISSING" else 'Bearer error="invalid_token"'
    return Problem("invalid-token", errors=[("Authorization", reason)], headers={"WWW-Authenticate": said})


def _bearer(request: Request) -> str:
    sent = request.headers.getlist("authorization")
    if not sent:
        raise refused_token("MISSING")
    if len(sent) > 1:
        raise refused_token("REPEATED")
    kind, _, token = sent[0].partition(" ")
    if kind.lower() != BEARER or not token:
        raise refused_token("NOT_A_BEARER_TOKEN")
    if len(token) > TOKEN_CHARS_MAX:
        raise refused_token("TOO_LONG")
    return token
