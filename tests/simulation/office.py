"""The product as the world meets it: the desk, the HTTP application, the sweep and the import, over one store."""

import hashlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx

from services.case.api.app import make_app
from services.case.api.desk import Office
from services.case.application.handle import Handled, Meta
from services.case.application.sweep import PASSING
from services.case.wiring import CaseService, CaseSettings, open_case
from shared.eventstore.port import OutcomeUnknown, StoreUnavailable
from shared.kernel.clock import FixedClock
from shared.kernel.refusal import Refused
from shared.telemetry.metrics import Metrics
from tests.kit import faults
from tests.kit.tokens import Issuing, bearer
from tests.kit.treated import shipped_from
from tests.simulation.acts import Act
from tests.simulation.people import reference

TRIES_MAX = 4
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MORNING = time(1, tzinfo=UTC)
"""Nine o'clock where the lender is."""


class Broken(AssertionError):
    """A law does not hold; the message says which."""


@dataclass(frozen=True)
class Outcome:
    """What an act came to: `how` is done, nothing (there was nothing to add) or refused, then with a `code`."""

    how: Literal["done", "nothing", "refused"]
    ref: str = ""
    code: str = ""
    at: datetime = LONG_AGO


class SimOffice:
    """Opened, and opened again after each crash, over the store of a folder; `opened` is told each time."""

    def __init__(self, folder: Path, opened: Callable[[CaseService], None] = lambda service: None) -> None:
        self.folder, self._opened = folder, opened
        self.clock = FixedClock(datetime.combine(date(2026, 1, 5), MORNING))
        self.crashes = 0
        self._open = AsyncExitStack()
        self.service: CaseService
        self.http: httpx.AsyncClient

    async def start(self) -> None:
        """Open the service and its HTTP application."""
        settings = CaseSettings(
            place=self.folder / "case.db", key_file=self.folder / "keys.json", deployment="quittance.test",
            tenant="default", shards=1, strategies=(shipped_from(),),
        )  # fmt: skip
        self.service = await self._open.enter_async_context(
            open_case(settings, clock=self.clock, provision=True)
        )
        self._opened(self.service)
        self._issuing = Issuing(self.clock)
        office = Office(desk=self.service)
        app = make_app(office, metrics=Metrics(), version="0", access=self._issuing.access())
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://case.sim")
        self.http = await self._open.enter_async_context(client)

    async def stop(self) -> None:
        """Close all."""
        await self._open.aclose()
        self._open = AsyncExitStack()

    async def crash(self) -> None:
        """The process is gone with all it remembered; the next one finds what was committed."""
        self.crashes += 1
        await self.stop()
        await self.start()

    async def head(self) -> int:
        """Events stored."""
        return (await self.service.ledger.lanes())[0].head

    async def last_recorded(self) -> datetime:
        """When the newest event was recorded."""
        found = (await self.service.ledger.lanes())[0].last_recorded_at
        assert found is not None
        return found

    def case_id(self, debtor: int, episode: int) -> str:
        """The stream of a debtor's case."""
        return self.service.acts.case_id(reference(debtor), episode)

    async def send(self, act: Act) -> Outcome:
        """Send an act as the world does: again after a crash, and again for no reason. Raises Broken."""
        if act.fault:
            faults.cut_commit(self.service.ledger.store, act.fault)
            try:
                outcome = await self._send(act)
            except (OutcomeUnknown, StoreUnavailable):
                await self.crash()
                outcome = await self._send(act)
            else:
                await (
                    self.crash()
                )  # nothing was to be written: the fault is still waiting, in a process that ends
        else:
            outcome = await self._send(act)
        if act.again:
            await self._again(act, outcome)
        return outcome

    async def _again(self, act: Act, first: Outcome) -> None:
        head = await self.head()
        if first.how == "nothing":
            await self._nothing_again(act, head)
            return
        second = await self._send(act, repeated=first.how == "done")
        if await self.head() != head:
            raise Broken(f"law 9: {act.key} sent again added events")
        if (second.how, second.ref, second.code) != (first.how, first.ref, first.code):
            raise Broken(f"law 9: {act.key} sent again is answered {second.how}, not {first.how}")

    async def _nothing_again(self, act: Act, head: int) -> None:
        """There was nothing to add, and there is nothing to add now."""
        await self._send(act)
        if await self.head() != head:
            raise Broken(f"law 9: {act.key} sent again added events")

    async def _send(self, act: Act, *, repeated: bool | None = None) -> Outcome:
        if act.command is None:
            return await self._post(act, repeated)
        meta = Meta(
            actor=act.by, client="sim", key=act.key, fingerprint=hashlib.sha256(repr(act.command).encode()).digest(),
            today=self.service.decisions.today,
        )  # fmt: skip
        try:
            done: Handled = await self.service.acts.handle(
                self.case_id(act.debtor, act.episode), act.command, meta
            )
        except Refused as refusal:
            return Outcome("refused", code=refusal.code)
        if repeated is not None and done.replayed != repeated and repeated:
            raise Broken(f"law 9: {act.key} was not known again")
        how: Literal["done", "nothing"] = "done" if done.replayed or done.events else "nothing"
        return Outcome("done" if repeated else how, act.ref, at=await self.last_recorded())

    async def _post(self, act: Act, repeated: bool | None) -> Outcome:
        case_id = self.case_id(act.debtor, act.episode)
        token = bearer(self._issuing.token(sub=act.by))
        answer = await self.http.post(
            f"/v1/cases/{case_id}{act.path}", json=act.sent, headers=token | {"Idempotency-Key": act.key}
        )
        if answer.status_code == 201:
            if repeated and answer.headers.get("Idempotent-Replayed") != "true":
                raise Broken(f"law 9: {act.key} was not known again")
            return Outcome("done", answer.json()["id"], at=await self.last_recorded())
        if answer.status_code == 200:
            return Outcome("nothing", at=await self.last_recorded())
        if answer.status_code >= 500:
            raise Broken(f"{act.key}: {answer.status_code} {answer.text}")
        return Outcome("refused", code=answer.json()["code"])

    async def balance(self, debtor: int, episode: int, as_of: date) -> Any:
        """GET …/balance."""
        token = bearer(self._issuing.token(sub="user:first"))
        answer = await self.http.get(
            f"/v1/cases/{self.case_id(debtor, episode)}/balance", params={"as_of": as_of.isoformat()}, headers=token
        )  # fmt: skip
        return answer.json() if answer.status_code == 200 else None

    async def sweep(self, *, cut_at: int | None) -> None:
        """Sweep what was missed; `cut_at`: the process dies at that commit of the sweep, and another goes on."""
        mend = self._cut(cut_at)
        for _ in range(TRIES_MAX):
            try:
                async for swept in self.service.days.sweep_missed():
                    if swept.failed:
                        raise Broken(f"the sweep of {swept.as_of} could not judge {swept.failed}")
                mend()
                return
            except PASSING:
                await self.crash()
        raise Broken("the sweep does not come through")

    async def take_in(self, file: Path, *, corrections: bool, cut_at: int | None) -> None:
        """Import a file; `cut_at` as in `sweep`."""
        mend = self._cut(cut_at)
        for _ in range(TRIES_MAX):
            try:
                result = await self.service.import_statements(
                    file, rejects=self.folder / "rejects.csv", corrections=corrections
                )
            except PASSING:
                await self.crash()
                continue
            mend()
            if result.rejected:
                raise Broken(f"the import rejected {result.rejected} lines of {file.name}")
            return
        raise Broken("the import does not come through")

    def _cut(self, cut_at: int | None) -> Callable[[], None]:
        if not cut_at:
            return lambda: None
        return faults.cut_commit(self.service.ledger.store, "after" if cut_at % 2 else "before", nth=cut_at)

    def at(self, today: date, hour: float, skew_min: int = 0) -> None:
        """Set the server's clock: hours after midnight where the lender is."""
        midnight = datetime.combine(today, time(0, tzinfo=UTC)) - timedelta(hours=8)
        self.clock.set(midnight + timedelta(hours=hour, minutes=skew_min))
