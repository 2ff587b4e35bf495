"""The contact service's application over a store of its own, asked by two people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contact.api.app import make_app
from services.contact.api.desk import Office
from services.contact.wiring import ContactService, ContactSettings, open_contact
from shared.kernel.clock import FixedClock
from shared.telemetry.metrics import Metrics
from tests.kit.tokens import NOON, Issuing, bearer


@dataclass
class Asking:
    """A client for the application, with tokens of whoever is named."""

    service: ContactService
    clock: FixedClock
    http: httpx.AsyncClient
    issuing: Issuing
    _keys: Any = field(default_factory=count)

    async def post(
        self, path: str, body: Any, *, by: str = "anna", key: str | None = None, **headers: str
    ) -> Any:
        """A command."""
        sent = self._of(by) | {"Idempotency-Key": key or f"key-{next(self._keys)}"} | headers
        return await self.http.post(path, json=body, headers=sent)

    async def get(self, path: str, *, by: str = "anna", scope: str | None = None, **params: Any) -> Any:
        """A question."""
        headers = self._of(by, scope) | {name: params.pop(name) for name in list(params) if "-" in name}
        return await self.http.get(path, params=params, headers=headers)

    async def seen(self) -> None:
        """Until the views hold all there is."""
        for view in self.service.views:
            await self.service.projections.catch_up(view)

    def _of(self, by: str, scope: str | None = None) -> dict[str, str]:
        claims: dict[str, Any] = {"sub": by, "client_id": "desk"} | (
            {} if scope is None else {"scope": scope}
        )
        return bearer(self.issuing.token(**claims))


@asynccontextmanager
async def asking(backend: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Asking]:
    """Opened on a store of its own."""
    clock = FixedClock(NOON)
    settings = ContactSettings(
        place=folder / "contact.db" if backend == "sqlite" else request.getfixturevalue("pg_dsn"),
        key_file=folder / "keys.json", deployment="quittance.test", tenant="default", shards=1,
    )  # fmt: skip
    async with open_contact(settings, clock=clock, provision=True) as service:
        office, issuing = Office(), Issuing()
        office.desk = service
        app = make_app(office, metrics=Metrics(), version="0", access=issuing.access())
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            yield Asking(service, clock, http, issuing)
