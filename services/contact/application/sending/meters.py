"""How the channels of a process stand, as its meters show it; labels are providers' names and our own codes."""

from collections.abc import Iterable

from services.contact.application.sending.guarded import ChannelHealth
from shared.telemetry.metrics import Metrics

TRIED = frozenset({"UP", "PROBING"})
"""States in which messages are handed to the provider."""


def measure(metrics: Metrics, channels: Iterable[ChannelHealth]) -> None:
    """Bring the gauges of the channels up to date."""
    for meter in (metrics.channel_up, metrics.channel_in_flight, metrics.channel_calls):
        meter.clear()
    for one in channels:
        metrics.channel_up.labels(one.channel, one.provider).set(1 if one.state in TRIED else 0)
        metrics.channel_in_flight.labels(one.channel, one.provider).set(one.in_flight)
        for came, number in (("taken", one.taken), ("not_taken", one.not_taken), ("unknown", one.unknown)):
            metrics.channel_calls.labels(one.channel, one.provider, came).set(number)
