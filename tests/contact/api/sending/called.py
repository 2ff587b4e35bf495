"""The contact service with an SMS gateway configured, and its application, for callbacks that tests sign themselves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contact.api.app import make_app
from services.contact.api.desk import Office
from services.contact.application.sending.messages import MessageDesk
from services.contact.domain import commands as c
from services.contact.domain.sending import commands as m
from services.contact.domain.sending.message import Message
from services.contact.wiring import ContactService, ContactSettings, open_contact
from shared.http import signed_callbacks
from shared.http.signing_keys import signing_key
from shared.kernel.clock import FixedClock
from shared.telemetry.metrics import Metrics
from tests.contact.application.sending.room import TUESDAY, PlainTexts, meta, wanted
from tests.kit.sms_gateway import SECRET
from tests.kit.tokens import nobody

NUMBER = "+8613912345678"
PROVIDER = "sms-gateway"
CHANNELS = {
    "QUITTANCE_SMS_SECRET": SECRET,
    "QUITTANCE_SMS_SENDER": "10690001",
}


@dataclass
class Called:
    """The service, its clock, and a client for its application."""

    service: ContactService
    clock: FixedClock
    http: httpx.AsyncClient
    messages: MessageDesk
    transport: httpx.ASGITransport

    async def call(
        self, path: str, document: Any, *, callback_id: str = "cb_1", secret: str = SECRET, **headers: str
    ) -> httpx.Response:
        """A callback, signed now."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        signed = signed_callbacks.signed(callback_id, body, signing_key(secret), now=self.clock.now())
        sent = {"Content-Type": "application/json"} | signed | headers
        return await self.http.post(path, content=body, headers=sent)

    async def report(
        self, key: str, kind: str = "DELIVERED", report: str = "rcp_1", **more: Any
    ) -> httpx.Response:
        """What became of a message."""
        at = more.pop("at", self.clock.now().isoformat())
        data = {"report": report, "kind": kind, "at": at, "key": key, **more}
        document = {"type": "message.reported", "data": data}
        return await self.call(f"/v1/delivery-receipts/{PROVIDER}", document, callback_id=report)

    async def write(self, text: str, number: str = NUMBER, ref: str = "in_1", **more: Any) -> httpx.Response:
        """Somebody writes to us, a minute later."""
        self.clock.advance(timedelta(minutes=1))
        data = {"message": ref, "from": number, "text": text, "at": self.clock.now().isoformat(), **more}
        document = {"type": "message.received", "data": data}
        return await self.call(f"/v1/inbound-messages/{PROVIDER}", document, callback_id=ref)

    async def debtor(self, ref: str, number: str = NUMBER, person: str | None = None) -> str:
        """A debtor in China with this number; the subject's id."""
        desk = self.service.acts
        subject = desk.subject_id(ref)
        described = c.DescribeSubject(debtor_ref=ref, jurisdictions=("CN",), zones=("Asia/Shanghai",))
        point = desk.point_id("phone", number)
        recorded = c.RecordPoint(point=point, medium="phone", value=number, person=person)
        for name, command in (("described", described), ("recorded", recorded)):
            await desk.handle(subject, command, meta(f"{ref}-{name}-{number}-{person}"))
        return subject

    async def queued(self, ref: str, number: str = NUMBER, key: str = "1", **changes: Any) -> str:
        """A text message to a debtor made for it; its id."""
        subject = await self.debtor(ref, number)
        return (await self.messages.order(subject, wanted("sms", **changes), meta(f"{ref}-{key}"))).message

    async def sending(self, ref: str, number: str = NUMBER, key: str = "1", provider: str = PROVIDER) -> str:
        """A text message whose provider is about to be asked; its id."""
        message = await self.queued(ref, number, key)
        desk, subject = self.service.acts, self.service.acts.subject_id(ref)
        begin = m.BeginSending(
            message=message, permit=desk.permit_id(subject, client="t", key=f"{ref}{key}"), provider=provider,
            key=message, by="system:dispatcher",
        )  # fmt: skip
        await desk.handle(subject, begin, meta(f"{ref}-{key}-begin"))
        return message

    async def state(self, ref: str, message: str) -> Message:
        """The message as its stream has it."""
        subject = self.service.acts.subject_id(ref)
        return (await self.service.acts.load(subject)).state.messages[message]

    async def events(self, ref: str) -> list[Any]:
        """Every event of a debtor's stream."""
        return [seen.event for seen in await self.service.acts.history(self.service.acts.subject_id(ref))]

    async def names(self, ref: str) -> list[str]:
        """Their names."""
        return [type(event).__name__ for event in await self.events(ref)]


@asynccontextmanager
async def called(
    backend: str,
    folder: Path,
    request: pytest.FixtureRequest,
    *,
    clock: FixedClock | None = None,
    gateway: str = "http://127.0.0.1:9",
) -> AsyncIterator[Called]:
    """Opened on a store of its own; `gateway`: the address that is configured."""
    clock = clock or FixedClock(TUESDAY)
    settings = ContactSettings(
        place=folder / "contact.db" if backend == "sqlite" else request.getfixturevalue("pg_dsn"),
        key_file=folder / "keys.json",
        deployment="quittance.test",
        tenant="default",
        shards=1,
        channels=CHANNELS | {"QUITTANCE_SMS_URL": gateway},
    )
    async with open_contact(settings, clock=clock, provision=True) as service:
        office = Office()
        office.desk = service
        app = make_app(office, metrics=Metrics(), version="0", access=nobody())
        transport = httpx.ASGITransport(app=app)
        messages = MessageDesk(desk=service.acts, texts=PlainTexts(), clock=clock)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            yield Called(service, clock, http, messages, transport)
