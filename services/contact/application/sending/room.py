"""Sending, put together: what people order, and the worker that sends it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contact.application.handle import ContactDesk
from services.contact.application.sending.dispatching import Dispatcher
from services.contact.application.sending.messages import MessageDesk
from services.contact.application.sending.ports import DueMessages, GuardedChannel, Texts
from services.contact.application.sending.trying import PACE, Pace, Trying
from shared.kernel.clock import Clock
from shared.telemetry import logs


@dataclass(frozen=True, slots=True)
class SendingRoom:
    """Messages of one tenant, and their worker."""

    messages: MessageDesk
    dispatcher: Dispatcher


def sending_room(
    *,
    desk: ContactDesk,
    texts: Texts,
    channels: Mapping[str, GuardedChannel],
    queue: DueMessages,
    clock: Clock,
    pace: Pace = PACE,
) -> SendingRoom:
    """The room; a fault of the worker is logged with the message's id and the fault's class, and nothing else."""
    log = logs.logger("dispatcher")
    trying = Trying(desk=desk, texts=texts, channels=channels, clock=clock, pace=pace)
    return SendingRoom(
        MessageDesk(desk=desk, texts=texts, clock=clock),
        Dispatcher(
            queue=queue, trying=trying, clock=clock, pace=pace,
            on_fault=lambda message, error: log.warning("fault", message=message, error=error),
        ),
    )  # fmt: skip
