"""A lawyer's letter over HTTP, with all three services behind one application; and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from services.contact.domain.commands import RaiseFlag
from services.legal.application.elsewhere import Unreached
from services.main.platform import Running, application
from shared.kernel.clock import FixedClock
from tests.kit.tokens import Issuing
from tests.legal.application.letters.office import NOON, SEAL, VALUES, Firm, firm_in


@dataclass
class Client:
    """Asks as one person, or as another."""

    http: httpx.AsyncClient
    issuing: Issuing
    firm: Firm
    keys: count[int] = field(default_factory=lambda: count(1))

    def _token(self, who: str, scope: str) -> dict[str, str]:
        token = self.issuing.token(sub=who, client_id=f"client-{who}", scope=scope)
        return {"Authorization": f"Bearer {token}"}

    async def post(
        self,
        path: str,
        *,
        who: str = "lin",
        scope: str = "legal:read legal:write",
        key: str | None = None,
        prefer: str | None = None,
        match: str | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """A command about the matter."""
        headers = {
            **self._token(who, scope), "Idempotency-Key": key or f"k{next(self.keys)}", "Accept-Language": "en",
            **({"Prefer": prefer} if prefer else {}), **({"If-Match": match} if match else {}),
        }  # fmt: skip
        return await self.http.post(
            f"/v1/legal-matters/{self.firm.matter}/letters{path}", json=sent, headers=headers
        )

    async def done(self, path: str, **how: Any) -> Any:
        """One that must be carried out; its answer."""
        answer = await self.post(path, **how)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def get(self, path: str, *, scope: str = "legal:read legal:write") -> httpx.Response:
        """What is asked, as `lin`."""
        at = path if path.startswith("/v1/") else f"/v1/legal-matters/{self.firm.matter}/letters{path}"
        return await self.http.get(at, headers=self._token("lin", scope))

    async def signed(self, template: str = "demand") -> tuple[str, str]:
        """A letter that was approved and signed, and its hash."""
        letter = (await self.done("", template=template))["id"]
        made = await self.done(f"/{letter}/drafts", values=VALUES)
        digest = made["sha256"]
        await self.done(f"/{letter}/approvals", who="zhao", scope="legal:approve", sha256=digest)
        await self.done(
            f"/{letter}/signatures", sha256=digest, seal=SEAL, firm="FIRM-9", lawyer="lawyer:chen"
        )
        return letter, digest


@asynccontextmanager
async def client(folder: Path) -> AsyncIterator[Client]:
    async with firm_in(folder) as firm:
        await firm.it.case.projections.catch_up()
        issuing = Issuing(FixedClock(NOON))
        app = application(
            Running(firm.it.case, firm.it.contact, firm.it.legal), issuing.access(), asyncio.Event()
        )
        wire = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as http:
            yield Client(http, issuing, firm)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_from_the_request_to_the_post_and_every_repetition_the_same(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        letter, digest = await one.signed()
        pdf = await one.get(f"/{letter}/pdf")
        assert pdf.headers["Content-Type"] == "application/pdf"
        assert sha256(pdf.content).hexdigest() == digest
        dry = await one.post(f"/{letter}/dispatches", channel="letter", prefer="dry-run")
        assert (dry.status_code, dry.json()["events"][0]["type"]) == (200, "LetterDispatchBegun")
        first = await one.post(f"/{letter}/dispatches", channel="letter", key="post-it")
        assert (first.status_code, first.json()["status"]) == (201, "POSTED"), first.text
        again = await one.post(f"/{letter}/dispatches", channel="letter", key="post-it")
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotent-Replayed"] == "true"
        assert code(await one.post(f"/{letter}/dispatches", channel="letter")) == (409, "step-out-of-order")
        shown = (await one.get(f"/{letter}")).json()
        assert (shown["status"], shown["tries"], shown["sha256"]) == ("DISPATCHED", 1, digest)
        assert not any(name in str(shown) for name in ("张三丰", "朝阳区"))
        await one.done(f"/{letter}/deliveries", proof="SIGNED", document=SEAL)
        answered = await one.done(f"/{letter}/answers", answer="PAYS")
        assert answered["id"] == letter
        assert (await one.get(f"/{letter}")).json()["status"] == "ANSWERED"
        await one.done(f"/{letter}/closures", reason="PAID")


async def test_dispatched_as_it_was_seen_or_not_at_all(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        letter, _ = await one.signed()
        seen = (await one.get(f"/{letter}")).headers["ETag"]
        await one.done("", template="demand")  # the matter has moved on
        late = await one.post(f"/{letter}/dispatches", channel="letter", match=seen)
        assert code(late) == (412, "version-conflict")
        now = await one.get(f"/{letter}")
        assert now.json()["status"] == "SIGNED", "nothing was begun"
        match = now.headers["ETag"]
        sent = await one.done(f"/{letter}/dispatches", channel="letter", key="post-it", match=match)
        again = await one.post(f"/{letter}/dispatches", channel="letter", key="post-it", match=match)
        assert (again.status_code, again.json()) == (201, sent)
        assert again.headers["Idempotent-Replayed"] == "true"


async def test_refused_by_contact_it_is_said_and_may_go_otherwise(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        await one.firm.it.on_subject("D-4711", RaiseFlag(flag="cease_received"), "stop")
        letter, _ = await one.signed()
        refused = await one.done(f"/{letter}/dispatches", channel="email")
        assert (refused["status"], refused["rules"], refused["message"]) == ("REFUSED", ["HOUSE-STOP"], None)
        assert (await one.done(f"/{letter}/dispatches", channel="letter"))["status"] == "POSTED"


async def test_while_contact_does_not_answer_it_is_said_and_asked_again(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        letter, _ = await one.signed()
        legal = one.firm.it.legal
        there, legal.contact_file = legal.contact_file, Unreached("contact")
        for _ in range(2):
            answer = await one.post(f"/{letter}/dispatches", channel="letter", key="post-it")
            assert code(answer) == (503, "service-not-answering")
        assert (await one.get(f"/{letter}")).json()["status"] == "DISPATCHING"
        assert code(await one.post(f"/{letter}/withdrawals", reason="PAID")) == (409, "step-out-of-order")
        legal.contact_file = there
        assert (await one.post(f"/{letter}/dispatches", channel="letter", key="post-it")).status_code == 201


async def test_who_may_do_what(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        letter = (await one.done("", template="demand"))["id"]
        digest = (await one.done(f"/{letter}/drafts", values=VALUES))["sha256"]
        assert (await one.post(f"/{letter}/approvals", who="zhao", sha256=digest)).status_code == 403
        own = await one.post(f"/{letter}/approvals", scope="legal:approve", sha256=digest)
        assert code(own) == (409, "maker-is-checker")
        assert (await one.get(f"/{letter}/pdf", scope="legal:read")).status_code == 403
        away = "ltr_" + "0" * 48
        assert (await one.get(f"/{away}/pdf")).status_code == 404
        assert (await one.get(f"/{away}")).status_code == 404
        assert code(await one.post(f"/{away}/withdrawals", reason="PAID")) == (404, "not-found")
        unknown = letter[:-16] + "f" * 16
        assert (await one.get(f"/{unknown}")).status_code == 404
        assert (await one.post(f"/{unknown}/drafts", values=VALUES)).status_code == 404


async def test_wrong_words_are_refused_and_never_repeated(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        assert code(await one.post("", template="no-such")) == (422, "letter-template-unknown")
        assert code(await one.post("", template="guarantor-demand")) == (422, "letter-to-somebody-else")
        assert code(await one.post("", template="demand", language="fr")) == (422, "invalid")
        letter = (await one.done("", template="demand"))["id"]
        wrong = await one.post(f"/{letter}/drafts", values=VALUES | {"firm_phone": "4111-1111 call"})
        assert code(wrong) == (422, "letter-value-unfit")
        assert "4111" not in wrong.text
        assert code(await one.post(f"/{letter}/dispatches", channel="fax")) == (422, "invalid")
        assert code(await one.post(f"/{letter}/deliveries", proof="HEARSAY")) == (422, "invalid")
        found = (await one.get("/v1/legal-letter-templates")).json()["items"]
        assert {one_["template"] for one_ in found} >= {"demand", "expired-notice"}
        assert (await one.get(f"/{letter}/pdf")).status_code == 409
