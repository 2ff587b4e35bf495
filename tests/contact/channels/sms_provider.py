"""Text messages under the contract suite: our gateway channel against the gateway of the demo, in one loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.contact.adapters.sending.sms_gateway import SmsGateway, SmsSettings
from services.main.demo import sms_gateway as demo
from services.main.demo.gateway_desk import Does
from shared.http.signing_keys import signing_key
from shared.kernel.clock import SystemClock
from tests.contact.channels.provider import Accepted, Behaviour
from tests.kit.sms_gateway import SECRET

_DOES: dict[Behaviour, Does] = {
    "takes": "TAKE", "refuses": "REFUSE_ADDRESS", "busy": "THROTTLE", "slow": "HANG_AFTER",
    "lost_before": "BREAK_BEFORE", "lost_after": "BREAK_AFTER",
}  # fmt: skip


@dataclass
class SmsProvider:
    """The SMS channel and its gateway."""

    channel: SmsGateway
    gateway: demo.SmsGateway
    address: str = "+8613912345678"
    hostile_addresses: tuple[str, ...] = (
        "",
        "no number",
        "+",
        "12",
        "+8613912345678, +8613912345679",
        "+8613912345678\r\nX-Evil: 1",
        "tel:+8613912345678",
        "+86139123456781234567890",
        "13912345678\x00",
        "13912345678;ext=5",
        "' OR 1=1 --",
    )
    keeps_keys: bool = True
    has_subject: bool = False

    def behave(self, how: Behaviour) -> None:
        """From the next message on."""
        self.gateway.desk.behave_always(_DOES[how])

    def accepted(self) -> list[Accepted]:
        """What the gateway took."""
        return [Accepted(one.key, one.to, one.text) for one in self.gateway.desk.messages]

    async def stop(self) -> None:
        """The gateway is gone."""
        await self.gateway.stop()


@asynccontextmanager
async def sms() -> AsyncIterator[SmsProvider]:
    """The provider, running."""
    made = demo.SmsGateway(signs=SECRET, checks=SECRET, clock=SystemClock())
    async with made.running() as gateway:
        settings = SmsSettings(url=gateway.address, key=signing_key(SECRET), sender="10690001")
        channel = SmsGateway(settings, clock=SystemClock())
        try:
            yield SmsProvider(channel, gateway)
        finally:
            await channel.close()
